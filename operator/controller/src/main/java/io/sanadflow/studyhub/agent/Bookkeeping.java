package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Condition;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.Requests.Count;
import io.sanadflow.studyhub.store.StoreException;
import io.sanadflow.studyhub.usage.Book;
import io.sanadflow.studyhub.usage.Outlook;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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

  private static final int MOST = 256 * 1024;

  /** Keys in a page of a listing, which is one request of class A. */
  private static final long PAGE = 1000;

  /** Pages that may be listed a day, by and large. */
  private static final long PAGES_A_DAY = 4;

  /** How many times more seldom buckets are listed that are to be spared. */
  private static final int SPARING = 4;

  /** The request by which an entry is stored. */
  private static final Count PUT = new Count(1, 0, 0);

  private final AgentContext context;
  private final Map<String, Count> entered = new HashMap<>();
  private @Nullable ScheduledExecutorService looks;

  Bookkeeping(AgentContext context) {
    this.context = context;
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
   * The last entry of the run.
   *
   * @param enter whether it is made
   * @return the report with what the run used, and what the hub has
   */
  Report end(Report report, boolean enter) {
    // A store that does not answer now would keep the report from being told.
    boolean answers = asked().stream().allMatch(it -> it.store().requests().answers());
    Optional<Report.Usage> usage =
        enter && answers && !unentered().isFree() ? attempt() : Optional.empty();
    Count all = count();
    if (all.isFree()) {
      return report;
    }
    return report.withUsage(new Report.Requests(all.classA(), all.classB()), usage.orElse(null));
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

  /** The book, and the tag of its object. */
  private record Found(Book book, Optional<String> etag) {}

  /**
   * Makes an entry.
   *
   * @return what the hub has used by then; empty if there is no bucket, or it is another hub's
   */
  synchronized Optional<Report.Usage> enter() throws IOException {
    Optional<AgentContext.Asked> home = context.bookBucket();
    if (home.isEmpty()) {
      return Optional.empty();
    }
    ConditionalStore store = home.get().store();
    String key = context.bucket().orElseThrow().layout().usage();
    String run = UUID.randomUUID().toString().substring(0, 8);
    LocalDate today = LocalDate.ofInstant(context.clock().instant(), ZoneOffset.UTC);
    Map<String, Book.Listed> listed = new HashMap<>();
    Map<String, Count> counts = new HashMap<>();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<Found> found = read(store, key);
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
      Count more = PUT;
      for (AgentContext.Asked it : asked()) {
        Count all = it.store().requests().count();
        counts.put(it.id(), all);
        Count since = all.since(before(it));
        more = more.and(since);
        Book.Seen other = seen.getOrDefault(it.place(), new Book.Seen(0, Optional.empty()));
        seen.put(
            it.place(),
            new Book.Seen(
                other.added() + since.bytes(), Optional.ofNullable(listed.get(it.place()))));
      }
      Book next = book.with(run, today, more.classA(), more.classB(), seen);
      if (written(store, key, next, found.get().etag())) {
        settle(home.get(), counts);
        return Optional.of(Outlook.of(next));
      }
    }
    throw new IOException(key + " is written by other runs all the time");
  }

  private void settle(AgentContext.Asked home, Map<String, Count> counts) {
    entered.putAll(counts);
    entered.merge(home.id(), PUT, Count::and);
  }

  private static boolean written(
      ConditionalStore store, String key, Book book, Optional<String> etag) throws IOException {
    Content content = Content.of(ReportCodec.json(book).getBytes(StandardCharsets.UTF_8));
    Condition condition = etag.map(Condition::matches).orElse(Condition.ABSENT);
    return store.store(key, content, "application/json", condition).isPresent();
  }

  /** The book; empty if it is another hub's. */
  private Optional<Found> read(ConditionalStore store, String key) throws IOException {
    AgentConfig config = context.config();
    boolean adopt = config.bucket() != null && config.bucket().adopt();
    Optional<Described> head = store.describe(key);
    Book none = Book.empty(config.hub(), config.namespace());
    if (head.isEmpty()) {
      // A new book in an archive that is another's would be another's.
      return adopt || OwnerCheck.mayBegin(context) ? found(none, head) : Optional.empty();
    }
    Book book = none;
    try (InputStream in = store.get(key)) {
      Book read = ReportCodec.read(in.readNBytes(MOST), Book.class);
      book = read == null || read.runs() == null ? none : read;
    } catch (StoreException failed) {
      throw failed;
    } catch (IOException damaged) {
      context.step("%s is damaged and begins anew: %s", key, damaged.getMessage());
    }
    boolean ours = config.hub().equals(book.hub()) && config.namespace().equals(book.namespace());
    return ours || adopt
        ? found(book.of(config.hub(), config.namespace()), head)
        : Optional.empty();
  }

  private static Optional<Found> found(Book book, Optional<Described> head) {
    return Optional.of(new Found(book, head.map(Described::etag)));
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
