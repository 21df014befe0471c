package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.MemoryStore;
import io.sanadflow.studyhub.store.Requests;
import io.sanadflow.studyhub.usage.Book;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs ask of a bucket is entered in its book: all of it, once, and in nobody else's. */
class BookkeepingTest {

  private static final String BOOK = "pilot/usage/book.json";

  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-11-25T12:00:00Z");
  private final MemoryStore store = new MemoryStore(Clock.fixed(now, ZoneOffset.UTC));
  private final List<String> steps = new ArrayList<>();
  private boolean adopt;
  private boolean offload;
  private @Nullable Boolean sparing;

  private AgentContext context(String hub) {
    AgentConfig config =
        new AgentConfig(
            hub,
            "study",
            new AgentConfig.Bucket("https://r2", "auto", "hub-backups", "pilot", adopt),
            null,
            new AgentConfig.Database("pilot-db", 5432, "hub", "postgres", true),
            null,
            false,
            new AgentConfig.Retention(7, 30, 0, 0, 3),
            offload
                ? new AgentConfig.Offload(
                    new AgentConfig.Bucket("https://r2", "auto", "hub-media", "pilot", adopt),
                    true,
                    OffloadMode.CUT_OVER,
                    1,
                    1,
                    0)
                : null,
            sparing);
    return new AgentContext(
            config, Clock.fixed(now, ZoneOffset.UTC), AgentFiles.under(directory), steps::add)
        .withBucket(store);
  }

  private static Report done() {
    return Report.of(true, "Succeeded", "done", Instant.EPOCH);
  }

  /** A run that stores an object. */
  private Report run(String hub, String key) throws Exception {
    try (AgentContext context = context(hub);
        Bookkeeping book = new Bookkeeping(context, List.of("backup", "Dump"))) {
      store.put(key, new byte[100]);
      return book.end(done());
    }
  }

  private Book book() throws Exception {
    return ReportCodec.read(store.read(BOOK).orElseThrow(), Book.class);
  }

  /** What the store itself has counted of class A and B. */
  private List<Long> asked() {
    return List.of(store.requests().count().classA(), store.requests().count().classB());
  }

  private static List<Long> entered(Book book) {
    return List.of(
        book.days().stream().mapToLong(Book.Day::classA).sum(),
        book.days().stream().mapToLong(Book.Day::classB).sum());
  }

  @Test
  void anEntryHoldsItsOwnRequestsToo() throws Exception {
    for (int run = 0; run < 3; run++) {
      MemoryStore.newProcess(store);
      Report report = run("pilot", "pilot/daily/" + run);
      assertThat(report.requests()).isEqualTo(new Report.Requests(asked().get(0), asked().get(1)));
      assertThat(report.usage().used().classA()).isEqualTo(entered(book()).get(0));
    }
    assertThat(entered(book())).isEqualTo(List.of(store.allClassA, store.allClassB));
    // The first run listed, which the others need not on the same day.
    assertThat(book().place("hub-backups/pilot").objects()).isEqualTo(1);
    assertThat(book().bytes()).isEqualTo(300);
  }

  @Test
  void whatIsEnteredMeanwhileIsNotEnteredAgain() throws Exception {
    try (AgentContext context = context("pilot");
        Bookkeeping book = new Bookkeeping(context, List.of("backup", "Dump"))) {
      for (int i = 0; i < 3; i++) {
        store.put("pilot/daily/" + i, new byte[10]);
        assertThat(book.enter()).isPresent();
      }
      book.end(done());
    }
    assertThat(entered(book())).isEqualTo(asked());
  }

  @Test
  void whatIsAskedOfTheBucketForMediaIsInTheSameBook() throws Exception {
    offload = true;
    MemoryStore media = new MemoryStore(Clock.fixed(now, ZoneOffset.UTC));
    try (AgentContext context = context("pilot").withMedia(media);
        Bookkeeping book = new Bookkeeping(context, List.of("offload", "Volume"))) {
      media.put("pilot/files/a", new byte[70]);
      media.put("pilot/files/b", new byte[80]);
      Report report = book.end(done());
      assertThat(report.requests().classA())
          .isEqualTo(store.allClassA + media.allClassA)
          .isEqualTo(entered(book()).get(0));
    }
    assertThat(book().place("hub-media/pilot").bytes()).isEqualTo(150);
    assertThat(book().place("hub-media/pilot").objects()).isEqualTo(2);
  }

