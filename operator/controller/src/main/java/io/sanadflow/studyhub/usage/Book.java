package io.sanadflow.studyhub.usage;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a hub has used of its object stores, as the object {@code usage/book.json} in its bucket
 * keeps it: days, months of 13, and what each place holds.
 *
 * <p>R2 bills calendar months; that they are those of UTC is taken for granted. A day's bytes are
 * the most that was known to be there, since R2 bills the mean of daily peaks.
 *
 * @param hub whose it is
 * @param namespace the hub's namespace
 * @param days oldest first, each one since the first: of this month, and what the pace is told by
 * @param months oldest first, over
 * @param places buckets with the hub's prefix
 * @param runs the last entries, so that one whose answer was lost is not made twice
 */
public record Book(
    String hub,
    String namespace,
    List<Day> days,
    List<Month> months,
    List<Place> places,
    List<String> runs) {

  /** How many days are kept beyond the month. */
  static final int DAYS = 14;

  /** A year and the same month of the year before. */
  static final int MONTHS = 13;

  private static final int RUNS = 24;

  /**
   * A day of UTC.
   *
   * @param classA operations
   * @param classB operations
   * @param bytes the most that was stored
   */
  public record Day(LocalDate day, long classA, long classB, long bytes) {}

  /**
   * A month that is over.
   *
   * @param month its first day
   * @param bytes the mean of its days' bytes, days before the first entry being 0
   */
  public record Month(LocalDate month, long classA, long classB, long bytes) {}

  /**
   * A bucket and prefix.
   *
   * @param listed when its objects were counted; null if they never were
   * @param bytes of them then
   * @param objects how many there were
   * @param added bytes that were stored since
   */
  public record Place(
      String name, @Nullable LocalDate listed, long bytes, long objects, long added) {

    long now() {
      return bytes + added;
    }
  }

  /**
   * What is to be entered of one place.
   *
   * @param added bytes that were stored
   * @param listed what a listing after that found, if there was one
   */
  public record Seen(long added, Optional<Listed> listed) {}

  /** What a listing found. */
  public record Listed(long bytes, long objects) {}

  /** The book of a hub of which nothing is known. */
  public static Book empty(String hub, String namespace) {
    return new Book(hub, namespace, List.of(), List.of(), List.of(), List.of());
  }

  /** Whether it has all that one has which was read from its text. */
  public boolean isWhole() {
    return Stream.of(days, months, places, runs).noneMatch(Objects::isNull);
  }

  /** The same book of another hub: what was used was used. */
  public Book of(String hub, String namespace) {
    return new Book(hub, namespace, days, months, places, runs);
  }

  /** A place, be it that nothing is known of it. */
  public Place place(String name) {
    return places.stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseGet(() -> new Place(name, null, 0, 0, 0));
  }

  /** Bytes in all places. */
  public long bytes() {
    return places.stream().mapToLong(Place::now).sum();
  }

  /**
   * Enters what a run used.
   *
   * @param run names the entry, which is made once
   * @param seen by place
   */
  public Book with(String run, LocalDate today, long classA, long classB, Map<String, Seen> seen) {
    if (runs.contains(run)) {
      return this;
    }
    Map<String, Place> all = new TreeMap<>();
    places.forEach(it -> all.put(it.name(), it));
    seen.forEach((name, it) -> all.put(name, now(place(name), it, today)));
    long bytes = all.values().stream().mapToLong(Place::now).sum();
    // A run that began before midnight may end after one of today.
    LocalDate last = days.isEmpty() ? today : days.get(days.size() - 1).day();
    List<Day> more = new ArrayList<>(upTo(today.isBefore(last) ? last : today));
    Day day = more.remove(more.size() - 1);
    more.add(
        new Day(
            day.day(), day.classA() + classA, day.classB() + classB, Math.max(day.bytes(), bytes)));
    List<String> entries = new ArrayList<>(runs);
    entries.add(run);
    return new Book(
            hub,
            namespace,
            List.copyOf(more),
            months,
            List.copyOf(all.values()),
            List.copyOf(entries.subList(Math.max(0, entries.size() - RUNS), entries.size())))
        .closed();
  }

  private static Place now(Place before, Seen seen, LocalDate today) {
    return seen.listed()
        .map(it -> new Place(before.name(), today, it.bytes(), it.objects(), 0))
        .orElseGet(
            () ->
                new Place(
                    before.name(),
                    before.listed(),
                    before.bytes(),
                    before.objects(),
                    before.added() + seen.added()));
  }

  /** The days to one that may be new; what was stored stayed on days of which nothing is known. */
  private List<Day> upTo(LocalDate last) {
    List<Day> all = new ArrayList<>(days);
    LocalDate next = all.isEmpty() ? last : all.get(all.size() - 1).day().plusDays(1);
    // After a long silence the days before this month's first are of no use.
    LocalDate first = last.withDayOfMonth(1).minusMonths(MONTHS);
    for (next = next.isBefore(first) ? first : next; !next.isAfter(last); next = next.plusDays(1)) {
      all.add(new Day(next, 0, 0, bytes()));
    }
    return all;
  }

  /** The same with the months that are over added up, and without days that nobody needs. */
  private Book closed() {
    LocalDate today = days.get(days.size() - 1).day();
    LocalDate current = today.withDayOfMonth(1);
    Map<LocalDate, Month> all = new TreeMap<>();
    months.forEach(it -> all.put(it.month(), it));
    days.stream()
        .map(it -> it.day().withDayOfMonth(1))
        .distinct()
        .filter(it -> it.isBefore(current) && !all.containsKey(it))
        .toList()
        .forEach(it -> all.put(it, sum(it)));
    List<Month> over = List.copyOf(all.values());
    LocalDate kept = today.minusDays(DAYS);
    return new Book(
        hub,
        namespace,
        days.stream()
            .filter(it -> !it.day().isBefore(current) || !it.day().isBefore(kept))
            .toList(),
        over.subList(Math.max(0, over.size() - MONTHS), over.size()),
        places,
        runs);
  }

  /** A month's sum so far, by its first day. */
  Month sum(LocalDate month) {
    List<Day> its = days.stream().filter(it -> it.day().withDayOfMonth(1).equals(month)).toList();
    return new Month(
        month,
        its.stream().mapToLong(Day::classA).sum(),
        its.stream().mapToLong(Day::classB).sum(),
        its.stream().mapToLong(Day::bytes).sum() / month.lengthOfMonth());
  }
}
