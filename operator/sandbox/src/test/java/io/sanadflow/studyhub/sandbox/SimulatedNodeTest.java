package io.sanadflow.studyhub.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The node says what a kubelet and the controllers would. */
class SimulatedNodeTest {

  private static SandboxApi api;
  private static KubernetesClient client;
  private static SimulatedNode node;

  @BeforeAll
  static void start() {
    api = SandboxApi.start();
    client = api.client();
    node = SimulatedNode.start(client, Clock.systemUTC(), Duration.ofMillis(100));
  }

  @AfterAll
  static void stop() {
    node.close();
    client.close();
    api.close();
  }

  /** What is not there yet may come. */
  private static ConditionFactory await() {
    return Awaitility.await().ignoreExceptions();
  }

  private static HasMetadata create(String yaml) {
    return client
        .resource(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .create();
  }

  private static List<Pod> pods(String app) {
    return client.pods().withLabel("app", app).list().getItems();
  }

  @Test
  void aDeploymentGetsPodsWithTheirSidecars() {
    create(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
          template:
            metadata: {labels: {app: web}}
            spec:
              initContainers:
              - {name: pooler, image: 'pooler:1', restartPolicy: Always}
              containers:
              - {name: app, image: 'web:1'}
        """);
    await()
        .untilAsserted(() -> assertThat(deployment().getStatus().getReadyReplicas()).isEqualTo(2));
    assertThat(pods("web"))
        .hasSize(2)
        .allSatisfy(
            it -> {
              assertThat(it.getStatus().getPodIP()).startsWith("10.42.");
              assertThat(it.getStatus().getInitContainerStatuses())
                  .singleElement()
                  .matches(status -> status.getReady() && status.getState().getRunning() != null);
            })
        .extracting(it -> it.getStatus().getPodIP())
        .doesNotHaveDuplicates();

    String deleted = pods("web").get(0).getMetadata().getName();
    client.pods().withName(deleted).delete();
    await()
        .untilAsserted(
            () ->
                assertThat(pods("web"))
                    .hasSize(2)
                    .allMatch(PodLife::ready)
                    .noneMatch(it -> it.getMetadata().getName().equals(deleted)));

    change("web:2", 2);
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              List<Pod> now = pods("web");
              assertThat(now).hasSizeLessThanOrEqualTo(3);
              assertThat(now.stream().filter(PodLife::ready).count()).isGreaterThanOrEqualTo(2);
              return now.size() == 2 && now.stream().allMatch(it -> image(it).equals("web:2"));
            });
    await()
        .untilAsserted(
            () -> {
              assertThat(deployment().getStatus().getObservedGeneration()).isEqualTo(2);
              assertThat(deployment().getStatus().getUpdatedReplicas()).isEqualTo(2);
              assertThat(deployment().getStatus().getReplicas()).isEqualTo(2);
            });

    change("web:missing", 2);
    await()
        .untilAsserted(
            () ->
                assertThat(pods("web"))
                    .hasSize(3)
                    .anySatisfy(
                        it ->
                            assertThat(Serialization.asJson(it.getStatus()))
                                .contains("ImagePullBackOff")));

    change("web:2", 0);
    await().untilAsserted(() -> assertThat(pods("web")).isEmpty());
  }

  private static Deployment deployment() {
    return client.apps().deployments().withName("web").get();
  }

  private static String image(Pod pod) {
    return pod.getSpec().getContainers().get(0).getImage();
  }

  private static void change(String image, int replicas) {
    client
        .apps()
        .deployments()
        .withName("web")
        .edit(
            it ->
                new DeploymentBuilder(it)
                    // The node writes the status at any time, which is no reason to refuse this.
                    .editMetadata()
                    .withResourceVersion(null)
                    .endMetadata()
                    .editSpec()
                    .withReplicas(replicas)
                    .editTemplate()
                    .editSpec()
                    .editContainer(0)
                    .withImage(image)
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build());
  }

  @Test
  void aStatefulSetsPodWaitsForItsVolume() {
    create(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: store}
        spec:
          replicas: 1
          selector: {matchLabels: {app: store}}
          template:
            metadata: {labels: {app: store}}
            spec:
              containers:
              - {name: store, image: 'store:1'}
              volumes:
              - {name: data, persistentVolumeClaim: {claimName: store}}
        """);
    await()
        .untilAsserted(
            () ->
                assertThat(pods("store"))
                    .singleElement()
                    .satisfies(
                        it -> {
                          assertThat(it.getMetadata().getName()).isEqualTo("store-0");
                          assertThat(it.getStatus().getConditions().get(0).getReason())
                              .isEqualTo("Unschedulable");
                        }));

    create(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: store}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """);
    await()
        .untilAsserted(
            () -> {
              assertThat(pods("store")).singleElement().matches(PodLife::ready);
              var status = client.apps().statefulSets().withName("store").get().getStatus();
              assertThat(status.getReadyReplicas()).isEqualTo(1);
              assertThat(status.getCurrentRevision()).isEqualTo(status.getUpdateRevision());
            });
    assertThat(client.persistentVolumeClaims().withName("store").get().getStatus().getPhase())
        .isEqualTo("Bound");

    client.apps().statefulSets().withName("store").delete();
    assertThat(pods("store")).isEmpty();
  }

  @Test
  void aStatefulSetIsNotSettledBeforeItsNewPodIsReady() {
    create(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: pair}
        spec:
          replicas: 2
          selector: {matchLabels: {app: pair}}
          template:
            metadata: {labels: {app: pair}}
            spec: {containers: [{name: store, image: 'store:1'}]}
        """);
    await().until(() -> isSettled("pair") && pods("pair").size() == 2);
    String first = uid("pair-0");

    client.pods().withName("pair-0").delete();
    await().until(() -> !isSettled("pair"));
    await().until(() -> isSettled("pair") && !uid("pair-0").equals(first));
    assertThat(pods("pair")).hasSize(2).allMatch(PodLife::ready);

    client
        .apps()
        .statefulSets()
        .withName("pair")
        .edit(
            it ->
                new StatefulSetBuilder(it)
                    .editMetadata()
                    .withResourceVersion(null)
                    .endMetadata()
                    .editSpec()
                    .editTemplate()
                    .editSpec()
                    .editContainer(0)
                    .withImage("store:2")
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build());
    await().until(() -> isSettled("pair"));
    assertThat(pods("pair"))
        .hasSize(2)
        .allMatch(PodLife::ready)
        .allMatch(it -> image(it).equals("store:2"));
  }

