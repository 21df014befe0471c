package io.sanadflow.studyhub.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator, whole, against the simulated cluster. */
class SandboxTest {

  private static final Path EXAMPLES = Path.of("../../examples");

  private static Sandbox sandbox;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(Duration.ofMillis(50));
    client = sandbox.client();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(50));
  }

  private static void apply(String name, String spec) {
    String yaml =
        """
        apiVersion: sanadflow.io/v1alpha1
        kind: StudyHub
        metadata: {name: %s, namespace: default}
        spec: %s
        """
            .formatted(name, spec);
    Manifests.apply(client, Serialization.unmarshal(yaml, GenericKubernetesResource.class));
  }

  private static StudyHub hub(String name) {
    return client.resources(StudyHub.class).inNamespace("default").withName(name).get();
  }

  private static Condition condition(String name, String type) {
    return Narrator.condition(hub(name), type).orElseThrow();
  }

  private static void awaitReady(String name) {
    patiently()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              StudyHub hub = hub(name);
              assertThat(hub.getStatus().observedGeneration())
                  .isEqualTo(hub.getMetadata().getGeneration());
              assertThat(condition(name, "Ready").status())
                  .as(condition(name, "Ready").message())
                  .isEqualTo("True");
              assertThat(condition(name, "Reconciling").status())
                  .as(condition(name, "Reconciling").message())
                  .isEqualTo("False");
            });
  }

  private static List<Pod> pods(String hub) {
    return client
        .pods()
        .inNamespace("default")
        .withLabel("sanadflow.io/hub", hub)
        .withLabel("app.kubernetes.io/component", "app")
        .list()
        .getItems();
  }

  /** Waits until nothing is stored for a while. */
  private static long quiet() {
    patiently()
        .during(Duration.ofSeconds(3))
        .until(
            new Callable<Boolean>() {
              private long last = -1;

              @Override
              public Boolean call() {
                long now = sandbox.api().changes();
                boolean same = now == last;
                last = now;
                return same;
              }
            });
    return sandbox.api().changes();
  }

  @Test
  void aHubBecomesReadyAndThenNothingIsWritten() {
    apply("calm", "{app: {image: 'hub:1'}}");
    awaitReady("calm");
    long before = quiet();

    apply("calm", "{app: {image: 'hub:1'}}");
    assertThat(quiet()).isEqualTo(before);

    sandbox.restartOperator();
    assertThat(quiet()).isEqualTo(before);
  }

  @Test
  void aNewImageIsRolledOutAndAMissingOneIsTold() {
    apply("rolling", "{app: {image: 'hub:1', replicas: 2}}");
    awaitReady("rolling");

    apply("rolling", "{app: {image: 'hub:2', replicas: 2}}");
    patiently()
        .untilAsserted(
            () ->
                assertThat(pods("rolling"))
                    .hasSize(2)
                    .allMatch(it -> it.getSpec().getContainers().get(0).getImage().equals("hub:2"))
                    .allMatch(PodLife::ready));
    awaitReady("rolling");

    apply("rolling", "{app: {image: 'hub:missing', replicas: 2}}");
    patiently()
        .untilAsserted(
            () -> {
              assertThat(condition("rolling", "Stalled").status()).isEqualTo("True");
              assertThat(condition("rolling", "Stalled").message()).contains("hub:missing");
            });
  }

  @Test
  void aFailedMigrationKeepsTheOldVersion() {
    apply("failing", "{app: {image: 'hub:1'}}");
    awaitReady("failing");

    apply("failing", "{app: {image: 'hub:2', env: [{name: FAIL_MIGRATION, value: '1'}]}}");

    patiently()
        .untilAsserted(
            () -> {
              Condition stalled = condition("failing", "Stalled");
              assertThat(stalled.status()).isEqualTo("True");
              assertThat(stalled.reason()).isEqualTo("MigrationFailed");
              assertThat(stalled.message()).contains("migration failed: FAIL_MIGRATION is set");
            });
    assertThat(condition("failing", "Ready").status()).isEqualTo("True");
    assertThat(hub("failing").getStatus().app().image()).isEqualTo("hub:1");
  }

  @Test
  void settingsAreReloadedAndThoseThatNeedItRestart() {
    apply("settings", "{app: {image: 'hub:1'}}");
    awaitReady("settings");
    String first = database("settings");

    apply("settings", "{app: {image: 'hub:1'}, database: {parameters: {work_mem: 2MB}}}");
    awaitReady("settings");
    assertThat(database("settings")).isEqualTo(first);

    apply(
        "settings", "{app: {image: 'hub:1'}, database: {parameters: {max_worker_processes: '4'}}}");
    patiently().ignoreExceptions().until(() -> !database("settings").equals(first));
    awaitReady("settings");
  }

  private static String database(String hub) {
    return client
        .pods()
        .inNamespace("default")
        .withName(hub + "-db-0")
        .get()
        .getMetadata()
        .getUid();
  }

  @Test
  void aDeletedHubLeavesItsDataAndFindsThemAgain() {
    apply("leaving", "{app: {image: 'hub:1'}}");
    awaitReady("leaving");
    StudyHub hub = hub("leaving");
    String password = password("leaving");

    client.resource(hub).delete();

    patiently()
        .untilAsserted(
            () ->
                assertThat(Picture.of(client, hub))
                    .extracting(it -> it.kind() + " " + it.name())
                    .containsExactlyInAnyOrder(
                        "PersistentVolumeClaim leaving-db",
                        "PersistentVolumeClaim leaving-media",
                        "PersistentVolumeClaim leaving-redis",
                        "Secret leaving-db-auth",
                        "Secret leaving-redis-auth"));
    apply("leaving", "{app: {image: 'hub:1'}}");
    awaitReady("leaving");
    assertThat(password("leaving")).isEqualTo(password);
  }

  private static String password(String hub) {
    return client
        .secrets()
        .inNamespace("default")
        .withName(hub + "-db-auth")
        .get()
        .getData()
        .get("superuser");
  }

  @Test
  void theProgramShowsTheExampleBecomeReady() {
    ByteArrayOutputStream output = new ByteArrayOutputStream();

    int code = run(output, "", EXAMPLES);

    String text = output.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isZero();
    assertThat(text)
        .contains("simulated", "StudyHub default/pilot", "Deployment", "pilot-db", "1/1 ready")
        .contains("default/pilot is Ready")
        .doesNotContain("\u001b");
  }

  @Test
  void theProgramTellsWhatIsWrongInEveryFile(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("field.yaml"),
        """
        apiVersion: sanadflow.io/v1alpha1
        kind: StudyHub
        metadata: {name: bad}
        spec: {app: {image: 'hub:1', replicas: many}}
        """);
    Files.writeString(
        directory.resolve("kind.yaml"), "{apiVersion: v1, kind: Widget, metadata: {name: x}}");
    Files.writeString(directory.resolve("yaml.yaml"), "kind: : Secret");
    ByteArrayOutputStream output = new ByteArrayOutputStream();

    assertThat(run(output, directory.toString(), EXAMPLES)).isEqualTo(2);
    assertThat(output.toString(StandardCharsets.UTF_8))
        .contains("spec.app.replicas")
        .contains("no kind Widget of v1")
        .contains("yaml.yaml: mapping values are not allowed here")
        .doesNotContain("Exception", "\tat ");
  }

  @Test
  void theProgramTellsOfAFileThatIsNotThere(@TempDir Path directory) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();

    assertThat(run(output, directory.resolve("none.yaml").toString(), EXAMPLES)).isEqualTo(2);
    assertThat(output.toString(StandardCharsets.UTF_8)).contains("there is no ", "none.yaml");
  }

  @Test
  void theProgramEndsWithTheReasonOfAHubThatIsStalled(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("hub.yaml"),
        """
        apiVersion: sanadflow.io/v1alpha1
        kind: StudyHub
        metadata: {name: lost}
        spec: {app: {image: 'hub:1', envFrom: [{secretRef: {name: absent}}]}}
        """);
    ByteArrayOutputStream output = new ByteArrayOutputStream();

    assertThat(run(output, directory.toString(), EXAMPLES)).isEqualTo(1);
    assertThat(output.toString(StandardCharsets.UTF_8)).contains("lost is stalled:", "absent");
  }

  private static int run(ByteArrayOutputStream output, String hub, Path examples) {
    return Main.run(
        hub,
        "",
        Objects.requireNonNull(examples),
        Duration.ofMillis(50),
        new PrintStream(output, true, StandardCharsets.UTF_8),
        new Paint(false, true));
  }
}
