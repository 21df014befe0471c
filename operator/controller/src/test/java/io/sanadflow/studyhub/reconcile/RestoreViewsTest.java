package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.ObjectStoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreSpec;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.component.RestoreView;
import io.sanadflow.studyhub.component.RestoreView.Run;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.RestoreNames;
import io.sanadflow.studyhub.model.RestoreNames.Step;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestoreViewsTest {

  private static final RestoreNames NAMES = RestoreNames.of("pilot", "uid");

  private static final Job COMPLETE =
      new JobBuilder()
          .withNewMetadata()
          .withName(NAMES.job(Step.STAGE))
          .withLabels(Map.of(Labels.RUN, "restore"))
          .endMetadata()
          .withNewStatus()
          .addNewCondition()
          .withType("Complete")
          .withStatus("True")
          .endCondition()
          .endStatus()
          .build();

  private static Observed observed(Job job, List<Pod> pods) {
    Map<ObjectKey, HasMetadata> objects = Map.of(ObjectKey.of(job), job);
    return new Observed(
        objects,
        pods,
        ProbeReport.NONE,
        Set.of(),
        "",
        "",
        "system",
        "operator:1",
        List.of(),
        Instant.EPOCH);
  }

  private static Run.State state(List<Pod> pods) {
    return RestoreViews.runs(NAMES, observed(COMPLETE, pods)).get(Step.STAGE).state();
  }

  @Test
  void aJobThatIsCompleteIsReadOnceItsPodHasSaidSo() {
    Pod yetRunning =
        new PodBuilder()
            .withNewMetadata()
            .withName("pod")
            .withLabels(
                Map.of(
                    Labels.RUN,
                    "restore",
                    "batch.kubernetes.io/job-name",
                    COMPLETE.getMetadata().getName()))
            .endMetadata()
            .withNewStatus()
            .withPhase("Running")
            .endStatus()
            .build();
    assertThat(state(List.of(yetRunning))).isEqualTo(Run.State.RUNNING);
  }

  @Test
  void aJobThatIsCompleteDoesNotWaitForAPodThatIsGone() {
    assertThat(state(List.of())).isEqualTo(Run.State.SUCCEEDED);
  }

  private static String hindrance(String hub, @Nullable ObjectStoreSpec store) {
    StudyHubRestore restore = new StudyHubRestore();
    restore.setSpec(
        new StudyHubRestoreSpec(
            new NameRef("pilot"), null, true, null, store, StudyHubRestoreSpec.Previous.KEEP));
    return RestoreViews.hindrance(
            Hubs.resolved(Hubs.withSpec("app: {image: hub}\n" + hub)),
            observed(COMPLETE, List.of()),
            restore)
        .map(RestoreView.Hindrance::reason)
        .orElse("");
  }

  @Test
  void aRestoreThatNamesItsStoreDoesNotWaitForOneOfTheHub() {
    ObjectStoreSpec store =
        new ObjectStoreSpec(
            "https://s3.example.org",
            null,
            "auto",
            "old",
            null,
            new NameRef("old"),
            null,
            ObjectStoreSpec.Existing.REFUSE);
    assertThat(hindrance("", null)).isEqualTo("NoObjectStore");
    assertThat(hindrance("backup: {}\n", null)).isEqualTo("NoObjectStore");
    assertThat(hindrance("", store)).isEqualTo("DatabaseNotReady");
    assertThat(hindrance("backup: {}\n", store)).isEqualTo("DatabaseNotReady");
  }
}
