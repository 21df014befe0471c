package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a hub's pods say arrives with its fields, whatever befalls the receiver on the way. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LogsIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Hub hub = new Hub(cluster, "heard");
  private static final String TOKEN = System.getenv().getOrDefault("SINK_TOKEN", "");
  private static Sink sink;

  /** A record that arrived. */
  private record Heard(String container, JsonNode record) {

    String body() {
      return record.path("body").path("stringValue").asText();
    }

    JsonNode attribute(String name) {
      return LogsIT.attribute(record, name);
    }
  }

  @BeforeAll
  static void aHubThatIsHeard() {
    Assumptions.assumeFalse(TOKEN.isEmpty(), "SINK_TOKEN is not set");
    sink = Sink.open();
    token(TOKEN);
    cluster.kubectl("delete", "secret", "sink-ca", "--ignore-not-found").orFail();
    cluster
        .kubectl(
            "create", "secret", "generic", "sink-ca", "--from-literal=ca.crt=" + Sink.authority())
        .orFail();
    hub.apply(
            """
            {app: {image: "%s"}, monitoring: {logs: {endpoint: "%s", caSecret: {name: sink-ca},
              tokenSecret: {name: logs-token, key: token}}}}
            """
                .formatted(Hub.IMAGE_1, Sink.url("/logs")))
        .orFail();
    hub.awaitReady(LIMIT);
  }

  @AfterAll
  static void cleanUp() {
    if (sink != null) {
      cluster.kubectl("delete", "studyhub", hub.name(), "--timeout=120s");
      cluster.kubectl("delete", "secret", "logs-token", "sink-ca");
    }
  }

  private static void token(String token) {
    cluster
        .kubectlWith(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: logs-token}
            stringData: {token: "%s"}
            """
                .formatted(token),
            "apply",
            "-f",
            "-")
        .orFail();
  }

  /** What has arrived of this hub, in the order of its arrival. */
  private static List<Heard> heard() {
    List<Heard> all = new ArrayList<>();
    for (JsonNode body : sink.taken("/logs")) {
      for (JsonNode resource : body.path("resourceLogs")) {
        JsonNode of = resource.path("resource");
        if (!attribute(of, "service.name").asText().equals(hub.name())
            || !attribute(of, "k8s.namespace.name").asText().equals(cluster.namespace())) {
          continue;
        }
        String container = attribute(of, "k8s.container.name").asText();
        assertThat(attribute(of, "k8s.pod.name").asText()).startsWith(hub.name() + "-");
        resource
            .path("scopeLogs")
            .forEach(
                scope -> scope.path("logRecords").forEach(it -> all.add(new Heard(container, it))));
      }
    }
    return all;
  }

  private static JsonNode attribute(JsonNode of, String name) {
    for (JsonNode it : of.path("attributes")) {
      if (it.path("key").asText().equals(name)) {
        return it.path("value").elements().next();
      }
    }
    return of.path("no such attribute");
  }

  private static Heard await1(String what, Predicate<Heard> wanted) {
    await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> heard().stream().anyMatch(wanted));
    return heard().stream().filter(wanted).findFirst().orElseThrow();
  }

  /** Runs a statement as the app's role. */
  private static void sql(String statement) {
    cluster
        .kubectl(
            "exec",
            hub.name() + "-db-0",
            "--",
            "env",
            "PGPASSWORD=" + hub.secret(hub.name() + "-db-auth", "app"),
            "psql",
            "host=localhost user=hub_app dbname=hub sslmode=require",
            "-qtAXc",
            statement)
        .orFail();
  }

  private static void say(int from, int to) {
    sql(
        "DO $$ BEGIN FOR i IN "
            + from
            + ".."
            + (to - 1)
            + " LOOP RAISE LOG 'numbered %', i; END LOOP; END $$");
  }

  private static Map<String, Integer> numbered() {
    Map<String, Integer> times = new TreeMap<>();
    heard().stream()
        .map(Heard::body)
        .filter(it -> it.startsWith("numbered "))
        .forEach(it -> times.merge(it, 1, Integer::sum));
    return times;
  }

  private static void awaitNumbered(int to) {
    await("all numbers once")
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> numbered().size() >= to);
    Map<String, Integer> each = new TreeMap<>();
    IntStream.range(0, to).forEach(it -> each.put("numbered " + it, 1));
    assertThat(numbered()).isEqualTo(each);
  }

  @Test
  @Order(1)
  void linesOfAllPartsArriveWithTheirFields() {
    Heard postgres =
        await1(
            "PostgreSQL", it -> it.body().equals("database system is ready to accept connections"));
    assertThat(postgres.container()).isEqualTo("postgres");
    assertThat(postgres.record().path("severityText").asText()).isEqualTo("LOG");
    assertThat(postgres.attribute("pid").asText()).isNotEmpty();
    Heard pooler = await1("PgBouncer", it -> it.container().equals("pooler"));
    assertThat(pooler.attribute("pid").asText()).isNotEmpty();
    assertThat(pooler.record().path("severityNumber").asInt()).isPositive();
    Heard redis = await1("Redis", it -> it.body().startsWith("Ready to accept connections"));
    assertThat(redis.container()).isEqualTo("redis");
    assertThat(redis.attribute("role").asText()).isEqualTo("M");
    Heard app = await1("the app", it -> it.container().equals("app"));
    assertThat(app.body()).isNotEmpty();
  }

  @Test
  @Order(2)
  void aSlowQueryArrivesWithItsTimeAndStatement() {
    sql("SELECT pg_sleep(0.7),\n  'slow on purpose'");
    Heard slow = await1("the slow query", it -> it.body().contains("slow on purpose"));
    assertThat(slow.attribute("duration_ms").asDouble()).isBetween(700.0, 5000.0);
    assertThat(slow.attribute("statement").asText())
        .startsWith("SELECT pg_sleep(0.7),\n")
        .endsWith("'slow on purpose'");
    assertThat(slow.attribute("user").asText()).isEqualTo("hub_app");
    assertThat(slow.attribute("database").asText()).isEqualTo("hub");
  }

  @Test
  @Order(3)
  void nothingIsLostOrDoubledWhileTheReceiverIsAwayAndAReaderEnds() {
    say(0, 100);
    awaitNumbered(100);
    sink.refuse("logs", 503, 4);
    say(100, 200);
    awaitNumbered(200);
    // The whole pod's reader is ended in the middle.
    say(200, 250);
    cluster
        .kubectl(
            "exec",
            "deployment/" + hub.name() + "-logs",
            "-c",
            "reader",
            "--",
            "sh",
            "-c",
            "kill 1")
        .orFail();
    say(250, 300);
    awaitNumbered(300);
  }

  @Test
  @Order(4)
  void aTokenThatIsRefusedIsToldAndClearsWithARightOne() {
    token("wrong");
    await("refused")
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(5))
        .until(
            () -> {
              sql("DO $$ BEGIN RAISE LOG 'knocks'; END $$");
              Hub.Condition degraded = hub.conditions().get("Degraded");
              return degraded.status().equals("True") && degraded.reason().equals("LogsNotSent");
            });
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("True");
    token(TOKEN);
    await("taken again")
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(5))
        .until(
            () -> {
              sql("DO $$ BEGIN RAISE LOG 'knocks'; END $$");
              return hub.conditions().get("Degraded").status().equals("False");
            });
  }

  @Test
  @Order(5)
  void theTokenIsInItsSecretAlone() {
    String objects =
        cluster
            .kubectl(
                "get",
                "studyhubs,deployments,configmaps,pods,events,networkpolicies,rolebindings",
                "-o",
                "yaml")
            .orFail();
    assertThat(objects).contains(hub.name() + "-logs-config").doesNotContain(TOKEN);
    for (String container : List.of("reader", "collector")) {
      assertThat(
              cluster
                  .kubectl("logs", "deployment/" + hub.name() + "-logs", "-c", container)
                  .orFail())
          .doesNotContain(TOKEN);
    }
  }
}
