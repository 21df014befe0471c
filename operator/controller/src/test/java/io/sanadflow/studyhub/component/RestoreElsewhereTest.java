package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.ObjectStoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreSpec;
import io.sanadflow.studyhub.fixture.Fixed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.BackupSettings;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.RestoreNames;
import io.sanadflow.studyhub.model.RestoreNames.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A restore from an object store that is not the hub's own, into a hub that need not have one. */
class RestoreElsewhereTest {

  private static final ObjectStoreSpec ELSEWHERE =
      new ObjectStoreSpec(
          "https://s3.elsewhere.example:9443",
          null,
          "auto",
          "old-backups",
          "old",
          new NameRef("old-bucket"),
          null,
          ObjectStoreSpec.Existing.REFUSE);

  private static final String STORE =
      """
      objectStore:
        endpoint: https://s3.example.org
        bucket: hub-pilot
        credentialsSecret: {name: bucket}
      """;

  private static Hub hub(String more) {
    return Hubs.resolved(Hubs.withSpec("app: {image: \"ghcr.io/sanadflow/hub:1\"}\n" + more));
  }

  private static Map<String, NetworkPolicy> policies(Hub hub, boolean restores) {
    Observed observed = Observed.nothing(Set.of(), "system");
    if (restores) {
      observed =
          observed.with(
              new Restoring(
                  Optional.empty(),
                  false,
                  false,
                  "",
                  Set.of(),
                  Optional.of(BackupSettings.store(ELSEWHERE, hub.names()))));
    }
    Map<String, NetworkPolicy> policies = new HashMap<>();
    for (Component component : Component.ALL) {
      for (HasMetadata object : component.desired(hub, Fixed.material(hub), observed)) {
        if (object instanceof NetworkPolicy policy) {
          policies.put(policy.getMetadata().getName(), policy);
        }
      }
    }
    return policies;
  }

  private static List<Integer> portsOut(NetworkPolicy policy) {
    return policy.getSpec().getEgress().stream()
        .flatMap(it -> it.getPorts().stream())
        .map(it -> it.getPort().getIntVal())
        .distinct()
        .toList();
  }

  @Test
  void restoresMayCallTheStoreThatOneNames() {
    for (Hub hub : List.of(hub(""), hub(STORE))) {
      Map<String, NetworkPolicy> policies = policies(hub, true);
      assertThat(policies).containsKey("pilot-restore");
      NetworkPolicy restore = policies.get("pilot-restore");
      assertThat(portsOut(restore)).containsExactly(53, 5432, 9443);
      assertThat(AgentPods.labels(hub, RestoreJobs.RUN))
          .as("it is of the pods of restores")
          .containsAllEntriesOf(restore.getSpec().getPodSelector().getMatchLabels());
      assertThat(AgentPods.labels(hub, "backup"))
          .as("it is of no other pods")
          .doesNotContainEntry(
              "sanadflow.io/run",
              restore.getSpec().getPodSelector().getMatchLabels().get("sanadflow.io/run"));
      assertThat(policies.get("pilot-db").getSpec().getIngress().get(0).getFrom())
          .as("the database lets them in")
          .anyMatch(
              it ->
                  it.getPodSelector().getMatchLabels().containsValue(AgentPods.COMPONENT)
                      && it.getNamespaceSelector() == null);
    }
  }

  @Test
  void nothingIsOpenWhenNoneRuns() {
    assertThat(policies(hub(STORE), false)).doesNotContainKey("pilot-restore");
    assertThat(policies(hub(""), false).get("pilot-db").getSpec().getIngress().get(0).getFrom())
        .noneMatch(it -> it.getPodSelector().getMatchLabels().containsValue(AgentPods.COMPONENT));
  }

  @Test
  void aHubWithoutBackupsHasTheJobsOfARestore() {
    Hub hub = hub("");
    StudyHubRestore restore = new StudyHubRestore();
    restore.getMetadata().setName("old");
    restore.getMetadata().setUid("uid");
    restore.setSpec(
        new StudyHubRestoreSpec(
            new NameRef("pilot"), null, true, null, ELSEWHERE, StudyHubRestoreSpec.Previous.KEEP));
    Hub from = hub.withStore(BackupSettings.store(ELSEWHERE, hub.names()));
    Observed observed = Observed.nothing(Set.of(), "system");
    for (Step step : Step.values()) {
      Job job =
          RestoreJobs.of(
              from, Fixed.material(hub), observed, restore, step, false, List.of("--latest"));
      assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
          .anyMatch(
              it -> it.getSecret() != null && "old-bucket".equals(it.getSecret().getSecretName()));
    }
    RestoreNames names = RestoreNames.of("pilot", "uid");
    assertThat(RestoreJobs.cleaning(hub, Fixed.material(hub), observed, names, Step.DROP))
        .isNotNull();
  }
}
