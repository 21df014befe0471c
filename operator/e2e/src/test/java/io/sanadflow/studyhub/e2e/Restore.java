package io.sanadflow.studyhub.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;

/** Backups and restores of one hub, made with kubectl, and its databases as the superuser sees. */
final class Restore {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration LIMIT = Duration.ofMinutes(6);

  private final Cluster cluster;
  private final String hub;

  Restore(Cluster cluster, String hub) {
    this.cluster = cluster;
    this.hub = hub;
  }

  /** Makes a dump of this name, and waits until it is there. */
  void back(String name) {
    backup(name, "Dump");
  }

  /** Makes a base backup of this name, and waits until it is there. */
  void base(String name) {
    backup(name, "Base");
  }

  private void backup(String name, String type) {
    apply("StudyHubBackup", name, "type: " + type);
    await("backup " + name)
        .atMost(LIMIT)
        .until(() -> succeeded(get("StudyHubBackup", name)).path("status").asText().equals("True"));
  }

  /** Asks for a restore; {@code spec} is YAML in flow style without its braces. */
  void create(String name, String spec) {
    apply("StudyHubRestore", name, spec);
  }

  private void apply(String kind, String name, String spec) {
    cluster
        .kubectlWith(
            """
            apiVersion: sanadflow.io/v1alpha1
            kind: %s
            metadata: {name: %s}
            spec: {hubRef: {name: %s}, %s}
            """
                .formatted(kind, name, hub, spec),
            "apply",
            "-f",
            "-")
        .orFail();
  }

  /** The status of a restore. */
  JsonNode status(String name) {
    return get("StudyHubRestore", name).path("status");
  }

  /** The reason of a restore's condition. */
  String reason(String name) {
    return succeeded(get("StudyHubRestore", name)).path("reason").asText();
  }

  /** Waits until a restore is over, in the phase wanted. */
  void awaitPhase(String name, String phase, Duration limit) {
    await("restore " + name + " is " + phase)
        .atMost(limit)
        .until(() -> List.of("Succeeded", "Failed").contains(status(name).path("phase").asText()));
    String now = status(name).path("phase").asText();
    if (!now.equals(phase)) {
      throw new AssertionError(name + " is " + now + ": " + status(name));
    }
  }

  /** Whether a restore has got to a phase, or further. */
  boolean isOrIsPast(String name, String phase) {
    List<String> order = List.of("", "Waiting", "Loading", "Swapping", "Succeeded", "Failed");
    return order.indexOf(status(name).path("phase").asText()) >= order.indexOf(phase);
  }

  private JsonNode get(String kind, String name) {
    GenericKubernetesResource found =
        cluster
            .client()
            .genericKubernetesResources("sanadflow.io/v1alpha1", kind)
            .inNamespace(cluster.namespace())
            .withName(name)
            .require();
    return JSON.valueToTree(found);
  }

  private static JsonNode succeeded(JsonNode object) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Succeeded")) {
        return condition;
      }
    }
    return JSON.createObjectNode();
  }

  /** Runs a statement as superuser in a database of the hub's server. */
  String sql(String database, String statement) {
    return cluster
        .kubectl(
            "exec",
            hub + "-db-0",
            "--",
            "psql",
            "-h",
            "/var/run/postgresql",
            "-U",
            "postgres",
            "-d",
            database,
            "-qtAXc",
            statement)
        .orFail()
        .strip();
  }

  /** The databases of the hub's server, a line each. */
  String databases() {
    return sql("postgres", "SELECT datname FROM pg_database ORDER BY 1");
  }
}
