package io.sanadflow.studyhub.usage;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.usage.Book.Day;
import java.time.LocalDate;
import java.util.List;
import java.util.function.ToLongFunction;

/** What a month has come to, and what it will at this pace. */
public final class Outlook {

  /** The whole days that tell the pace. */
  private static final int PACE_DAYS = 7;

  /** Of fewer, one that is unlike the others cannot be told: the first day holds the first copy. */
  private static final int LEAST_DAYS = 2;

  private Outlook() {}

  /** The month of the book's last day. */
  public static Report.Usage of(Book book) {
    List<Day> days = book.days();
    Day today = days.get(days.size() - 1);
    LocalDate month = today.day().withDayOfMonth(1);
    Book.Month used = book.sum(month);
    List<Day> its = days.stream().filter(it -> !it.day().isBefore(month)).toList();
    return new Report.Usage(
        month,
        new Report.Amounts(
            used.classA(), used.classB(), its.stream().mapToLong(Day::bytes).sum() / its.size()),
        new Report.Amounts(
            operations(days, used.classA(), Day::classA),
            operations(days, used.classB(), Day::classB),
            bytes(days, used.bytes())),
        book.months().stream()
            .map(
                it ->
                    new Report.Month(
                        it.month(), new Report.Amounts(it.classA(), it.classB(), it.bytes())))
            .toList());
  }

  /**
   * Used, and the days to come each like the middle one of the last whole days: a day on which
   * media are copied for the first time is none like the others.
   */
  private static long operations(List<Day> days, long used, ToLongFunction<Day> count) {
    Day today = days.get(days.size() - 1);
    List<Long> whole =
        days.subList(Math.max(0, days.size() - 1 - PACE_DAYS), days.size() - 1).stream()
            .map(count::applyAsLong)
            .sorted()
            .toList();
    if (whole.size() < LEAST_DAYS) {
      return used;
    }
    long pace = whole.get((whole.size() - 1) / 2);
    return used + Math.max(0, pace - count.applyAsLong(today)) + pace * left(today.day());
  }

  /**
   * The mean of the month's days, those to come with what there is today and as much more a day as
   * the last week has brought.
   *
   * @param used the days so far, over those of the whole month
   */
  private static long bytes(List<Day> days, long used) {
    Day today = days.get(days.size() - 1);
    Day before = days.get(Math.max(0, days.size() - 1 - PACE_DAYS));
    long between = today.day().toEpochDay() - before.day().toEpochDay();
    long growth =
        between < LEAST_DAYS ? 0 : Math.max(0, (today.bytes() - before.bytes()) / between);
    long left = left(today.day());
    long more = left * today.bytes() + growth * (left * (left + 1) / 2);
    return used + more / today.day().lengthOfMonth();
  }

  private static long left(LocalDate today) {
    return today.lengthOfMonth() - today.getDayOfMonth();
  }
}
