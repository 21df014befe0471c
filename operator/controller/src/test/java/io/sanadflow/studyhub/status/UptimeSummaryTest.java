package io.sanadflow.studyhub.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus.Uptime;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Span;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.probe.Reach;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UptimeSummaryTest {

  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private static final String APP = "app: {image: \"ghcr.io/sanadflow/hub:1\"}\n";

  private Hub hub = Hubs.resolved(Hubs.withSpec(APP));
  private final List<Span> absences = new ArrayList<>();
  private Optional<Reach> reach = Optional.empty();
  private Instant now = START;
  private @Nullable Uptime uptime;

  private static Instant at(String time) {
    return Instant.parse("2026-11-" + time + "Z");
  }

  /** A visit at a moment; whether the status would be written. */
  private boolean visit(Instant moment) {
    now = moment;
    ProbeReport report =
        new ProbeReport(
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            ProbeReport.Restart.NONE,
            Optional.empty(),
            reach);
    Observed nothing = Observed.nothing(Set.of(), "system");
    Observed observed =
        new Observed(
            Map.of(),
            List.of(),
            report,
            Set.of(),
            "",
            "",
            "system",
            nothing.operatorImage(),
            List.of(),
            moment);
    Uptime before = uptime;
    uptime =
        UptimeSummary.uptime(
            hub, observed, Optional.ofNullable(before).map(UptimeSummaryTest::status), absences);
    return !Objects.equals(before, uptime);
  }

  private static StudyHubStatus status(Uptime uptime) {
    return new StudyHubStatus(
        1L, "", List.of(), null, null, null, null, null, null, null, null, uptime, null);
  }

  private void up(Instant since) {
    reach = Optional.of(new Reach(true, since, ""));
  }

  private void down(Instant since) {
    reach = Optional.of(new Reach(false, since, "no pod is ready"));
  }

  private Uptime told() {
    return Objects.requireNonNull(uptime);
  }

  @Test
  void aHubHasNoUptimeBeforeItsAppAnsweredFirst() {
    down(START);
    assertThat(visit(START)).isFalse();
    assertThat(uptime).isNull();
    up(at("01T00:01:00"));
    assertThat(visit(at("01T00:01:10"))).isTrue();
    assertThat(told().state()).isEqualTo("Up");
    assertThat(told().since()).isEqualTo("2026-11-01T00:01:00Z");
    assertThat(told().month()).isEqualTo("100.00%");
    assertThat(told().errorBudgetLeft()).isEqualTo("100%");
  }

  @Test
  void nothingIsWrittenWhileNothingHappens() {
    up(START);
    visit(START);
    for (int day = 2; day < 28; day++) {
      assertThat(visit(START.plus(Duration.ofDays(day)))).as("day %d", day).isFalse();
    }
  }

  @Test
  void anOutageIsWrittenWhenItBeginsAndWhenItEnds() {
    up(START);
    visit(START);
    down(at("11T00:00:00"));
    assertThat(visit(at("11T00:00:01"))).isTrue();
    assertThat(told().state()).isEqualTo("Down");
    assertThat(visit(at("11T00:20:00"))).as("it goes on").isFalse();
    up(at("11T00:36:00"));
    assertThat(visit(at("11T00:36:01"))).isTrue();
    assertThat(told().state()).isEqualTo("Up");
    assertThat(told().outages())
        .containsExactly(
            new StudyHubStatus.Outage(
                "2026-11-11T00:00:00Z", "2026-11-11T00:36:00Z", "no pod is ready"));
    // 36 minutes of 10 days are 0.25 %; of the 3.6 hours that 99.5 % allows in 30 days they are a
    // sixth.
    assertThat(told().month()).isEqualTo("99.75%");
    assertThat(told().errorBudgetLeft()).isEqualTo("83%");
  }

  @Test
  void theFiguresAreComputedAnewOnceADay() {
    anOutageIsWrittenWhenItBeginsAndWhenItEnds();
    assertThat(visit(at("11T23:59:00"))).isFalse();
    assertThat(visit(at("12T00:00:10"))).isTrue();
    assertThat(told().month()).isEqualTo("99.77%");
    assertThat(visit(at("12T18:00:00"))).isFalse();
  }

  @Test
  void theAbsenceOfTheOperatorIsNeitherUpNorDown() {
    up(START);
    visit(START);
    down(at("11T00:00:00"));
    visit(at("11T00:00:01"));
    // Nobody looked from 00:06 to 00:30; whoever came then found it up.
    absences.add(new Span(at("11T00:06:00"), at("11T00:30:00")));
    up(at("11T00:30:00"));
    visit(at("11T00:30:01"));
    Availability.Share share =
        Availability.of(told(), hub.monitoring(), absences, now)
            .last(Availability.MONTH, at("11T00:30:00"));
    assertThat(share.down()).isEqualTo(Duration.ofMinutes(6));
    assertThat(share.known()).isEqualTo(Duration.ofDays(10).plusMinutes(6));
  }

  @Test
  void aSuspendedHubIsNotDown() {
    up(START);
    visit(START);
    Hub awake = hub;
    hub = Hubs.resolved(Hubs.withSpec(APP + "suspend: true\n"));
    reach = Optional.empty();
    assertThat(visit(at("05T00:00:00"))).isTrue();
    assertThat(told().state()).isEqualTo("Suspended");
    assertThat(visit(at("05T12:00:00"))).isFalse();
    hub = awake;
    down(at("07T00:00:00"));
    assertThat(visit(at("07T00:00:01"))).as("it starts").isFalse();
    up(at("07T00:01:00"));
    assertThat(visit(at("07T00:01:01"))).isTrue();
    assertThat(told().pauses())
        .containsExactly(new StudyHubStatus.Pause("2026-11-05T00:00:00Z", "2026-11-07T00:01:00Z"));
    assertThat(told().outages()).isNull();
    assertThat(told().month()).isEqualTo("100.00%");
  }

  @Test
  void maintenanceDoesNotCount() {
    hub =
        Hubs.resolved(
            Hubs.withSpec(
                APP
                    + "monitoring: {maintenanceWindows: [{schedule: \"0 2 * * *\", duration: 1h,"
                    + " timeZone: UTC}]}\n"));
    up(START);
    visit(START);
    down(at("11T01:58:00"));
    visit(at("11T01:58:01"));
    up(at("11T02:50:00"));
    visit(at("11T02:50:01"));
    Availability.Share share =
        Availability.of(told(), hub.monitoring(), absences, now)
            .during(new Span(at("11T00:00:00"), at("12T00:00:00")), at("11T02:50:00"));
    assertThat(share.down()).isEqualTo(Duration.ofMinutes(2));
    assertThat(share.known()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void manyOutagesStayFewInTheStatusAndAsLong() {
    up(START);
    visit(START);
    for (int i = 0; i < 120; i++) {
      Instant begin = START.plus(Duration.ofHours(1 + i));
      down(begin);
      visit(begin);
      up(begin.plusSeconds(60));
      visit(begin.plusSeconds(60));
    }
    assertThat(told().outages()).hasSize(50);
    assertThat(
            Availability.of(told(), hub.monitoring(), absences, now)
                .last(Availability.MEMORY, now)
                .down())
        .isEqualTo(Duration.ofMinutes(120));
  }

  @Test
  void whatIsOlderThanNinetyDaysIsForgotten() {
    anOutageIsWrittenWhenItBeginsAndWhenItEnds();
    visit(START.plus(Duration.ofDays(101)));
    assertThat(told().outages()).isNull();
    assertThat(told().days90()).isEqualTo("100.00%");
  }

  @Test
  void aTargetOfAllTimeHasNoBudget() {
    Availability availability =
        new Availability(START, List.of(new Span(START, START.plusSeconds(1))), List.of());
    assertThat(availability.budgetLeft(1, START.plusSeconds(10))).isNegative();
    assertThat(new Availability(START, List.of(), List.of()).budgetLeft(1, START.plusSeconds(9)))
        .isEqualTo(1);
  }
}
