package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The charts, from installing to uninstalling, by an operator of their own that watches the
 * namespace of the tests alone. The operator of the manifests is stopped meanwhile, and put back;
 * with {@code -De2e.install=false} it is left alone, and so are the definitions.
 */
@ExtendWith(Installed.class)
class HelmIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Path CHARTS = Path.of("..", "..", "charts");
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final boolean ALONE =
      Boolean.parseBoolean(System.getProperty("e2e.install", "true"));
  private static final Hub hub = new Hub(cluster, "pilot");

  @BeforeAll
  static void prepare() {
    assumeTrue(Shell.has("helm"), "there is no helm on the PATH");
    if (ALONE) {
      Shell.run(
              "",
              List.of(
                  "kubectl",
                  "-n",
                  Operator.NAMESPACE,
                  "scale",
                  "deployment/" + Operator.NAME,
                  "--replicas=0"))
          .orFail();
      // Two operators must never watch the same namespace.
      Operator shipped = new Operator(cluster);
      await().atMost(LIMIT).until(() -> shipped.pods().isEmpty());
    }
    cluster
        .client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(system())
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
  }

  @AfterAll
  static void putBack() {
    if (!Shell.has("helm")) {
      return;
    }
    helm("uninstall", "pilot", "--ignore-not-found", "-n", cluster.namespace());
    helm("uninstall", "studyhub", "--ignore-not-found", "-n", system());
    cluster.client().namespaces().withName(system()).delete();
    if (ALONE) {
      Installed.install("");
    }
  }

  private static String system() {
    return cluster.namespace() + "-system";
  }

  private static Shell.Result helm(String... arguments) {
    List<String> command = new ArrayList<>(List.of("helm"));
    command.addAll(List.of(arguments));
    return Shell.run("", command);
  }

  /** Installs or upgrades the operator's release, and waits for its pod. */
  private static void operator(Path chart, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "upgrade",
                "--install",
                "studyhub",
                chart.toString(),
                "--namespace=" + system(),
                "--wait",
                "--timeout=4m",
                // The definitions are there already, made by kubectl.
                "--take-ownership",
                "--set=watchNamespaces={" + cluster.namespace() + "}",
                "--set=crds.install=" + ALONE,
                "--set=rbac.userRoles=" + ALONE));
    String image = System.getProperty("e2e.image", "");
    if (!image.isEmpty()) {
      int colon = image.lastIndexOf(':');
      command.add("--set=image.repository=" + image.substring(0, colon));
      command.add("--set-string=image.tag=" + image.substring(colon + 1));
    }
    command.addAll(List.of(more));
    helm(command.toArray(String[]::new)).orFail();
  }

  private static void hub(String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "upgrade",
                "--install",
                "pilot",
                CHARTS.resolve("studyhub").toString(),
                "--namespace=" + cluster.namespace(),
                "--set=app.image=" + Hub.IMAGE_1));
    command.addAll(List.of(more));
    helm(command.toArray(String[]::new)).orFail();
    hub.awaitReady(LIMIT);
  }

  private static String logFormat() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(system())
        .withName(Operator.NAME)
        .require()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .get(0)
        .getEnv()
        .stream()
        .filter(it -> it.getName().equals("LOG_FORMAT"))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  /** What the hub consists of: its objects, and the pods that serve. */
  private static Set<String> parts() {
    Set<String> parts = new TreeSet<>();
    String kinds = "studyhubs,deployments,statefulsets,pods,pvc,services,networkpolicies";
    for (String line :
        cluster
            .kubectl(
                "get",
                kinds,
                "-o",
                "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.uid}{\"\\n\"}{end}")
            .orFail()
            .lines()
            .toList()) {
      parts.add(line);
    }
    return parts;
  }

  private static CustomResourceDefinition restores() {
    return cluster
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("studyhubrestores.sanadflow.io")
        .require();
  }

  private static String description() {
    return restores()
        .getSpec()
        .getVersions()
        .get(0)
        .getSchema()
        .getOpenAPIV3Schema()
        .getProperties()
        .get("spec")
        .getProperties()
        .get("backupRef")
        .getDescription();
  }

  @Test
  void hubsOutliveUpgradesRollbacksAndTheOperatorItself(@TempDir Path scratch) throws IOException {
    operator(CHARTS.resolve("studyhub-operator"));
    hub();
    hub.write("to be found again");
    Set<String> before = parts();

    // Another value and, where the definitions are this release's, another definition.
    String described = description();
    operator(changed(scratch), "--set=log.format=text");
    assertThat(logFormat()).isEqualTo("text");
    assertThat(description()).isEqualTo(ALONE ? described + " CHANGED" : described);
    helm("rollback", "studyhub", "--namespace=" + system(), "--wait", "--timeout=4m").orFail();
    assertThat(logFormat()).isEqualTo("json");
    assertThat(description()).isEqualTo(described);
    hub.awaitReady(LIMIT);
    assertThat(parts()).isEqualTo(before);

    // The hub's own release.
    hub("--set=app.replicas=2");
    assertThat(hub.pods("app")).hasSize(2);
    helm("rollback", "pilot", "--namespace=" + cluster.namespace()).orFail();
    hub.awaitReady(LIMIT);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(hub.pods("app")).hasSize(1));
    await().atMost(LIMIT).untilAsserted(() -> assertThat(parts()).hasSameSizeAs(before));

    // Without an operator the hub serves on, and another one finds it as it is.
    Set<String> served = parts();
    helm("uninstall", "studyhub", "--namespace=" + system(), "--wait").orFail();
    assertThat(cluster.client().apps().deployments().inNamespace(system()).list().getItems())
        .isEmpty();
    assertThat(restores().getMetadata().getDeletionTimestamp()).isNull();
    assertThat(parts()).isEqualTo(served);
    assertThat(hub.count()).isEqualTo(1);
    operator(CHARTS.resolve("studyhub-operator"));
    hub.awaitReady(LIMIT);
    assertThat(parts()).isEqualTo(served);

    // Without its release the hub's data stay, and are taken up again.
    helm("uninstall", "pilot", "--namespace=" + cluster.namespace()).orFail();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(parts())
                    .extracting(it -> it.split(" ")[0])
                    .containsExactly(
                        "PersistentVolumeClaim/pilot-db",
                        "PersistentVolumeClaim/pilot-media",
                        "PersistentVolumeClaim/pilot-redis"));
    hub();
    assertThat(hub.notes().path("notes").get(0).path("text").asText())
        .isEqualTo("to be found again");
  }

  /** The operator's chart with another description of one field of a definition. */
  private static Path changed(Path scratch) throws IOException {
    Path source = CHARTS.resolve("studyhub-operator");
    Path copy = scratch.resolve("studyhub-operator");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path it : files.toList()) {
        Files.copy(it, copy.resolve(source.relativize(it).toString()));
      }
    }
    Path crd = copy.resolve("files/crds/studyhubrestores.sanadflow.io.yaml");
    String text = Files.readString(crd);
    String described = description();
    assertThat(text).contains("description: " + described + "\n");
    Files.writeString(
        crd, text.replace("description: " + described, "description: " + described + " CHANGED"));
    return copy;
  }
}
