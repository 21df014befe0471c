package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.store.Requests.Count;
import io.sanadflow.studyhub.usage.Book;
import io.sanadflow.studyhub.usage.Outlook;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Enters what this run asks of buckets in the hub's book: at its end, and of a long run meanwhile,
 * so that a kill loses little. An entry costs one request of class A and two of class B, which it
 * holds itself; a run that asked for nothing makes none.
 */
final class Bookkeeping implements AutoCloseable {

  /** Requests of class A that a kill may lose. */
  private static final long UNENTERED = 1000;

  private static final int SECONDS_BETWEEN_LOOKS = 20;

  /** How often two runs may be in each other's way before one gives up. */
  private static final int ATTEMPTS = 8;

  /** Keys in a page of a listing, which is one request of class A. */
  private static final long PAGE = 1000;

  /** Pages that may be listed a day, by and large. */
  private static final long PAGES_A_DAY = 4;

  /** How many times more seldom buckets are listed that are to be spared. */
  private static final int SPARING = 4;

  /** The request by which an entry is stored. */
  private static final Count PUT = new Count(1, 0, 0);

  /**
   * Requests of class A of runs that are many and small, which wait in the spool: an entry of each
   * would cost as much again.
   */
  private static final long WAITING = 25;

  private final AgentContext context;
  private final boolean enters;
  private final Optional<WaitingRequests> waiting;
  private final Map<String, Count> entered = new HashMap<>();
  private Count carried;
  private @Nullable ScheduledExecutorService looks;

  Bookkeeping(AgentContext context, List<String> arguments) {
    this.context = context;
    this.enters = enters(arguments);
    this.waiting =
        arguments.contains("wal") ? WaitingRequests.in(context.files().spool()) : Optional.empty();
    this.carried = Count.NONE;
  }

  /** Whether a command's requests are entered: what is to write nothing enters nothing. */
  static boolean enters(List<String> arguments) {
    String command = arguments.isEmpty() ? "" : arguments.get(0);
    return switch (command) {
      case "probe", "backup", "wal", "drill" -> true;
      case "offload" -> !arguments.contains("plan");
      default -> false;
    };
  }