  @Test
  void twoRunsAtOnceLoseNothing() throws Exception {
    store.put(BOOK, json(Book.empty("pilot", "study")));
    MemoryStore.newProcess(store);
    boolean[] once = new boolean[1];
    store.beforeStore =
        key -> {
          if (key.equals(BOOK) && !once[0]) {
            once[0] = true;
            // The other run is a pod of its own, with a store of its own before the same bucket.
            Book other = Book.empty("pilot", "study");
            other = other.with("other", LocalDate.parse("2026-11-25"), 40, 50, Map.of());
            store.write(BOOK, json(other), Map.of());
          }
        };
    run("pilot", "pilot/daily/a");
    assertThat(once[0]).isTrue();
    assertThat(entered(book())).isEqualTo(List.of(asked().get(0) + 40, asked().get(1) + 50));
    assertThat(book().runs()).contains("other").hasSize(2);
  }

  @Test
  void anEntryWhoseAnswerIsLostIsMadeOnce() throws Exception {
    run("pilot", "pilot/daily/a");
    MemoryStore.newProcess(store);
    List<Long> before = entered(book());
    try (AgentContext context = context("pilot");
        Bookkeeping book = new Bookkeeping(context, List.of("backup", "Dump"))) {
      store.put("pilot/daily/b", new byte[10]);
      store.losesAnswerOf = BOOK;
      assertThat(book.enter()).isPresent();
    }
    List<Long> after = entered(book());
    // The put of the object and that of the entry; the second try of that was refused.
    assertThat(after.get(0) - before.get(0)).isEqualTo(2);
    assertThat(book().runs()).hasSize(2);
  }

  @Test
  void aRunThatAskedForNothingEntersNothing() throws Exception {
    try (AgentContext context = context("pilot");
        Bookkeeping book = new Bookkeeping(context, List.of("backup", "Dump"))) {
      assertThat(book.end(done())).isEqualTo(done());
    }
    assertThat(asked()).containsExactly(0L, 0L);
  }

  @Test
  void whatIsToWriteNothingEntersNothing() throws Exception {
    for (List<String> words :
        List.of(
            List.of("offload", "plan"),
            List.of("prune", "--dry-run"),
            List.of("restore", "load"),
            List.<String>of())) {
      assertThat(Bookkeeping.enters(words)).as("%s", words).isFalse();
    }
    assertThat(Bookkeeping.enters(List.of("wal"))).isTrue();
    assertThat(Bookkeeping.enters(List.of("offload", "Volume"))).isTrue();
    try (AgentContext context = context("pilot");
        Bookkeeping book = new Bookkeeping(context, List.of("offload", "plan"))) {
      store.put("a", new byte[1]);
      Report report = book.end(done());
      assertThat(report.requests()).isEqualTo(new Report.Requests(1, 0));
      assertThat(report.usage()).isNull();
    }
    assertThat(store.read(BOOK)).isEmpty();
  }

  @Test
  void anArchiveOfAnotherGetsNoBook() throws Exception {
    store.put(
        "pilot/owner.json",
        json(new OwnerCheck.Owner("other", "study", "7", Instant.parse("2026-01-01T00:00:00Z"))));
    assertThat(run("pilot", "x").usage()).isNull();
    assertThat(store.read(BOOK)).isEmpty();
    assertThat(run("other", "x").usage()).isNotNull();
    assertThat(run("pilot", "x").usage()).as("the book is the other's").isNull();
    adopt = true;
    assertThat(run("pilot", "x").usage()).isNotNull();
    assertThat(book().hub()).isEqualTo("pilot");
  }

