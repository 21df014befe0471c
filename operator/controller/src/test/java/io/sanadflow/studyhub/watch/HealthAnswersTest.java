package io.sanadflow.studyhub.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthAnswersTest {

  private final Watched hubs = new Watched();
  private Instant now = Watched.NOW;

  private HealthAnswers.Reply ask(Optional<String> token) {
    return new HealthAnswers(hubs, Clock.fixed(now, ZoneOffset.UTC))
        .answer("study", "pilot", token);
  }

  private static JsonNode body(HealthAnswers.Reply reply) throws Exception {
    return new ObjectMapper().readTree(reply.body());
  }

  private static WatchedHub with(WatchedHub hub, ProbeReport report) {
    return new WatchedHub(
        hub.resource(), hub.hub(), report, hub.asked(), hub.lastDump(), List.of(), hub.now());
  }

  @Test
  void aHubThatIsWellIsHealthyWithAllItsChecks() throws Exception {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    HealthAnswers.Reply reply = ask(Optional.empty());
    // Of the parts' own conditions there are none yet, so the hub is not healthy to a machine.
    assertThat(reply.code()).isEqualTo(503);
    hubs.hubs.set(0, Watched.complete(hubs.hubs.get(0)));
    reply = ask(Optional.empty());
    assertThat(reply.code()).isEqualTo(200);
    JsonNode body = body(reply);
    assertThat(body.path("status").asText()).isEqualTo("healthy");
    assertThat(body.path("timestamp").asText()).isEqualTo("2026-11-25T11:59:53Z");
    assertThat(body.path("checks").fieldNames())
        .toIterable()
        .containsExactly("database", "redis", "disk", "app", "pooler", "backup");
    assertThat(body.path("checks").path("database").path("latencyMs").asDouble()).isEqualTo(12);
    assertThat(body.path("checks").path("backup").path("detail").asText())
        .contains("2026-11-24T18:00:00Z");
  }

  @Test
  void aPartThatDoesNotAnswerMakesItDegradedAndSaysWhy() throws Exception {
    WatchedHub hub = Watched.complete(Watched.well("pilot", Watched.PUBLIC));
    ProbeReport was = hub.report();
    hubs.hubs.add(
        with(
            hub,
            new ProbeReport(
                was.database(),
                Map.of("pilot-1", Answer.failed("PgBouncer: no answer in time")),
                was.redis(),
                was.app(),
                false,
                ProbeReport.Restart.NONE)));
    HealthAnswers.Reply reply = ask(Optional.empty());
    assertThat(reply.code()).isEqualTo(503);
    assertThat(body(reply).path("status").asText()).isEqualTo("degraded");
    assertThat(body(reply).path("checks").path("pooler").path("ok").asBoolean()).isFalse();
    assertThat(body(reply).path("checks").path("pooler").path("detail").asText())
        .isEqualTo("PgBouncer: no answer in time");
    assertThat(body(reply).path("checks").path("database").path("ok").asBoolean()).isTrue();
  }

  @Test
  void aBackupThatIsLateMakesItDegraded() throws Exception {
    hubs.hubs.add(Watched.complete(Watched.well("pilot", Watched.PUBLIC)));
    now = Instant.parse("2026-11-25T21:00:00Z");
    assertThat(ask(Optional.empty()).code()).isEqualTo(503);
    assertThat(body(ask(Optional.empty())).path("checks").path("backup").path("ok").asBoolean())
        .isFalse();
  }

  @Test
  void detailsMayNeedAToken() throws Exception {
    hubs.hubs.add(
        Watched.complete(
            Watched.well(
                "pilot",
                Watched.PUBLIC.replace(
                    "statusPage: Public", "health: {tokenSecret: {name: t, key: token}}"))));
    HealthAnswers.Reply without = ask(Optional.empty());
    assertThat(without.code()).isEqualTo(200);
    assertThat(body(without).fieldNames()).toIterable().containsExactly("status", "timestamp");
    assertThat(ask(Optional.of("open barley")).code()).isEqualTo(401);
    assertThat(body(ask(Optional.of("open sesame"))).path("checks").size()).isEqualTo(6);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(ask(Optional.empty()).code()).isEqualTo(404);
  }
}
