package io.sanadflow.studyhub.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API behaves as a cluster's does where the operator relies on it. */
class SandboxApiTest {

  private static SandboxApi api;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    api = SandboxApi.start();
    client = api.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    api.close();
  }

  private static <T extends HasMetadata> T apply(T object, String manager, boolean force) {
    return client
        .resource(object)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build());
  }

  private static <T extends HasMetadata> T apply(T object) {
    return apply(object, "one", true);
  }

  private static ConfigMap map(String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withData(data)
        .build();
  }

  private static Deployment deployment(String name, int replicas) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .addToLabels("app", name)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .endSpec()
        .build();
  }

  @Test
  void anApplyCreatesWhatIsAbsent() {
    var made = apply(map("absent", Map.of("a", "1"))).getMetadata();

    assertThat(made.getUid()).isNotEmpty();
    assertThat(made.getCreationTimestamp()).isNotEmpty();
    assertThat(made.getGeneration()).isEqualTo(1);
    assertThat(made.getManagedFields())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getManager()).isEqualTo("one");
              assertThat(it.getOperation()).isEqualTo("Apply");
              assertThat(Serialization.asJson(it.getFieldsV1()))
                  .isEqualTo("{\"f:data\":{\"f:a\":{}}}");
            });
  }

  @Test
  void anEqualApplyChangesNothing() {
    Deployment first = apply(deployment("equal", 2));
    long before = api.changes();

    Deployment second = apply(deployment("equal", 2));

    assertThat(second).isEqualTo(first);
    assertThat(api.changes()).isEqualTo(before);
  }

  @Test
  void whatIsNoLongerAppliedGoesButNotWhatOthersHave() {
    apply(map("shared", Map.of("a", "1", "b", "1")));
    apply(map("shared", Map.of("b", "1", "c", "1")), "two", false);

    ConfigMap after = apply(map("shared", Map.of("d", "1")));

    assertThat(after.getData()).containsOnlyKeys("b", "c", "d");
  }

  @Test
  void anotherManagersValueIsTakenOnlyByForce() {
    apply(map("conflict", Map.of("a", "1")));

    assertThatThrownBy(() -> apply(map("conflict", Map.of("a", "2")), "two", false))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            it -> {
              assertThat(it.getCode()).isEqualTo(409);
              assertThat(it.getMessage()).contains(".data.a").contains("one");
            });

    assertThat(apply(map("conflict", Map.of("a", "2")), "two", true).getData())
        .containsEntry("a", "2");
    assertThat(apply(map("conflict", Map.of())).getData()).containsEntry("a", "2");
  }

  @Test
  void theGenerationIsThatOfTheSpec() {
    apply(deployment("generation", 1));
    Deployment labelled = deployment("generation", 1);
    labelled.getMetadata().getLabels().put("more", "x");
    assertThat(apply(labelled).getMetadata().getGeneration()).isEqualTo(1);

    assertThat(apply(deployment("generation", 2)).getMetadata().getGeneration()).isEqualTo(2);

    Deployment reported =
        client
            .resource(deployment("generation", 2))
            .editStatus(
                it ->
                    new DeploymentBuilder(it)
                        .withNewStatus()
                        .withReplicas(2)
                        .endStatus()
                        .editSpec()
                        .withReplicas(7)
                        .endSpec()
                        .build());
    assertThat(reported.getMetadata().getGeneration()).isEqualTo(2);
    assertThat(reported.getSpec().getReplicas()).isEqualTo(2);
    assertThat(reported.getStatus().getReplicas()).isEqualTo(2);
    assertThat(apply(deployment("generation", 2)).getStatus().getReplicas()).isEqualTo(2);
  }

  @Test
  void aStatusIsAppliedByItself() {
    String hub =
        """
        apiVersion: sanadflow.io/v1alpha1
        kind: StudyHub
        metadata: {name: status, namespace: default}
        %s
        """;
    apply(generic(hub.formatted("spec: {app: {image: 'hub:1'}}")));
    var applied =
        applyStatus(generic(hub.formatted("status: {health: Healthy, app: {image: 'hub:1'}}")));

    StudyHub stored = client.resources(StudyHub.class).withName("status").get();
    assertThat(applied.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(stored.getSpec().app().image()).isEqualTo("hub:1");
    assertThat(stored.getStatus().health()).isEqualTo("Healthy");
    assertThat(stored.getMetadata().getManagedFields())
        .extracting(it -> it.getManager() + "/" + it.getSubresource())
        .containsExactly("one/null", "operator/status");

    applyStatus(generic(hub.formatted("status: {health: Degraded}")));
    stored = client.resources(StudyHub.class).withName("status").get();
    assertThat(stored.getStatus().health()).isEqualTo("Degraded");
    assertThat(stored.getStatus().app()).isNull();
    assertThat(stored.getSpec().app().image()).isEqualTo("hub:1");
  }

  private static HasMetadata applyStatus(HasMetadata object) {
    return client
        .resource(object)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("operator")
                .withForce(true)
                .build());
  }

  @Test
  void aStudyHubGetsTheDefaultsOfItsSchema() {
    apply(
        generic(
            """
            apiVersion: sanadflow.io/v1alpha1
            kind: StudyHub
            metadata: {name: defaults, namespace: default}
            spec: {app: {image: 'hub:1'}}
            """));

    StudyHub stored = client.resources(StudyHub.class).withName("defaults").get();

    assertThat(stored.getSpec().app().port()).isEqualTo(8080);
    assertThat(stored.getSpec().database().image()).isEqualTo("postgres:16");
    assertThat(stored.getStatus().observedGeneration()).isEqualTo(-1);
    assertThat(Serialization.asJson(stored.getMetadata().getManagedFields()))
        .contains("f:image")
        .doesNotContain("f:port");
  }

  @Test
  void dependentsGoWithTheirOwnerUnlessTheyAreOrphaned() {
    for (boolean orphan : new boolean[] {false, true}) {
      ConfigMap owner = apply(map("owner-" + orphan, Map.of()));
      ConfigMap child = map("child-" + orphan, Map.of());
      child.addOwnerReference(owner);
      ConfigMap grandchild = map("grandchild-" + orphan, Map.of());
      grandchild.addOwnerReference(apply(child));
      apply(grandchild);

      client
          .resource(owner)
          .withPropagationPolicy(
              orphan ? DeletionPropagation.ORPHAN : DeletionPropagation.BACKGROUND)
          .delete();

      assertThat(client.configMaps().withName("owner-" + orphan).get()).isNull();
      ConfigMap left = client.configMaps().withName("child-" + orphan).get();
      if (orphan) {
        assertThat(left.getMetadata().getOwnerReferences()).isEmpty();
      } else {
        assertThat(left).isNull();
        assertThat(client.configMaps().withName("grandchild-" + orphan).get()).isNull();
      }
    }
  }

  @Test
  void whatIsMadeForAnOwnerThatIsGoneGoes() {
    ConfigMap owner = apply(map("gone", Map.of()));
    client.resource(owner).delete();
    ConfigMap late = map("late", Map.of());
    late.addOwnerReference(owner);

    apply(late);

    assertThat(client.configMaps().withName("late").get()).isNull();
  }

  @Test
  void aSecretsPlainTextIsEncoded() {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName("plain")
            .withNamespace("default")
            .endMetadata()
            .addToStringData("key", "value")
            .build();

    assertThat(client.resource(secret).create().getData()).containsEntry("key", "dmFsdWU=");
  }

  @Test
  void anInformerSeesEveryChange() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    try (var informer = client.configMaps().withLabel("watched").inform()) {
      informer.addEventHandler(
          new io.fabric8.kubernetes.client.informers.ResourceEventHandler<>() {
            @Override
            public void onAdd(ConfigMap map) {
              seen.add("added");
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap now) {
              seen.add("changed to " + now.getData());
            }

            @Override
            public void onDelete(ConfigMap map, boolean unknown) {
              seen.add("deleted");
            }
          });
      ConfigMap watched = map("watched", Map.of("a", "1"));
      watched.getMetadata().setLabels(Map.of("watched", "yes"));
      apply(watched);
      watched.setData(Map.of("a", "2"));
      apply(watched);
      client.resource(watched).delete();

      await().untilAsserted(() -> assertThat(seen).contains("added", "deleted"));
    }
  }

  @Test
  void clientsAreToldWhichKindsThereAre() {
    assertThat(client.hasApiGroup("traefik.io", true)).isTrue();
    assertThat(client.hasApiGroup("cert-manager.io", true)).isFalse();
    assertThat(client.getApiResources("v1").getResources())
        .extracting("kind")
        .contains("Pod", "Secret");
  }

  private static GenericKubernetesResource generic(String yaml) {
    return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
  }
}
