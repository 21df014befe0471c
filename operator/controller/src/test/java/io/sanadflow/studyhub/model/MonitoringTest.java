package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitoringTest {

  private static final Instant T = Instant.parse("2026-11-25T12:00:00Z");

  private static Span span(int from, int to) {
    return new Span(T.plusSeconds(from), T.plusSeconds(to));
  }

  @Test
  void spansAreAddedAndTakenAway() {
    assertThat(Span.union(List.of(span(5, 9), span(0, 3), span(2, 6), span(8, 8))))
        .containsExactly(span(0, 9));
    assertThat(Span.without(List.of(span(0, 10)), List.of(span(2, 4), span(9, 20))))
        .containsExactly(span(0, 2), span(4, 9));
    assertThat(Span.without(List.of(span(0, 10)), List.of(span(0, 10)))).isEmpty();
    assertThat(Span.sum(List.of(span(0, 3), span(9, 4)))).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void maintenanceIsAtTheTimesOfItsZone() {
    Monitoring monitoring =
        Hubs.resolved(
                Hubs.withSpec(
                    """
                    app: {image: hub}
                    monitoring:
                      uptimeTarget: "99.9"
                      maintenanceWindows: [{schedule: "0 3 * * *", duration: 2h}]
                    """))
            .monitoring();
    assertThat(monitoring.uptimeTarget()).isEqualTo(0.999);
    // 03:00 in Singapore; the window that has begun before is one of them.
    assertThat(
            monitoring.maintenance(
                Instant.parse("2026-11-24T20:00:00Z"), Instant.parse("2026-11-25T20:00:00Z")))
        .containsExactly(
            new Span(Instant.parse("2026-11-24T19:00:00Z"), Instant.parse("2026-11-24T21:00:00Z")),
            new Span(Instant.parse("2026-11-25T19:00:00Z"), Instant.parse("2026-11-25T21:00:00Z")));
  }

  @ParameterizedTest
  @CsvSource({
    "'schedule: often, duration: 1h', maintenanceWindows[0].schedule",
    "'schedule: 0 3 * * *, duration: 1s', 'duration: 1s is too short; 1m to 7d would work'",
    "'schedule: 0 3 * * *, duration: 1h, timeZone: Mars', 'timeZone: Mars is no time zone'",
  })
  void whatCannotBeReadIsTold(String window, String told) {
    String spec =
        "app: {image: hub}\nmonitoring: {maintenanceWindows: [{%s}]}"
            .formatted(window.replace("0 3 * * *", "\"0 3 * * *\""));
    assertThat(Hubs.problems(spec, Facts.NONE))
        .anySatisfy(it -> assertThat(it.toString()).contains(told));
  }
}
