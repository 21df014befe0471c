package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where the app keeps its media is what the ledger says, whatever becomes of Jobs and pods. */
class MediaPlaceTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final Hub HUB =
      Hubs.resolved(
          Hubs.withSpec(
              """
              app: {image: hub}
              objectStore: {endpoint: 'https://r2', bucket: hub-backups, credentialsSecret: {name: r2}}
              offload: {}
              """));

  private final Map<ObjectKey, HasMetadata> objects = new HashMap<>();
  private final List<Pod> pods = new ArrayList<>();

  private Observed observed() {
    return new Observed(
        objects, pods, ProbeReport.NONE, Set.of(), "", "", "system", "image", List.of(), NOW);
  }

  private void report(OffloadPhase phase, Instant since, Instant finished) {
    Report report =
        Report.of(true, "Succeeded", "", finished)
            .withOffload(
                new Report.Storage(List.of(), List.of(), null),
                new Report.Offload(phase, 0, 0, 0, 0, 0, 0, since));
    pods.add(EndedPods.reported(MediaPlace.RUN, "job-" + pods.size(), report, null));
  }

  private void claim(Map<String, String> annotations) {
    HasMetadata claim =
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName(HUB.names().media())
            .withAnnotations(annotations)
            .endMetadata()
            .build();
    objects.put(ObjectKey.of(claim), claim);
  }

  private void app(String name, Map<String, String> labels, String phase) {
    Map<String, String> all = new HashMap<>(labels);
    all.put(Labels.COMPONENT, "app");
    pods.add(
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(all)
            .endMetadata()
            .withNewStatus()
            .withPhase(phase)
            .endStatus()
            .build());
  }

  @Test
  void aNewAppWaitsUntilTheBucketWasAsked() {
    assertThat(MediaPlace.waits(HUB, observed())).isTrue();

    report(OffloadPhase.LOCAL, NOW, NOW);

    assertThat(MediaPlace.waits(HUB, observed())).isFalse();
    assertThat(MediaPlace.inBucket(HUB, observed())).isFalse();
  }

  @Test
  void anAppThatRunsDoesNotWait() {
    HasMetadata app =
        new DeploymentBuilder().withNewMetadata().withName("pilot").endMetadata().build();
    objects.put(new ObjectKey("Deployment", HUB.names().app()), app);

    assertThat(MediaPlace.waits(HUB, observed())).isFalse();
  }

  @Test
  void theClaimRemembersWhereTheMediaAre() {
    report(OffloadPhase.OFFLOADED, NOW, NOW);
    Map<String, String> told = MediaPlace.annotations(HUB, observed());
    pods.clear();
    claim(told);

    assertThat(MediaPlace.inBucket(HUB, observed())).isTrue();
    assertThat(MediaPlace.annotations(HUB, observed())).isEqualTo(told);
  }

  @Test
  void aLaterRunThatFindsNothingNewChangesNothing() {
    Map<String, String> told =
        Map.of(Labels.MEDIA, Labels.ON_VOLUME, Labels.MEDIA_SINCE, NOW.toString());
    claim(told);
    report(OffloadPhase.LOCAL, NOW.plusSeconds(3600), NOW.plusSeconds(3600));

    assertThat(MediaPlace.annotations(HUB, observed())).isEqualTo(told);
  }

  @Test
  void aReportThatOutlastedNewerOnesDoesNotTakeTheAppBack() {
    claim(Map.of(Labels.MEDIA, Labels.IN_BUCKET, Labels.MEDIA_SINCE, NOW.toString()));
    report(OffloadPhase.COPYING, NOW.minusSeconds(600), NOW.minusSeconds(300));

    assertThat(MediaPlace.inBucket(HUB, observed())).isTrue();

    report(OffloadPhase.RETURNING, NOW.plusSeconds(60), NOW.plusSeconds(60));

    assertThat(MediaPlace.inBucket(HUB, observed())).isFalse();
  }

  @Test
  void theAppHasMovedOnlyWhenItsLastOldPodIsGone() {
    claim(Map.of(Labels.MEDIA, Labels.IN_BUCKET, Labels.MEDIA_SINCE, NOW.toString()));
    app("new", Map.of(Labels.MEDIA, Labels.IN_BUCKET), "Running");
    app("old", Map.of(), "Running");

    assertThat(MediaPlace.settled(HUB, observed())).isFalse();

    pods.remove(1);
    app("ended", Map.of(), "Succeeded");

    assertThat(MediaPlace.settled(HUB, observed())).isTrue();
  }
}