  /** Looks again and again whether there is much to enter. */
  void watch() {
    if (!enters) {
      return;
    }
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "bookkeeping");
              daemon.setDaemon(true);
              return daemon;
            });
    looks = thread;
    thread.scheduleWithFixedDelay(
        () -> {
          if (unentered().classA() >= UNENTERED) {
            attempt();
          }
        },
        SECONDS_BETWEEN_LOOKS,
        SECONDS_BETWEEN_LOOKS,
        TimeUnit.SECONDS);
  }

  /**
   * The last entry of the run, or the word of it that waits for the next.
   *
   * @return the report with what the run used, and what the hub has
   */
  Report end(Report report) {
    Count all = count();
    // A store that does not answer now would keep the report from being told.
    boolean answers = asked().stream().allMatch(it -> it.store().requests().answers());
    boolean some = enters && !unentered().isFree();
    Optional<Report.Usage> usage =
        some && !waits(answers) && answers ? attempt() : Optional.empty();
    keepCarried();
    all = usage.isPresent() ? count() : all;
    return all.isFree()
        ? report
        : report.withUsage(new Report.Requests(all.classA(), all.classB()), usage.orElse(null));
  }

  /** Whether what is to be entered may wait in the spool. What waits no more is carried. */
  private boolean waits(boolean answers) {
    if (waiting.isEmpty()) {
      return false;
    }
    try {
      Count more = unentered().and(waiting.get().count());
      if (!answers || more.classA() < WAITING && !waiting.get().before(today())) {
        waiting.get().keep(unentered(), today());
        return true;
      }
      // Gone before it is entered, so that a kill in between has it entered never, not twice.
      carried = waiting.get().take();
    } catch (IOException unusable) {
      context.step("requests cannot wait in the spool: %s", unusable.getMessage());
    }
    return false;
  }

  /** An entry that fails is no failure of the run: what it had is in the next of this run. */
  private Optional<Report.Usage> attempt() {
    try {
      return enter();
    } catch (IOException | RuntimeException | OutOfMemoryError failed) {
      context.step("what this run used of the bucket cannot be entered: %s", failed.getMessage());
      return Optional.empty();
    }
  }

  /** What could not be entered waits again. */
  private void keepCarried() {
    if (carried.isFree() || waiting.isEmpty()) {
      return;
    }
    try {
      waiting.get().keep(carried.and(unentered()), today());
    } catch (IOException lost) {
      context.step("requests cannot wait in the spool: %s", lost.getMessage());
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(context.clock().instant(), ZoneOffset.UTC);
  }

  private List<AgentContext.Asked> asked() {
    return context.asked();
  }

  private Count count() {
    return asked().stream().map(it -> it.store().requests().count()).reduce(Count.NONE, Count::and);
  }

  private synchronized Count unentered() {
    return asked().stream()
        .map(it -> it.store().requests().count().since(before(it)))
        .reduce(Count.NONE, Count::and);
  }

  private Count before(AgentContext.Asked asked) {
    return entered.getOrDefault(asked.id(), Count.NONE);
  }

  /**
   * Makes an entry.
   *
   * @return what the hub has used by then; empty if there is no bucket, or it is another hub's
   */
  synchronized Optional<Report.Usage> enter() throws IOException {
    // A step of offload may have asked the bucket for media alone.
    context.bucket();
    Optional<AgentContext.Asked> home = context.bookBucket();
    if (home.isEmpty()) {
      return Optional.empty();
    }
    BookObject object =
        new BookObject(
            context, home.get().store(), context.bucket().orElseThrow().layout().usage());
    String run = UUID.randomUUID().toString().substring(0, 8);
    LocalDate today = today();
    Map<String, Book.Listed> listed = new HashMap<>();
    Map<String, Count> counts = new HashMap<>();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<BookObject.Found> found = object.read();
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Book book = found.get().book();
      if (book.runs().contains(run)) {
        // The answer to the last attempt was lost, not the deed.
        settle(home.get(), counts);
        return Optional.of(Outlook.of(book));
      }
      list(book, today, listed);
      Map<String, Book.Seen> seen = new TreeMap<>();
      // That of this entry is yet to be counted.
      Count more = PUT.and(carried);
      for (AgentContext.Asked it : asked()) {
        Count all = it.store().requests().count();
        counts.put(it.id(), all);
        Count since = all.since(before(it));
        more = more.and(since);
        Book.Seen other = seen.getOrDefault(it.place(), new Book.Seen(0, Optional.empty()));
        seen.put(
            it.place(),
            new Book.Seen(
                other.added()
                    + since.bytes()
                    + (it.id().equals(home.get().id()) ? carried.bytes() : 0),
                Optional.ofNullable(listed.get(it.place()))));
      }
      Book next = book.with(run, today, more.classA(), more.classB(), seen);
      if (object.write(next, found.get().etag())) {
        settle(home.get(), counts);
        return Optional.of(Outlook.of(next));
      }
    }
    throw new IOException("the book is written by other runs all the time");
  }

  private void settle(AgentContext.Asked home, Map<String, Count> counts) {
    entered.putAll(counts);
    entered.merge(home.id(), PUT, Count::and);
    carried = Count.NONE;
  }

  /** Counts what is in each place, once a day where that takes few requests, else more seldom. */
  private void list(Book book, LocalDate today, Map<String, Book.Listed> listed)
      throws IOException {
    for (AgentContext.Asked it : asked()) {
      if (!listed.containsKey(it.place()) && due(book.place(it.place()), today)) {
        long[] sums = new long[2];
        it.store()
            .each(
                it.prefix().isEmpty() ? "" : it.prefix() + "/",
                object -> {
                  sums[0] += object.bytes();
                  sums[1]++;
                });
        listed.put(it.place(), new Book.Listed(sums[0], sums[1]));
      }
    }
  }

  private boolean due(Book.Place place, LocalDate today) {
    LocalDate last = place.listed();
    if (last == null) {
      return true;
    }
    long pages = place.objects() / PAGE + 1;
    long days = (pages + PAGES_A_DAY - 1) / PAGES_A_DAY;
    return !last.plusDays(context.config().isSparing() ? days * SPARING : days).isAfter(today);
  }

  @Override
  public void close() {
    if (looks != null) {
      looks.shutdown();
    }
  }
}
