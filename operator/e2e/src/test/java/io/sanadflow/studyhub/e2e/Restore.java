package io.sanadflow.studyhub.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
    ask(name, type);
    JsonNode outcome = outcome(name);
    if (!outcome.path("status").asText().equals("True")) {
      throw new AssertionError("backup " + name + " failed: " + outcome);
    }
  }

  /** Asks for a backup: Dump or Base. */
  void ask(String name, String type) {
    apply("StudyHubBackup", name, "type: " + type);
  }

  /** Waits until a backup that was asked for has ended, and gives its condition. */
  JsonNode outcome(String name) {
    await("backup " + name)
        .atMost(LIMIT)
        .until(
            () ->
                List.of("True", "False")
                    .contains(succeeded(get("StudyHubBackup", name)).path("status").asText()));
    return succeeded(get("StudyHubBackup", name));
  }

  /** The status of a backup. */
  JsonNode backupStatus(String name) {
    return get("StudyHubBackup", name).path("status");
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
    return condition(name).path("reason").asText();
  }

  /** A restore's condition. */
  JsonNode condition(String name) {
    return succeeded(get("StudyHubRestore", name));
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

  /** The StudyHubRestore that the operator made to fill a new hub, once it is there. */
  Optional<String> bootstrapped() {
    return cluster
        .kubectl("get", "studyhubrestores", "-o", "name")
        .orFail()
        .lines()
        .map(it -> it.substring(it.indexOf('/') + 1))
        .filter(it -> it.startsWith(hub + "-bootstrap-"))
        .findFirst();
  }

  /** The pods of dumps and base backups that have not ended. */
  List<Pod> running() {
    return new Hub(cluster, hub)
        .pods("backup").stream()
            .filter(it -> "backup".equals(it.getMetadata().getLabels().get("sanadflow.io/run")))
            .filter(it -> !List.of("Succeeded", "Failed").contains(it.getStatus().getPhase()))
            .toList();
  }

  /** Fills a table with what compresses badly, so that a dump has four parts. */
  void ballast() {
    sql(
        "hub",
        "CREATE TABLE ballast AS SELECT string_agg(md5(random()::text), '') AS content FROM"
            + " generate_series(1, 1000000) i GROUP BY i % 32");
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
