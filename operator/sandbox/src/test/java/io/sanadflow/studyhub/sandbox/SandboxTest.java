package io.sanadflow.studyhub.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.status.StatusBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator in the sandbox: what a person sees who has no cluster. */
class SandboxTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Sandbox sandbox;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(Duration.ofMillis(100));
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void theSmallestExampleTurnsReadyAndIsLeftAloneThen() throws Exception {
    StudyHub hub = apply(Files.readString(Path.of("../../examples/minimal.yaml")));
    awaitReady(hub);
    Map<String, String> before = versions();
    sandbox.apply(Files.readString(Path.of("../../examples/minimal.yaml")));
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(versions()).isEqualTo(before));
  }

  @Test
  void aFailedMigrationKeepsTheOldVersion() throws Exception {
    StudyHub hub = apply(hub("image: ghcr.io/sanadflow/hub:1"));
    awaitReady(hub);
    apply(hub("image: ghcr.io/sanadflow/hub:2, env: [{name: FAIL_MIGRATION, value: '1'}]"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(condition(hub, ConditionType.STALLED))
                    .hasValueSatisfying(
                        it -> {
                          assertThat(it.status()).isEqualTo("True");
                          assertThat(it.reason()).isEqualTo("MigrationFailed");
                          assertThat(it.message()).contains("FAIL_MIGRATION is set");
                        }));
    assertThat(condition(hub, ConditionType.READY).orElseThrow().status()).isEqualTo("True");
    assertThat(sandbox.hub(hub).getStatus().app().image()).isEqualTo("ghcr.io/sanadflow/hub:1");
  }

  @Test
  void aDeletedHubLeavesItsDataAndFindsThemAgain() throws Exception {
    StudyHub hub = apply(hub("image: ghcr.io/sanadflow/hub:1"));
    awaitReady(hub);
    String password = secret("pilot-db-auth").getData().get("superuser");
    sandbox.client().resource(sandbox.hub(hub)).delete();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(kindsLeft()).containsOnly("PersistentVolumeClaim", "Secret"));
    assertThat(secretNames()).containsExactlyInAnyOrder("pilot-db-auth", "pilot-redis-auth");
    awaitReady(apply(hub("image: ghcr.io/sanadflow/hub:1")));
    assertThat(secret("pilot-db-auth").getData().get("superuser")).isEqualTo(password);
  }

  private static String hub(String app) {
    return "apiVersion: sanadflow.io/v1alpha1\nkind: StudyHub\nmetadata: {name: pilot}\nspec: {app: {"
        + app
        + "}}\n";
  }

  private StudyHub apply(String yaml) throws Exception {
    return sandbox.apply(yaml).get(0);
  }

  private void awaitReady(StudyHub hub) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              StudyHub now = sandbox.hub(hub);
              assertThat(now.getStatus()).isNotNull();
              assertThat(now.getStatus().health()).isEqualTo("Healthy");
              assertThat(now.getStatus().observedGeneration())
                  .isEqualTo(now.getMetadata().getGeneration());
            });
  }

  private Optional<Condition> condition(StudyHub hub, ConditionType type) {
    List<Condition> conditions = sandbox.hub(hub).getStatus().conditions();
    assertThat(StatusBuilder.is(conditions, ConditionType.SUSPENDED)).isFalse();
    return conditions.stream().filter(it -> it.type().equals(type.text())).findFirst();
  }

  private Map<String, String> versions() {
    return objects().stream()
        .collect(
            Collectors.toMap(
                it -> it.getKind() + "/" + it.getMetadata().getName(),
                it -> it.getMetadata().getResourceVersion()));
  }

  private List<HasMetadata> objects() {
    return SandboxKinds.ALL.stream()
        .flatMap(it -> sandbox.client().resources(it).inAnyNamespace().list().getItems().stream())
        .map(HasMetadata.class::cast)
        .toList();
  }

  private List<String> kindsLeft() {
    return objects().stream().map(HasMetadata::getKind).distinct().toList();
  }

  private Secret secret(String name) {
    return sandbox.client().secrets().inNamespace("default").withName(name).get();
  }

  private List<String> secretNames() {
    assertThat(
            sandbox
                .client()
                .resources(PersistentVolumeClaim.class)
                .inAnyNamespace()
                .list()
                .getItems())
        .hasSize(3);
    return sandbox.client().secrets().inNamespace("default").list().getItems().stream()
        .map(it -> it.getMetadata().getName())
        .toList();
  }
}
