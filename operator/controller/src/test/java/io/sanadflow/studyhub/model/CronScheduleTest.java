package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static List<String> times(String schedule, String after, ZoneId zone, int count) {
    CronSchedule cron = CronSchedule.parse(schedule);
    List<String> times = new ArrayList<>();
    Instant at = OffsetDateTime.parse(after).toInstant();
    for (int i = 0; i < count; i++) {
      at = cron.next(at, zone).orElseThrow();
      times.add(at.atZone(zone).toOffsetDateTime().toString());
    }
    // Going back finds the same times.
    List<String> back = new ArrayList<>();
    Instant before = at.plusNanos(1);
    for (int i = 0; i < count; i++) {
      before = cron.previous(before, zone).orElseThrow();
      back.add(before.atZone(zone).toOffsetDateTime().toString());
    }
    Collections.reverse(back);
    assertThat(back).as("%s backwards", schedule).isEqualTo(times);
    return times;
  }

  @ParameterizedTest
  @CsvSource({
    "0 2 * * *, 2026-03-02T02:00Z",
    "@hourly, 2026-03-01T13:00Z",
    "@daily, 2026-03-02T00:00Z",
    "@midnight, 2026-03-02T00:00Z",
    "@weekly, 2026-03-08T00:00Z",
    "@monthly, 2026-04-01T00:00Z",
    "@yearly, 2027-01-01T00:00Z",
    "@annually, 2027-01-01T00:00Z",
    "'*/15 2,3 * JAN-MAR 0', 2026-03-08T02:00Z",
    "5/20 * * * *, 2026-03-01T12:05Z",
    "1-5/2 * * * MON-FRI, 2026-03-02T00:01Z",
    "0 2 ? * sun, 2026-03-08T02:00Z",
    "0 0 13 * 5, 2026-03-06T00:00Z",
    "0 0 29 2 *, 2028-02-29T00:00Z",
    "'10,20 12 1 3 *', 2026-03-01T12:10Z"
  })
  void isDueNext(String schedule, String next) {
    assertThat(times(schedule, "2026-03-01T12:00:00Z", ZoneOffset.UTC, 1)).containsExactly(next);
  }

  @Test
  void isDueByTheClocksOfItsZone() {
    assertThat(times("0 2 * * *", "2026-03-01T12:00:00Z", ZoneId.of("Asia/Singapore"), 2))
        .containsExactly("2026-03-02T02:00+08:00", "2026-03-03T02:00+08:00");
  }

  @Test
  void aTimeThatTheClocksSkipIsNotDue() {
    assertThat(times("30 2 * * *", "2026-03-27T12:00:00Z", BERLIN, 2))
        .containsExactly("2026-03-28T02:30+01:00", "2026-03-30T02:30+02:00");
    assertThat(times("0 * * * *", "2026-03-29T00:30:00+01:00", BERLIN, 3))
        .containsExactly(
            "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
  }

  @ParameterizedTest
  @CsvSource({
    "30 2 * * *, true",
    "0 2 * * *, true",
    "*/15 2 * * 0, true",
    "59 1 * * *, false",
    "0 3 * * *, false",
    "30 2 * * 1, false",
    "30 2 1 * *, false"
  })
  void tellsWhichChangeOfTheClocksItMisses(String schedule, boolean skipped) {
    Instant before = Instant.parse("2026-03-28T12:00:00Z");
    Instant after = Instant.parse("2026-03-30T12:00:00Z");
    CronSchedule cron = CronSchedule.parse(schedule);
    assertThat(cron.skipped(before, after, BERLIN).isPresent()).isEqualTo(skipped);
    assertThat(cron.skipped(before, before.plusSeconds(3600), BERLIN)).isEmpty();
    assertThat(cron.skipped(after, Instant.parse("2026-12-01T00:00:00Z"), BERLIN)).isEmpty();
  }

  @Test
  void aTimeThatTheClocksShowTwiceIsDueTwice() {
    assertThat(times("30 2 * * *", "2026-10-24T12:00:00Z", BERLIN, 3))
        .containsExactly(
            "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-26T02:30+01:00");
    assertThat(times("0 * * * *", "2026-10-25T01:30:00+02:00", BERLIN, 3))
        .containsExactly(
            "2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"})
  void agreesWithLookingAtEveryMinute(String name) {
    ZoneId zone = ZoneId.of(name);
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      int minute = random.nextInt(60);
      int hour = random.nextInt(4);
      CronSchedule cron = CronSchedule.parse(minute + " " + hour + " * * *");
      Predicate<Instant> due =
          it -> {
            LocalDateTime local = LocalDateTime.ofInstant(it, zone);
            return local.getMinute() == minute && local.getHour() == hour;
          };
      // Near each change of the clocks of 2026, and at random.
      Instant start =
          zone.getRules()
              .nextTransition(
                  Instant.parse("2026-01-01T00:00:00Z").plus(random.nextInt(300), ChronoUnit.DAYS))
              .getInstant()
              .minus(random.nextInt(600), ChronoUnit.MINUTES);
      Instant next = start.plus(1, ChronoUnit.MINUTES);
      while (!due.test(next)) {
        next = next.plus(1, ChronoUnit.MINUTES);
      }
      Instant previous = start.minus(1, ChronoUnit.MINUTES);
      while (!due.test(previous)) {
        previous = previous.minus(1, ChronoUnit.MINUTES);
      }
      assertThat(cron.next(start, zone)).as("%s after %s", cron, start).contains(next);
      assertThat(cron.previous(start, zone)).as("%s before %s", cron, start).contains(previous);
    }
  }

  @Test
  void theTimeItselfIsNeitherNextNorPrevious() {
    CronSchedule cron = CronSchedule.parse("@hourly");
    Instant due = Instant.parse("2026-03-01T12:00:00Z");
    assertThat(cron.next(due, ZoneOffset.UTC)).isEqualTo(Optional.of(due.plusSeconds(3600)));
    assertThat(cron.previous(due, ZoneOffset.UTC)).isEqualTo(Optional.of(due.minusSeconds(3600)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "at two",
        "* * * *",
        "* * * * * *",
        "61 2 * * *",
        "* 24 * * *",
        "* * 32 * *",
        "* * 0 * *",
        "* * * 13 *",
        // Sunday is 0 to Kubernetes.
        "0 2 * * 7",
        "0 2 * * Sunday",
        "*/0 * * * *",
        "5-1 * * * *",
        "-1 * * * *",
        "1//2 * * * *",
        "0 0 L * *",
        "0 0 1W * *",
        "0 0 * * 5#3",
        "0 0 31 2 *",
        "0 0 31 4,6 *",
        "99999999999999999999 * * * *",
        "@never",
        "@every 1h",
        "@reboot",
        "TZ=UTC 0 2 * * *",
        "CRON_TZ=UTC 0 2 * * *"
      })
  void refusesWhatACronJobWould(String schedule) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronSchedule.parse(schedule))
        .withMessageMatching(
            "\"\\Q"
                + schedule
                + "\\E\" is not a cron schedule of five fields \\(.+\\);"
                + " \"0 2 \\* \\* \\*\" would work");
  }

  @Test
  void refusesATextWithoutEnd() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronSchedule.parse("1,".repeat(50_000) + "1 * * * *"))
        .withMessageContaining("1,1,...\" is not a cron schedule");
  }
}
