package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A mistake in the spec is named, by condition and event or at once by the API, and the hub that
 * runs goes on serving all the while.
 */
@Tag("fast")
@ExtendWith(Installed.class)
class BadInputIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String GOOD = "{app: {image: \"" + Hub.IMAGE_1 + "\"}}";
  private static final Hub hub = new Hub(cluster, "pilot");

  private Load load;

  @BeforeAll
  static void aHubThatRuns() {
    hub.apply(GOOD).orFail();
    hub.awaitReady(LIMIT);
    hub.write("before the mistakes");
  }

  @BeforeEach
  void underLoad() {
    load = Load.start(hub.uri(), 5, Load.Request.get("/notes"));
  }

  /** The mistake is taken back, which must be enough. */
  @AfterEach
  void recovers() {
    try (Load running = load) {
      hub.apply(GOOD).orFail();
      hub.awaitReady(LIMIT);
      assertThat(hub.conditions().get("Stalled").status()).isEqualTo("False");
      Load.Report report = running.stop();
      assertThat(report.failures()).as("of %d requests", report.sent()).isEmpty();
      assertThat(hub.env().path("version").asInt()).isEqualTo(1);
      assertThat(hub.count()).isEqualTo(1);
    }
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("heap above the limit", "{app: {%s, nodeHeapMiB: 300}}", "nodeHeapMiB", "300"),
        mistake(
            "budget too small", "{app: {%s}, budget: {memory: 300Mi}}", "budget.memory", "300Mi"),
        mistake(
            "pools too large",
            "{app: {%s}, pooler: {maxDbConnections: 60}}",
            "maxDbConnections",
            "60"),
        mistake(
            "missing Secret",
            "{app: {%s, envFrom: [{secretRef: {name: not-there}}]}}",
            "not-there",
            "spec.app.envFrom"),
        mistake(
            "missing key",
            "{app: {%s, env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: pilot-ca, key: no-such-key}}}]}}",
            "no-such-key",
            "pilot-ca"),
        mistake(
            "not an image reference", "{app: {image: \"ghcr.io/Nobody//hub:1\"}}", "Nobody//hub"),
        mistake("volume that shrinks", "{app: {%s}, database: {storage: 1Gi}}", "storage", "1Gi"),
        mistake(
            "time zone that is none",
            "{app: {%s}, backup: {timeZone: Asia/Atlantis}}",
            "timeZone",
            "Asia/Atlantis"),
        mistake(
            "parameter that cannot be changed",
            "{app: {%s}, database: {parameters: {ssl_min_protocol_version: TLSv1.2}}}",
            "ssl_min_protocol_version"));
  }

  private static Arguments mistake(String name, String spec, String... told) {
    return Arguments.of(name, spec.formatted("image: \"" + Hub.IMAGE_1 + "\""), List.of(told));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void isRefusedByName(String name, String spec, List<String> told) {
    Inventory before = Inventory.of(cluster);

    Shell.Result applied = hub.apply(spec);

    if (applied.ok()) {
      hub.awaitCondition("Stalled", "True", LIMIT);
      assertThat(hub.conditions().get("Stalled").message()).contains(told);
      awaitWarning(told);
      List<String> written =
          before.writtenByOperator(Inventory.of(cluster)).stream()
              .filter(it -> !it.startsWith("StudyHub/"))
              .toList();
      assertThat(written).as("written although the spec is wrong").isEmpty();
    } else {
      assertThat(applied.err()).contains(told);
    }
  }

  @Test
  void failedMigrationKeepsTheOldVersion() {
    hub.apply(
            "{app: {image: \"" + Hub.IMAGE_2 + "\", env: [{name: FAIL_MIGRATION, value: \"1\"}]}}")
        .orFail();

    hub.awaitCondition("Stalled", "True", LIMIT);

    assertThat(hub.conditions().get("Stalled").message())
        .containsIgnoringCase("migration")
        .contains("FAIL_MIGRATION is set");
    awaitWarning(List.of("igration"));
    assertThat(hub.env().path("version").asInt()).isEqualTo(1);
  }

  @Test
  void wrongImageKeepsTheOldVersion() {
    hub.apply("{app: {image: \"ghcr.io/sanadflow/hub:no-such-tag\"}}").orFail();

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(hub.conditions().values())
                    .anySatisfy(
                        it -> {
                          assertThat(it.status()).isEqualTo("True");
                          assertThat(it.message()).contains("hub:no-such-tag");
                        }));
    awaitWarning(List.of("hub:no-such-tag"));
    assertThat(hub.env().path("version").asInt()).isEqualTo(1);
  }

  private static void awaitWarning(List<String> told) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(hub.events())
                    .anySatisfy(
                        it -> {
                          assertThat(it.getType()).isEqualTo("Warning");
                          assertThat(it.getMessage()).contains(told);
                        }));
  }
}
