package io.sanadflow.studyhub.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.usage.Book.Listed;
import io.sanadflow.studyhub.usage.Book.Month;
import io.sanadflow.studyhub.usage.Book.Seen;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a hub has used: entries, days, months, and what is expected of the rest of a month. */
class BookTest {

  private static final LocalDate FIRST = LocalDate.parse("2026-11-01");

  private static final long GB = 1_000_000_000;

  private int run;

  private Book enter(Book book, LocalDate day, long classA, long classB) {
    return book.with("run-" + run++, day, classA, classB, Map.of());
  }

  private Book store(Book book, LocalDate day, long bytes) {
    return book.with(
        "run-" + run++,
        day,
        0,
        0,
        Map.of("hub-backups/pilot", new Seen(0, Optional.of(new Listed(bytes, 3)))));
  }

  private static Book empty() {
    return Book.empty("pilot", "study");
  }

  @Test
  void anEntryIsMadeOnceThoughItsAnswerWasLost() {
    Book book = empty().with("one", FIRST, 5, 7, Map.of()).with("two", FIRST, 1, 2, Map.of());
    assertThat(book.with("one", FIRST, 5, 7, Map.of())).isEqualTo(book);
    assertThat(book.days()).containsExactly(new Book.Day(FIRST, 6, 9, 0));
  }

  @Test
  void whatIsStoredIsTheListingAndWhatCameSince() {
    Book book = store(empty(), FIRST, 100);
    book =
        book.with("up", FIRST, 1, 0, Map.of("hub-backups/pilot", new Seen(30, Optional.empty())));
    assertThat(book.bytes()).isEqualTo(130);
    book =
        book.with("media", FIRST, 1, 0, Map.of("hub-media/pilot", new Seen(5, Optional.empty())));
    assertThat(book.bytes()).isEqualTo(135);
    // A listing knows what was deleted meanwhile; the day keeps its peak.
    book = store(book, FIRST, 90);
    assertThat(book.bytes()).isEqualTo(95);
    assertThat(book.days().get(0).bytes()).isEqualTo(135);
    assertThat(book.place("hub-backups/pilot").listed()).isEqualTo(FIRST);
  }

  @Test
  void daysWithoutARunHaveWhatWasStoredBefore() {
    Book book = enter(store(empty(), FIRST, 100), FIRST.plusDays(3), 2, 0);
    assertThat(book.days()).hasSize(4).allMatch(it -> it.bytes() == 100);
    assertThat(book.days()).extracting(Book.Day::classA).containsExactly(0L, 0L, 0L, 2L);
  }

  @Test
  void aRunThatBeganBeforeMidnightAddsToTheNewestDay() {
    Book book = enter(enter(empty(), FIRST.plusDays(1), 2, 0), FIRST, 3, 0);
    assertThat(book.days()).containsExactly(new Book.Day(FIRST.plusDays(1), 5, 0, 0));
  }

  @Test
  void aMonthThatIsOverIsKeptThirteenMonths() {
    Book book = empty();
    LocalDate day = LocalDate.parse("2025-09-30");
    while (!day.isAfter(FIRST)) {
      book = store(enter(book, day, 10, 20), day, 3 * GB);
      day = day.plusDays(1);
    }
    assertThat(book.months()).hasSize(13);
    assertThat(book.months().get(0).month()).isEqualTo("2025-10-01");
    assertThat(book.months().get(12))
        .isEqualTo(new Month(LocalDate.parse("2026-10-01"), 310, 620, 3 * GB));
    assertThat(book.days()).hasSizeLessThan(20);
    assertThat(ReportCodec.json(book).length()).isLessThan(8000);
  }

  @Test
  void aYearOfSilenceIsNoEndlessListOfDays() {
    Book book = store(enter(empty(), LocalDate.parse("2020-01-01"), 1, 0), FIRST, 7);
    assertThat(book.months()).hasSizeLessThanOrEqualTo(13);
    assertThat(book.days()).hasSizeLessThan(20);
  }

  @Test
  void aBookOutlivesItsText() throws Exception {
    Book book = store(enter(empty(), FIRST, 1, 2), FIRST.plusDays(40), 7);
    assertThat(ReportCodec.read(ReportCodec.json(book), Book.class)).isEqualTo(book);
  }

  @Test
  void theForecastIsWhatWasUsedAndTheUsualDayForTheRest() {
    Book book = empty();
    for (int day = 0; day < 10; day++) {
      // The fifth day copies media for the first time.
      book = enter(book, FIRST.plusDays(day), day == 4 ? 50_000 : 200, 100);
    }
    Report.Usage usage = Outlook.of(book);
    assertThat(usage.month()).isEqualTo(FIRST);
    assertThat(usage.used().classA()).isEqualTo(51_800);
    assertThat(usage.forecast().classA()).isEqualTo(51_800 + 20 * 200);
    assertThat(usage.forecast().classB()).isEqualTo(30 * 100);
  }

  @Test
  void aFirstDayIsNoPace() {
    Book book = enter(enter(empty(), FIRST, 90_000, 0), FIRST.plusDays(1), 10, 0);
    assertThat(Outlook.of(book).forecast().classA()).isEqualTo(90_010);
  }

  @Test
  void theFirstDayOfAMonthHasThePaceOfTheLast() {
    Book book = empty();
    for (LocalDate day = FIRST.minusDays(10); day.isBefore(FIRST); day = day.plusDays(1)) {
      book = enter(book, day, 300, 0);
    }
    Report.Usage usage = Outlook.of(enter(book, FIRST, 12, 0));
    assertThat(usage.used().classA()).isEqualTo(12);
    assertThat(usage.forecast().classA()).isEqualTo(30 * 300);
    assertThat(usage.months())
        .extracting(Report.Month::month)
        .containsExactly(FIRST.minusMonths(1));
  }

  @Test
  void storageIsTheMeanOfDailyPeaksAsR2BillsIt() {
    // The example of R2's price list: 1 GB for 5 days, then 3 GB, are 2.66 GB-month.
    Book book = empty();
    for (int day = 0; day < 30; day++) {
      book = store(book, FIRST.plusDays(day), day < 5 ? GB : 3 * GB);
    }
    assertThat(Outlook.of(book).forecast().bytes() / 10_000_000).isEqualTo(266);
    assertThat(Outlook.of(book).used().bytes() / 10_000_000).isEqualTo(266);
  }

  @Test
  void storageThatGrowsIsExpectedToGrowOn() {
    Book book = empty();
    for (int day = 0; day < 15; day++) {
      book = store(book, FIRST.plusDays(day), (day + 1) * GB / 10);
    }
    // 0.1 to 1.5 GB so far, and 1.6 to 3.0 GB to come.
    assertThat(Outlook.of(book).forecast().bytes()).isEqualTo(1_550_000_000);
    assertThat(Outlook.of(book).used().bytes()).isEqualTo(800_000_000);
  }
}
