package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.fixture.Fixed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GatewayComponentTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final Hub HUB = hub("offload: {gateway: {}}");

  private final GatewayComponent gateway = new GatewayComponent();
  private final Map<ObjectKey, HasMetadata> objects = new HashMap<>();
  private final List<Pod> pods = new ArrayList<>();

  private static Hub hub(String more) {
    return Hubs.resolved(
        Hubs.withSpec(
            """
            app: {image: hub}
            objectStore: {endpoint: 'https://r2', bucket: hub-backups, credentialsSecret: {name: r2}}
            """
                + more));
  }

  private Observed observed() {
    return new Observed(
        objects, pods, ProbeReport.NONE, Set.of(), "", "", "system", "image", List.of(), NOW);
  }

  private void deployment(String name, int ready) {
    objects.put(
        new ObjectKey("Deployment", name),
        new DeploymentBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewStatus()
            .withReadyReplicas(ready)
            .endStatus()
            .build());
  }

  private void unschedulable() {
    pods.add(
        new PodBuilder()
            .withNewMetadata()
            .withName("pilot-media-1")
            .withLabels(Map.of(Labels.COMPONENT, GatewayComponent.NAME))
            .endMetadata()
            .withNewStatus()
            .withPhase("Pending")
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .withMessage("0/1 nodes are available")
            .endCondition()
            .endStatus()
            .build());
  }

  private List<String> kinds(Hub hub) {
    return gateway.desired(hub, Fixed.material(hub), observed()).stream()
        .map(HasMetadata::getKind)
        .toList();
  }

  @Test
  void itsPodComesAfterTheAppsSinceItHasToBeWhereThatIs() {
    assertThat(kinds(HUB)).containsExactly("Secret", "NetworkPolicy", "Service");
    assertThat(gateway.kept(HUB, observed()))
        .containsExactly(new ObjectKey("Deployment", "pilot-media"));

    deployment("pilot", 0);

    assertThat(kinds(HUB)).contains("Deployment");
  }

  @Test
  void aHubWithoutItHasNothingOfIt() {
    Hub hub = hub("offload: {}");

    assertThat(kinds(hub)).isEmpty();
    assertThat(gateway.kept(hub, observed())).isEmpty();
    assertThat(gateway.health(hub, observed())).isEmpty();
    assertThat(GatewayComponent.environment(hub)).isEmpty();
  }

  @Test
  void aPodThatWaitsForTheAppsNodeIsNoTrouble() {
    deployment("pilot", 0);
    deployment("pilot-media", 0);
    unschedulable();
    assertThat(gateway.health(HUB, observed()).orElseThrow().phase()).isEqualTo(Phase.PROGRESSING);

    deployment("pilot", 1);
    Health health = gateway.health(HUB, observed()).orElseThrow();
    assertThat(health.phase()).isEqualTo(Phase.LACKING);
    assertThat(health.reason()).isEqualTo("GatewayNotServing");
    assertThat(health.message()).contains("0/1 nodes are available");

    deployment("pilot-media", 1);
    assertThat(gateway.health(HUB, observed())).isEmpty();
  }

  @Test
  void onlyAnAppThatMustSignIsGivenTheKey() {
    assertThat(GatewayComponent.environment(HUB))
        .extracting(it -> it.getName())
        .containsExactly("MEDIA_URL", "MEDIA_SIGNING_KEY");
    assertThat(GatewayComponent.environment(hub("offload: {gateway: {access: Public}}")))
        .extracting(it -> it.getName() + "=" + it.getValue())
        .containsExactly("MEDIA_URL=https://pilot-media." + HUB.names().namespace() + ".svc");
  }

  @Test
  void theAppStaysOnItsVolumeAndTheClaimRemembersThatMediaAreBehindTheGateway() {
    Report report =
        Report.of(true, "Succeeded", "", NOW)
            .withOffload(
                new Report.Storage(List.of(), List.of(), null),
                new Report.Offload(OffloadPhase.OFFLOADED, 0, 0, 0, 0, 0, 0, NOW));
    pods.add(EndedPods.reported(MediaPlace.RUN, "job", report, null));

    assertThat(MediaPlace.inBucket(HUB, observed())).isFalse();
    assertThat(MediaPlace.waits(HUB, observed())).isFalse();
    assertThat(Optional.ofNullable(MediaPlace.annotations(HUB, observed()).get(Labels.MEDIA)))
        .contains(Labels.BEHIND_GATEWAY);
  }
}
