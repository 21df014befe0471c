package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fingerprints against what an API server (1.35) stores. Each file of resources/stored has an
 * object of the golden case {@code complete} as it was sent, and what {@code kubectl apply
 * --server-side --field-manager=studyhub-operator -o yaml --show-managed-fields} answered.
 */
class OwnedFieldsTest {

  private static final Path DIRECTORY = Path.of("src/test/resources/stored");

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private final OwnedFields fields = new OwnedFields(new ObjectMapper());

  static Stream<String> objects() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList().stream();
    }
  }

  private static List<HasMetadata> both(String file) {
    try {
      List<HasMetadata> both = YAML.unmarshal(Files.readString(DIRECTORY.resolve(file)));
      assertThat(both).hasSize(2);
      return both;
    } catch (IOException missing) {
      throw new AssertionError(missing);
    }
  }

  private boolean same(HasMetadata desired, HasMetadata stored) {
    return fields.ofStored(stored).orElseThrow().equals(fields.ofDesired(desired));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void whatIsStoredHasTheFingerprintOfWhatWasSent(String file) {
    List<HasMetadata> both = both(file);
    assertThat(fields.ofStored(both.get(1))).contains(fields.ofDesired(both.get(0)));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void aChangedLabelIsDrift(String file) {
    List<HasMetadata> both = both(file);
    both.get(1).getMetadata().getLabels().put("app.kubernetes.io/component", "other");
    assertThat(same(both.get(0), both.get(1))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("objects")
  void aLostLabelIsDrift(String file) {
    List<HasMetadata> both = both(file);
    both.get(1).getMetadata().getLabels().remove("app.kubernetes.io/name");
    assertThat(same(both.get(0), both.get(1))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("objects")
  void whatOthersAddIsNoDrift(String file) {
    List<HasMetadata> both = both(file);
    both.get(1).getMetadata().getLabels().put("example.org/team", "blue");
    both.get(1).getMetadata().setAnnotations(withOther(both.get(1)));
    both.get(1).getMetadata().setFinalizers(List.of("example.org/hold"));
    both.get(1).getMetadata().setResourceVersion("999");
    assertThat(same(both.get(0), both.get(1))).isTrue();
  }

  private static Map<String, String> withOther(HasMetadata object) {
    Map<String, String> all = new java.util.HashMap<>();
    if (object.getMetadata().getAnnotations() != null) {
      all.putAll(object.getMetadata().getAnnotations());
    }
    all.put("example.org/note", "mine");
    return all;
  }

  @ParameterizedTest
  @MethodSource("objects")
  void whatTheOperatorHasNotAppliedHasNoFingerprint(String file) {
    HasMetadata stored = both(file).get(1);
    stored.getMetadata().getManagedFields().removeIf(it -> it.getOperation().equals("Apply"));
    assertThat(fields.ofStored(stored)).isEmpty();
    stored.getMetadata().setManagedFields(null);
    assertThat(fields.ofStored(stored)).isEmpty();
  }

  /** Changes what is stored, which must show; {@code desired} is for the opposite direction. */
  private <T extends HasMetadata> void assertDrift(String file, Class<T> type, Consumer<T> change) {
    List<HasMetadata> stored = both(file);
    change.accept(type.cast(stored.get(1)));
    assertThat(same(stored.get(0), stored.get(1))).as("stored").isFalse();
    List<HasMetadata> desired = both(file);
    change.accept(type.cast(desired.get(0)));
    assertThat(same(desired.get(0), desired.get(1))).as("desired").isFalse();
  }

  @Test
  void aChangedFieldIsDrift() {
    String deployment = "Deployment-complete.yaml";
    assertDrift(deployment, Deployment.class, it -> it.getSpec().setReplicas(5));
    assertDrift(
        deployment,
        Deployment.class,
        it -> container(it, "app").getSecurityContext().setReadOnlyRootFilesystem(false));
    assertDrift(
        deployment,
        Deployment.class,
        it -> container(it, "app").getResources().getLimits().put("memory", new Quantity("1Gi")));
    assertDrift(
        deployment,
        Deployment.class,
        it -> container(it, "app").getEnv().removeIf(env -> env.getName().equals("LOG_LEVEL")));
    assertDrift(
        deployment,
        Deployment.class,
        it -> {
          List<EnvVar> env = container(it, "app").getEnv();
          env.add(0, env.remove(env.size() - 1));
        });
    assertDrift(
        deployment,
        Deployment.class,
        it -> it.getSpec().getTemplate().getSpec().setImagePullSecrets(List.of()));
    assertDrift(
        "ConfigMap-complete-db-config.yaml",
        ConfigMap.class,
        it -> it.getData().put("pg_hba.conf", "host all all all trust\n"));
    assertDrift(
        "Secret-complete-app.yaml", Secret.class, it -> it.getData().put("REDIS_HOST", "b3RoZXI="));
    assertDrift(
        "Service-complete.yaml",
        Service.class,
        it -> it.getSpec().getSelector().put("app.kubernetes.io/component", "other"));
    assertDrift(
        "NetworkPolicy-complete-db.yaml",
        NetworkPolicy.class,
        it -> it.getSpec().getIngress().get(0).setFrom(null));
    assertDrift(
        "PersistentVolumeClaim-complete-db.yaml",
        PersistentVolumeClaim.class,
        it -> it.getSpec().getResources().getRequests().put("storage", new Quantity("6Gi")));
    assertDrift(
        "Service-complete.yaml", Service.class, it -> it.getMetadata().setOwnerReferences(null));
  }

  private static io.fabric8.kubernetes.api.model.Container container(
      Deployment deployment, String name) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
        .filter(it -> it.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aContainerOfSomebodyElseIsNoDrift() {
    List<HasMetadata> both = both("Deployment-complete.yaml");
    Deployment stored = (Deployment) both.get(1);
    var containers = stored.getSpec().getTemplate().getSpec().getContainers();
    containers.add(
        0,
        new io.fabric8.kubernetes.api.model.ContainerBuilder()
            .withName("injected")
            .withImage("mesh")
            .build());
    assertThat(same(both.get(0), stored)).isTrue();
  }

  @Test
  void aQuantityIsComparedByItsValue() {
    List<HasMetadata> both = both("PersistentVolumeClaim-complete-db.yaml");
    PersistentVolumeClaim stored = (PersistentVolumeClaim) both.get(1);
    assertThat(stored.getSpec().getResources().getRequests().get("storage"))
        .as("the server writes what was sent in its own form")
        .hasToString("5Gi");
    stored.getSpec().getResources().getRequests().put("storage", new Quantity("5368709120"));
    assertThat(same(both.get(0), stored)).isTrue();
  }
}