  @Test
  void aDamagedBookBeginsAnewAndARunThatCannotEnterSucceeds() throws Exception {
    store.put(BOOK, "{".getBytes(StandardCharsets.UTF_8));
    assertThat(run("pilot", "x").usage()).isNotNull();
    store.put(BOOK, "null".getBytes(StandardCharsets.UTF_8));
    assertThat(run("pilot", "x").usage()).isNotNull();
    store.diesAt = store.requests + 2;
    Report report = run("pilot", "x");
    assertThat(report.succeeded()).isTrue();
    assertThat(report.usage()).isNull();
    assertThat(report.requests()).isNotNull();
    assertThat(String.join(" ", steps)).contains("cannot be entered");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBucketOfFewObjectsIsListedDailyOrEveryFourDays(boolean spares) throws Exception {
    sparing = spares;
    run("pilot", "pilot/daily/a");
    int listed = store.listed;
    run("pilot", "pilot/daily/b");
    assertThat(store.listed).isEqualTo(listed);
    now = now.plus(Duration.ofDays(1));
    run("pilot", "pilot/daily/c");
    assertThat(store.listed).isEqualTo(spares ? listed : listed + 1);
    now = now.plus(Duration.ofDays(3));
    run("pilot", "pilot/daily/d");
    assertThat(store.listed).isEqualTo(spares ? listed + 1 : listed + 2);
  }

  @ParameterizedTest
  @CsvSource({"3999, 1", "4000, 2", "100000, 26"})
  void aBucketOfManyIsListedAsSeldomAsThatTakesFourRequestsADay(int objects, int days)
      throws Exception {
    Optional<Book.Listed> many = Optional.of(new Book.Listed(1, objects));
    store.put(
        BOOK,
        json(
            Book.empty("pilot", "study")
                .with(
                    "one",
                    LocalDate.parse("2026-11-25"),
                    1,
                    1,
                    Map.of("hub-backups/pilot", new Book.Seen(0, many)))));
    Instant begin = now;
    int first =
        IntStream.rangeClosed(0, 40)
            .filter(
                day -> {
                  now = begin.plus(Duration.ofDays(day));
                  try {
                    run("pilot", "pilot/daily/a");
                  } catch (Exception failed) {
                    throw new AssertionError(failed);
                  }
                  return store.listed > 0;
                })
            .findFirst()
            .orElseThrow();
    assertThat(first).isEqualTo(days);
  }

  /** A run that pushes log, in one request. */
  private Report push() throws Exception {
    MemoryStore.newProcess(store);
    try (AgentContext context = context("pilot");
        Bookkeeping book = new Bookkeeping(context, List.of("wal"))) {
      store.put("pilot/wal/a", new byte[100]);
      return book.end(done());
    }
  }

  @Test
  void theManySmallRunsOfLogWaitForOneAnother() throws Exception {
    Files.createDirectories(directory.resolve("spool"));
    for (int i = 0; i < 24; i++) {
      assertThat(push().usage()).isNull();
    }
    assertThat(store.read(BOOK)).isEmpty();
    assertThat(push().usage()).isNotNull();
    assertThat(entered(book())).isEqualTo(List.of(store.allClassA, store.allClassB));
    // What is listed holds what has waited.
    assertThat(book().bytes()).isEqualTo(100);
    assertThat(push().usage()).isNull();
    now = now.plus(Duration.ofDays(1));
    assertThat(push().usage()).as("what is of yesterday waits no longer").isNotNull();
    assertThat(entered(book())).isEqualTo(List.of(store.allClassA, store.allClassB));
  }

  @Test
  void whatWaitsIsNoLogAndWhatIsDamagedIsGone() throws Exception {
    Path spool = Files.createDirectories(directory.resolve("spool"));
    push();
    Files.writeString(spool.resolve(".requests.x.json"), "{");
    assertThat(push().succeeded()).isTrue();
    assertThat(WaitingRequests.in(spool).orElseThrow().count().classA()).isEqualTo(2);
    assertThat(new Spool(spool).files()).isEmpty();
  }

  @Test
  void twoRunsOfLogAtOnceKeepBoth() throws Exception {
    Path spool = Files.createDirectories(directory.resolve("spool"));
    LocalDate today = LocalDate.parse("2026-11-25");
    WaitingRequests one = WaitingRequests.in(spool).orElseThrow();
    WaitingRequests other = WaitingRequests.in(spool).orElseThrow();
    one.keep(new Requests.Count(1, 2, 3), today);
    other.keep(new Requests.Count(10, 20, 30), today);
    assertThat(one.take()).isEqualTo(new Requests.Count(11, 22, 33));
    assertThat(other.take()).isEqualTo(Requests.Count.NONE);
  }

  private static byte[] json(Record value) {
    return ReportCodec.json(value).getBytes(StandardCharsets.UTF_8);
  }
}