  private static String uid(String pod) {
    return client.pods().withName(pod).get().getMetadata().getUid();
  }

  /** Whether kubectl's rollout status would say that the StatefulSet is rolled out. */
  private static boolean isSettled(String name) {
    var set = client.apps().statefulSets().withName(name).get();
    var status = set.getStatus();
    return set.getMetadata().getGeneration().equals(status.getObservedGeneration())
        && status.getUpdateRevision().equals(status.getCurrentRevision())
        && set.getSpec().getReplicas().equals(status.getReadyReplicas())
        && set.getSpec().getReplicas().equals(status.getUpdatedReplicas());
  }

  @Test
  void aJobCompletesOrFails() {
    for (String fail : List.of("0", "1")) {
      create(
          """
          apiVersion: batch/v1
          kind: Job
          metadata: {name: job-%1$s}
          spec:
            template:
              spec:
                restartPolicy: Never
                containers:
                - {name: migrate, image: 'hub:1', env: [{name: FAIL_MIGRATION, value: '%1$s'}]}
          """
              .formatted(fail));
    }
    await()
        .untilAsserted(
            () -> {
              Job good = client.batch().v1().jobs().withName("job-0").get();
              Job bad = client.batch().v1().jobs().withName("job-1").get();
              assertThat(good.getStatus().getSucceeded()).isEqualTo(1);
              assertThat(good.getStatus().getConditions().get(0).getType()).isEqualTo("Complete");
              assertThat(bad.getStatus().getConditions().get(0).getReason())
                  .isEqualTo("BackoffLimitExceeded");
            });
    Pod failed = client.pods().withLabel("job-name", "job-1").list().getItems().get(0);
    assertThat(
            failed
                .getStatus()
                .getContainerStatuses()
                .get(0)
                .getState()
                .getTerminated()
                .getMessage())
        .isEqualTo("migration failed: FAIL_MIGRATION is set");
  }

  @Test
  void aServiceGetsAnAddress() {
    create(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: front}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        """);

    await()
        .untilAsserted(
            () ->
                assertThat(client.services().withName("front").get().getSpec().getClusterIP())
                    .startsWith("10.43."));
  }
}
