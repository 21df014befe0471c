package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the operator tells of a hub to those who watch, and how right it is about an outage. */
@ExtendWith(Installed.class)
class WatchedIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Node node = new Node(cluster);

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final String SPEC =
      "{app: {image: \"%s\"}, monitoring: {statusPage: Public, probeInterval: 5s, health: {}}}"
          .formatted(Hub.IMAGE_1);

  @BeforeAll
  static void serve() {
    hub.apply(SPEC).orFail();
    hub.awaitReady(Duration.ofMinutes(4));
    node.prepare();
  }

  @AfterAll
  static void sheathe() {
    node.close();
  }

  private static Shell.Result get(String path) {
    return cluster.kubectl(
        "get",
        "--raw",
        "/api/v1/namespaces/%s/services/%s:http/proxy%s"
            .formatted(Operator.NAMESPACE, Operator.NAME, path));
  }

  private static String path(String file) {
    return "/status/" + cluster.namespace() + "/" + hub.name() + "/" + file;
  }

  private static JsonNode uptime() {
    return hub.get().path("status").path("uptime");
  }

  private static void awaitUptime(String state) {
    await(state)
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> uptime().path("state").asText().equals(state));
  }

  @Test
  void figuresHealthAndPageTellOfTheHub() {
    awaitUptime("Up");
    String labels = "{hub=\"%s\",namespace=\"%s\"}".formatted(hub.name(), cluster.namespace());
    assertThat(get("/metrics").orFail().lines())
        .contains(
            "studyhub_up" + labels + " 1.0", "studyhub_database_max_connections" + labels + " 50.0")
        .anyMatch(it -> it.startsWith("studyhub_pooler_server_connections{hub=\"" + hub.name()));
    JsonNode health =
        Serialization.unmarshal(
            get("/hubs/" + cluster.namespace() + "/" + hub.name() + "/health").orFail(),
            JsonNode.class);
    assertThat(health.path("status").asText()).isEqualTo("healthy");
    assertThat(health.path("checks").path("database").path("ok").asBoolean()).isTrue();
    assertThat(get("/status").orFail()).contains(hub.name());
    assertThat(get(path("badge.svg")).orFail()).contains(hub.name() + ": up");
    assertThat(get("/status/" + cluster.namespace() + "/absent/badge.svg").code()).isNotZero();
  }

  @Test
  void anOutageIsToldRightWithinAProbeAtEachEnd() {
    awaitUptime("Up");
    int before = uptime().path("outages").size();
    Pod pod = hub.pods("app").get(0);

    Instant from = Instant.now();
    node.signal(pod, "^node ", "STOP");
    try {
      awaitUptime("Down");
      assertThat(get("/status").orFail()).contains(hub.name() + " is down", "goes on");
      assertThat(get("/hubs/" + cluster.namespace() + "/" + hub.name() + "/health").code())
          .isNotZero();
      await().pollDelay(Duration.ofSeconds(30)).atMost(Duration.ofSeconds(35)).until(() -> true);
    } finally {
      node.signal(pod, "^node ", "CONT");
    }
    Instant to = Instant.now();
    awaitUptime("Up");

    List<JsonNode> outages = List.copyOf(uptime().path("outages").findParents("start"));
    assertThat(outages).hasSize(before + 1);
    JsonNode outage = outages.get(before);
    // The interval lies between the end of a round and the begin of the next, and a round takes its
    // time on a busy machine.
    Duration lee = INTERVAL.plusSeconds(5);
    assertThat(Instant.parse(outage.path("start").asText()))
        .isBetween(from.minusSeconds(1), from.plus(lee));
    assertThat(Instant.parse(outage.path("end").asText()))
        .isBetween(to.minusSeconds(2), to.plus(lee));
    assertThat(get(path("feed.atom")).orFail()).contains(outage.path("start").asText());
    hub.awaitReady(Duration.ofMinutes(2));
  }
}
