package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.fixture.Fixed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsComponentTest {

  private static final LogsComponent LOGS = new LogsComponent();

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Hub hub(String more) {
    return Hubs.resolved(
        Hubs.withSpec(
            "app: {image: hub}\nmonitoring: {logs: {endpoint: \"https://logs.example.org\""
                + more
                + "}}"));
  }

  private static List<HasMetadata> desired(Hub hub) {
    return LOGS.desired(hub, Fixed.material(hub), Observed.nothing(Set.of(), "studyhub-system"));
  }

  private static Optional<Health> health(Hub hub, int ready, String progressing) {
    Map<ObjectKey, HasMetadata> objects = new HashMap<>();
    objects.put(
        new ObjectKey("Deployment", "pilot-logs"),
        new DeploymentBuilder()
            .withNewStatus()
            .withReadyReplicas(ready)
            .addNewCondition()
            .withType("Progressing")
            .withReason(progressing)
            .endCondition()
            .endStatus()
            .build());
    Observed nothing = Observed.nothing(Set.of(), "studyhub-system");
    return LOGS.health(
        hub,
        new Observed(
            objects,
            List.of(),
            nothing.report(),
            Set.of(),
            "",
            "",
            "studyhub-system",
            nothing.operatorImage(),
            List.of(),
            Instant.EPOCH));
  }

  @Test
  void aPodThatDoesNotSendDegradesTheHubAndSaysWhereToLook() {
    assertThat(health(hub(""), 1, "NewReplicaSetAvailable")).isEmpty();
    assertThat(health(hub(""), 0, "ReplicaSetUpdated"))
        .get()
        .extracting(Health::phase)
        .isEqualTo(Phase.PROGRESSING);
    for (String reason : List.of("NewReplicaSetAvailable", "ProgressDeadlineExceeded")) {
      Health health = health(hub(""), 0, reason).orElseThrow();
      assertThat(health.phase()).isEqualTo(Phase.LACKING);
      assertThat(health.reason()).isEqualTo("LogsNotSent");
      assertThat(health.message())
          .contains("logs.example.org", "kubectl logs deployment/pilot-logs -c reader");
    }
    assertThat(health(Hubs.resolved(Hubs.withSpec("app: {image: hub}")), 0, "x")).isEmpty();
  }

  @Test
  void theTokenIsInAFileAloneAndTheApiTokenWithTheReaderAlone() {
    String objects = desired(hub(", tokenSecret: {name: logs, key: t}")).toString();
    assertThat(objects).contains("/etc/studyhub/logs-token/t");
    String without = desired(hub("")).toString();
    assertThat(without).doesNotContain("bearertokenauth", "logs-token");
  }

  private static String config(Hub hub) {
    return desired(hub).stream()
        .filter(ConfigMap.class::isInstance)
        .map(it -> ((ConfigMap) it).getData().get("collector.yaml"))
        .findFirst()
        .orElseThrow();
  }

  private static String collector() {
    Optional<String> program =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(it -> it + "/otelcol-contrib")
            .filter(it -> new File(it).canExecute())
            .findFirst();
    Assumptions.assumeTrue(program.isPresent(), "there is no otelcol-contrib on the PATH");
    return program.get();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /**
   * The shipped configuration in the real collector: what the lines become, and that none is lost.
   */
  @Test
  void linesOfEachPartGetTheirFieldsAndWaitForAReceiverThatIsAway(@TempDir Path directory)
      throws Exception {
    String program = collector();
    ConcurrentLinkedQueue<JsonNode> taken = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<String> tokens = new ConcurrentLinkedQueue<>();
    int[] refusals = {2};
    HttpServer receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          if (refusals[0]-- > 0) {
            exchange.sendResponseHeaders(503, -1);
          } else {
            taken.add(body);
            exchange.sendResponseHeaders(202, -1);
          }
          exchange.close();
        });
    receiver.start();
    Files.createDirectories(directory.resolve("lines"));
    Files.writeString(directory.resolve("token"), "the-token\n");
    Files.writeString(
        directory.resolve("lines/lines-00000000000000001.json"),
        line(
                "database",
                "postgres",
                "2026-11-25 20:00:00.123 UTC [7] hub_app@hub LOG:  duration: 701.5 ms  execute <unnamed>: SELECT pg_sleep(0.7)")
            + line("database", "postgres", "\tFROM notes")
            + line("database", "postgres", "2026-11-25 20:00:01.123 UTC [1] ERROR:  odd")
            + line("app", "pooler", "2026-11-25 20:00:00.1 UTC [1] LOG kept whole")
            + line(
                "app",
                "pooler",
                "2026-11-25 20:00:00.123 UTC [1] WARNING C-0x5f: hub/hub_app@127.0.0.1:5123 pooler error: no more connections allowed")
            + line("app", "app", "{\"level\":\"info\"}")
            + line("redis", "redis", "1:M 25 Nov 2026 20:00:00.123 # Out of space"));
    Path config = directory.resolve("collector.yaml");
    Files.writeString(
        config,
        config(hub(", tokenSecret: {name: logs, key: token}"))
            .replace("/etc/studyhub/logs-token", directory.toString())
            .replace("/var/lib/studyhub/lines", directory.resolve("lines").toString())
            .replace("/var/lib/otelcol", directory.resolve("queue").toString())
            .replace("0.0.0.0:13133", "127.0.0.1:" + freePort())
            .replace("port: 8888", "port: " + freePort())
            .replace(
                "https://logs.example.org/v1/logs",
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/logs"));
    Process process =
        new ProcessBuilder(program, "--config=" + config)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile())
            .start();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> records(taken).size() >= 6 || !process.isAlive());
      assertThat(process.isAlive()).as(Files.readString(directory.resolve("said"))).isTrue();
    } finally {
      process.destroy();
      process.waitFor(20, TimeUnit.SECONDS);
      receiver.stop(0);
    }
    assertThat(tokens).isNotEmpty().containsOnly("Bearer the-token");
    Map<String, JsonNode> records = records(taken);
    assertThat(records.keySet())
        .containsExactlyInAnyOrder(
            "duration: 701.5 ms  execute <unnamed>: SELECT pg_sleep(0.7)\n\tFROM notes",
            "odd",
            "2026-11-25 20:00:00.1 UTC [1] LOG kept whole",
            "pooler error: no more connections allowed",
            "{\"level\":\"info\"}",
            "Out of space");
    JsonNode slow =
        records.get("duration: 701.5 ms  execute <unnamed>: SELECT pg_sleep(0.7)\n\tFROM notes");
    assertThat(attribute(slow, "duration_ms").path("doubleValue").asDouble()).isEqualTo(701.5);
    assertThat(attribute(slow, "statement").path("stringValue").asText())
        .isEqualTo("SELECT pg_sleep(0.7)\n\tFROM notes");
    assertThat(attribute(slow, "user").path("stringValue").asText()).isEqualTo("hub_app");
    assertThat(slow.path("timeUnixNano").asText()).isEqualTo("1795636800500000001");
    assertThat(records.get("odd").path("severityText").asText()).isEqualTo("ERROR");
    assertThat(attribute(records.get("odd"), "user").isMissingNode()).isTrue();
    JsonNode pooler = records.get("pooler error: no more connections allowed");
    assertThat(attribute(pooler, "database").path("stringValue").asText()).isEqualTo("hub");
    assertThat(attribute(pooler, "peer").path("stringValue").asText()).isEqualTo("127.0.0.1:5123");
    assertThat(pooler.path("severityNumber").asInt()).isEqualTo(13);
    assertThat(records.get("Out of space").path("severityNumber").asInt()).isEqualTo(13);
  }

  @Test
  void eachFormOfTheConfigurationIsValid(@TempDir Path directory) throws Exception {
    String program = collector();
    Path authority = directory.resolve("ca.crt");
    for (String more :
        List.of("", ", tokenSecret: {name: a, key: b}", ", caSecret: {name: campus}")) {
      Path config = directory.resolve("collector.yaml");
      Files.writeString(
          config, config(hub(more)).replace("/etc/studyhub/logs-ca/ca.crt", authority.toString()));
      Process process =
          new ProcessBuilder(program, "validate", "--config=" + config)
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor()).as(more + said).isZero();
    }
  }

  private static String line(String component, String container, String log) {
    return "{\"time\":\"2026-11-25T20:00:00.500000001Z\",\"component\":\""
        + component
        + "\",\"pod\":\"pilot-1\",\"uid\":\"u1\",\"container\":\""
        + container
        + "\",\"log\":"
        + JSON.valueToTree(log)
        + "}\n";
  }

  /** The records by their bodies. */
  private static Map<String, JsonNode> records(Iterable<JsonNode> bodies) {
    Map<String, JsonNode> records = new HashMap<>();
    for (JsonNode body : bodies) {
      for (JsonNode resource : body.path("resourceLogs")) {
        assertThat(
                attribute(resource.path("resource"), "service.name").path("stringValue").asText())
            .isEqualTo("pilot");
        for (JsonNode scope : resource.path("scopeLogs")) {
          scope
              .path("logRecords")
              .forEach(it -> records.put(it.path("body").path("stringValue").asText(), it));
        }
      }
    }
    return records;
  }

  private static JsonNode attribute(JsonNode record, String name) {
    for (JsonNode it : record.path("attributes")) {
      if (it.path("key").asText().equals(name)) {
        return it.path("value");
      }
    }
    return record.path("attributes").path(name);
  }
}
