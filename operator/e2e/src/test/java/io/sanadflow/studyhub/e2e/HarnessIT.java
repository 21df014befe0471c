package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The witnesses of the other tests, tried on a cluster without the operator: do they see? */
@Tag("harness")
class HarnessIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  @BeforeAll
  static void aHubWithoutItsDatabase() {
    cluster
        .kubectlWith(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: plain}
            spec:
              selector: {matchLabels: {app: plain}}
              template:
                metadata: {labels: {app: plain}}
                spec:
                  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: app
                      image: %s
                      env: [{name: DATABASE_URL, value: "postgresql://nobody@127.0.0.1/none"}]
                      ports: [{name: http, containerPort: 3000}]
                      readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: plain}
            spec:
              selector: {app: plain}
              ports: [{port: 80, targetPort: http}]
            """
                .formatted(Hub.IMAGE_1),
            "apply",
            "-f",
            "-")
        .orFail();
    cluster.kubectl("rollout", "status", "deployment/plain", "--timeout=60s").orFail();
  }

  @Test
  void loadSeesThatAServiceIsGoneAndThatItIsBack() {
    try (Load load = Load.start(cluster.service("plain", 80), 20, Load.Request.get("/healthz"))) {
      await().until(() -> load.sent() > 40);
      assertThat(load.stop().failures()).isEmpty();
    }
    try (Load load = Load.start(cluster.service("plain", 80), 20, Load.Request.get("/healthz"))) {
      cluster.kubectl("scale", "deployment/plain", "--replicas=0").orFail();
      await().until(() -> load.sent() > 60);
      assertThat(load.stop().failures()).isNotEmpty();
    } finally {
      cluster.kubectl("scale", "deployment/plain", "--replicas=1").orFail();
      cluster.kubectl("rollout", "status", "deployment/plain", "--timeout=60s").orFail();
    }
  }

  @Test
  void inventorySeesWhoWroteWhat() {
    cluster.kubectl("create", "configmap", "still").orFail();
    cluster.kubectl("create", "configmap", "doomed").orFail();
    write("mine", "1");
    Inventory before = Inventory.of(cluster);
    assertThat(before.changed(Inventory.of(cluster))).isEmpty();

    cluster.kubectl("label", "configmap", "still", "touched=yes").orFail();
    cluster.kubectl("delete", "configmap", "doomed").orFail();
    // The time in managedFields is to the second.
    await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
    write("mine", "2");
    write("new", "1");
    Inventory after = Inventory.of(cluster);

    assertThat(before.changed(after))
        .containsExactlyInAnyOrder(
            "ConfigMap/doomed", "ConfigMap/mine", "ConfigMap/new", "ConfigMap/still");
    assertThat(before.writtenByOperator(after))
        .isEqualTo(Set.of("ConfigMap/mine", "ConfigMap/new"));

    write("mine", "2");
    assertThat(after.changed(Inventory.of(cluster))).isEmpty();
  }

  @Test
  void toolsAreInThePod() {
    InCluster tools = InCluster.stranger(cluster);
    tools.write("/tmp/words", "some words");

    assertThat(tools.run("cat", "/tmp/words").orFail()).isEqualTo("some words");
    assertThat(tools.run("psql", "--version").orFail()).contains("16.");
    assertThat(tools.run("openssl", "version").orFail()).contains("OpenSSL");
    assertThat(tools.run("redis-cli", "--version").orFail()).contains("redis-cli");
    assertThat(tools.run("curl", "-sf", "http://plain/healthz").orFail()).contains("alive");
    assertThat(tools.run("false").ok()).isFalse();
  }

  @Test
  void dumpHoldsObjectsEventsAndLogsButNoSecrets(@TempDir Path directory) throws Exception {
    cluster
        .kubectl("create", "secret", "generic", "hush", "--from-literal=word=abracadabra")
        .orFail();

    Dump.of(directory, cluster.namespace());

    assertThat(Files.readString(directory.resolve("objects.yaml")))
        .contains("kind: Deployment")
        .doesNotContain("YWJyYWNhZGFicmE");
    assertThat(Files.readString(directory.resolve("overview.txt"))).contains("secret/hush");
    assertThat(Files.readString(directory.resolve("events.txt"))).contains("ScalingReplicaSet");
    try (var files = Files.list(directory)) {
      assertThat(files.map(it -> it.getFileName().toString()))
          .anyMatch(it -> it.matches("plain-.*\\.log"));
    }
  }

  private static void write(String name, String value) {
    cluster
        .kubectlWith(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: %s}
            data: {value: "%s"}
            """
                .formatted(name, value),
            "apply",
            "--server-side",
            "--field-manager=studyhub-operator",
            "-f",
            "-")
        .orFail();
  }
}
