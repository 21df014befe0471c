package io.sanadflow.studyhub.model;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * A schedule of five fields (minute, hour, day of the month, month, day of the week) or one of
 * {@code @hourly @daily @midnight @weekly @monthly @yearly @annually}, as a CronJob takes it.
 *
 * <p>It is due at every instant at which the clocks of its zone show one of its times, as a CronJob
 * is: a time that clocks skip in spring is not made up for, and one that they show twice in autumn
 * is due twice. If both days are restricted, either suffices.
 */
public final class CronSchedule {

  private static final List<String> MACROS =
      List.of("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually");

  /** The most characters of one: a list of all minutes has fewer. */
  private static final int MOST_CHARACTERS = 256;

  /** No schedule waits longer: a 29th of February comes after 8 years at the latest. */
  private static final int MOST_TRANSITIONS = 100;

  // As robfig/cron, which Kubernetes reads schedules with: Sunday is 0 and never 7.
  private static final CronDefinition DEFINITION =
      CronDefinitionBuilder.defineCron()
          .withMinutes()
          .withValidRange(0, 59)
          .withStrictRange()
          .and()
          .withHours()
          .withValidRange(0, 23)
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .withValidRange(1, 31)
          .withStrictRange()
          .and()
          .withMonth()
          .withValidRange(1, 12)
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 6)
          .withMondayDoWValue(1)
          .withStrictRange()
          .and()
          .withSupportedNicknameHourly()
          .withSupportedNicknameDaily()
          .withSupportedNicknameMidnight()
          .withSupportedNicknameWeekly()
          .withSupportedNicknameMonthly()
          .withSupportedNicknameYearly()
          .withSupportedNicknameAnnually()
          .instance();

  private final String text;
  private final ExecutionTime times;

  private CronSchedule(String text, Cron cron) {
    this.text = text;
    this.times = ExecutionTime.forCron(cron);
  }

  /**
   * Reads a schedule.
   *
   * @throws IllegalArgumentException if it is none, or one of a day that never comes; the message
   *     says what is wrong and what would work
   */
  public static CronSchedule parse(String text) {
    if (text.length() > MOST_CHARACTERS || !text.matches("[ \t0-9A-Za-z*/,?@-]*")) {
      throw refused(text, "it has characters that no schedule has");
    }
    int fields = text.strip().split("\\s+").length;
    if (text.strip().startsWith("@") ? !MACROS.contains(text.strip()) : fields != 5) {
      throw refused(
          text,
          text.strip().startsWith("@")
              ? "the words for one are " + String.join(" ", MACROS)
              : "it has " + fields);
    }
    Cron cron;
    try {
      // To robfig/cron ? is another way to write *.
      cron = new CronParser(DEFINITION).parse(text.replace('?', '*').strip());
    } catch (IllegalArgumentException bad) {
      throw refused(text, cause(bad));
    }
    CronSchedule schedule = new CronSchedule(text, cron);
    if (schedule.next(Instant.EPOCH, ZoneOffset.UTC).isEmpty()) {
      throw refused(text, "no month has such a day");
    }
    return schedule;
  }

  private static String cause(Throwable bad) {
    String message = String.valueOf(bad.getMessage());
    String plain = message.replace("Failed to parse cron expression. ", "");
    return plain.isEmpty() ? "it cannot be read" : Excerpt.of(plain);
  }

  private static IllegalArgumentException refused(String text, String why) {
    return new IllegalArgumentException(
        "\""
            + Excerpt.of(text)
            + "\" is not a cron schedule of five fields ("
            + why
            + "); \"0 2 * * *\" would work");
  }

  /** The first time after an instant at which it is due; empty if it never is again. */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    Instant from = after;
    for (int i = 0; i < MOST_TRANSITIONS; i++) {
      // Between two changes of the clocks the offset is fixed, and cron is simple.
      Optional<Instant> found =
          times
              .nextExecution(ZonedDateTime.ofInstant(from, rules.getOffset(from.plusNanos(1))))
              .map(ZonedDateTime::toInstant);
      ZoneOffsetTransition change = rules.nextTransition(from.plusNanos(1));
      if (change == null || found.isPresent() && found.get().isBefore(change.getInstant())) {
        return found;
      }
      from = change.getInstant().minusNanos(1);
    }
    return Optional.empty();
  }

  /** The last time before an instant at which it was due; empty if it never was. */
  public Optional<Instant> previous(Instant before, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    Instant from = before;
    for (int i = 0; i < MOST_TRANSITIONS; i++) {
      Instant inside = from.minusNanos(1);
      Optional<Instant> found =
          times
              .lastExecution(ZonedDateTime.ofInstant(from, rules.getOffset(inside)))
              .map(ZonedDateTime::toInstant);
      // The change at or before: from then on the offset is the one that was looked with.
      ZoneOffsetTransition change = rules.previousTransition(from);
      if (change == null || found.isPresent() && !found.get().isBefore(change.getInstant())) {
        return found;
      }
      from = change.getInstant();
    }
    return Optional.empty();
  }

  /**
   * The first change of the clocks between two instants that went over a time at which it would
   * have been due.
   */
  public Optional<ZoneOffsetTransition> skipped(Instant after, Instant until, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    ZoneOffsetTransition change = rules.nextTransition(after);
    while (change != null && !change.getInstant().isAfter(until)) {
      if (change.isGap()) {
        ZonedDateTime before =
            ZonedDateTime.of(change.getDateTimeBefore(), change.getOffsetBefore());
        boolean skips =
            times
                .nextExecution(before.minusNanos(1))
                .map(ZonedDateTime::toLocalDateTime)
                .filter(change.getDateTimeAfter()::isAfter)
                .isPresent();
        if (skips) {
          return Optional.of(change);
        }
      }
      change = rules.nextTransition(change.getInstant());
    }
    return Optional.empty();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
