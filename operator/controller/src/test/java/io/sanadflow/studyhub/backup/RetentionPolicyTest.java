package io.sanadflow.studyhub.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What retention deletes, and above all what it never does. */
class RetentionPolicyTest {

  private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");

  private static RetentionPolicy bucket(int days, int weekly, int monthly, int walDays) {
    return new RetentionPolicy(new AgentConfig.Retention(7, days, weekly, monthly, walDays), false);
  }

  private static RetentionPolicy local(int copies) {
    return new RetentionPolicy(new AgentConfig.Retention(copies, 30, 0, 0, 3), true);
  }

  private static Entry entry(BackupType type, Instant time, Verification verification) {
    return new Entry(type, type + "/" + time, time, 1, 1, verification);
  }

  private static Entry dump(int daysAgo, Verification verification) {
    return entry(BackupType.DUMP, NOW.minus(Duration.ofDays(daysAgo)), verification);
  }

  private static Entry dump(int daysAgo) {
    return dump(daysAgo, Verification.STORED);
  }

  private static Entry base(int daysAgo) {
    return entry(BackupType.BASE, NOW.minus(Duration.ofDays(daysAgo)), Verification.STORED);
  }

  private static List<Entry> daily(int days) {
    List<Entry> all = new ArrayList<>();
    for (int day = 0; day < days; day++) {
      all.add(dump(day));
    }
    return all;
  }

  @Test
  void keepsDaysAndDeletesOldestFirst() {
    assertThat(bucket(30, 0, 0, 3).obsolete(daily(34), NOW))
        .containsExactly(dump(33), dump(32), dump(31));
  }

  @Test
  void deletesNothingOfNothing() {
    assertThat(bucket(1, 0, 0, 1).obsolete(List.of(), NOW)).isEmpty();
  }

  @Test
  void neverDeletesTheNewestHoweverOld() {
    assertThat(bucket(1, 0, 0, 1).obsolete(List.of(dump(400), dump(500), base(90), base(91)), NOW))
        .containsExactly(dump(500), base(91));
  }

  @Test
  void neverDeletesTheNewestThatWasRestored() {
    Entry proven = dump(300, Verification.RESTORED);
    Entry provenBefore = dump(400, Verification.RESTORED);
    assertThat(bucket(30, 0, 0, 3).obsolete(List.of(dump(0), dump(40), proven, provenBefore), NOW))
        .containsExactly(provenBefore, dump(40));
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "INCOMPLETE"})
  void deletesNothingWhileTheNewestIsBad(Verification bad) {
    List<Entry> dumps = new ArrayList<>(daily(60));
    dumps.set(0, dump(0, bad));
    dumps.add(base(0));
    dumps.add(base(50));
    assertThat(bucket(30, 0, 0, 3).obsolete(dumps, NOW)).isEmpty();
    assertThat(RetentionPolicy.bad(dumps)).contains(dump(0, bad));

    List<Entry> bases = new ArrayList<>(daily(60));
    bases.add(entry(BackupType.BASE, NOW, bad));
    bases.add(base(50));
    assertThat(bucket(30, 0, 0, 3).obsolete(bases, NOW)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "INCOMPLETE"})
  void deletesABadOneThatIsOldAndNotTheNewest(Verification bad) {
    assertThat(RetentionPolicy.bad(List.of(dump(0), dump(31, bad)))).isEmpty();
    assertThat(bucket(30, 4, 4, 3).obsolete(List.of(dump(0), dump(31, bad)), NOW))
        .containsExactly(dump(31, bad));
  }

  @Test
  void keepsTheSundaysOfTheWeeksBefore() {
    List<Entry> all = daily(120);
    List<Entry> kept = new ArrayList<>(all);
    kept.removeAll(bucket(7, 4, 0, 3).obsolete(all, NOW));
    List<Entry> beyond = kept.stream().filter(it -> it.time().isBefore(ago(7))).toList();
    assertThat(beyond)
        .hasSize(4)
        .allSatisfy(
            it ->
                assertThat(it.time().atZone(ZoneOffset.UTC).getDayOfWeek())
                    .isEqualTo(DayOfWeek.SUNDAY));
  }

  @Test
  void takesAnotherDayOfTheWeekWhereTheSundayIsMissing() {
    // 2026-11-15 is a Sunday.
    List<Entry> all =
        daily(40).stream().filter(it -> !day(it).equals(LocalDate.parse("2026-11-15"))).toList();
    assertThat(bucket(7, 2, 0, 3).obsolete(all, NOW))
        .noneMatch(it -> day(it).equals(LocalDate.parse("2026-11-14")));
  }

  @Test
  void keepsTheFirstsOfTheMonthsBefore() {
    List<Entry> all = daily(400);
    List<Entry> kept = new ArrayList<>(all);
    kept.removeAll(bucket(10, 0, 6, 3).obsolete(all, NOW));
    List<Entry> beyond = kept.stream().filter(it -> it.time().isBefore(ago(10))).toList();
    assertThat(beyond)
        .hasSize(6)
        .allSatisfy(it -> assertThat(day(it).getDayOfMonth()).isEqualTo(1));
  }

  /** Pruning every day must not lose what a later day would have wanted to keep. */
  @Test
  void keepsAsMuchWhenItPrunesEveryDay() {
    RetentionPolicy policy = bucket(7, 4, 3, 3);
    List<Entry> pruned = new ArrayList<>();
    Instant start = Instant.parse("2025-01-01T18:00:00Z");
    for (int day = 0; day < 500; day++) {
      Instant now = start.plus(Duration.ofDays(day));
      pruned.add(entry(BackupType.DUMP, now, Verification.STORED));
      pruned.removeAll(policy.obsolete(pruned, now));
    }
    List<Entry> all = new ArrayList<>();
    for (int day = 0; day < 500; day++) {
      all.add(entry(BackupType.DUMP, start.plus(Duration.ofDays(day)), Verification.STORED));
    }
    all.removeAll(policy.obsolete(all, start.plus(Duration.ofDays(499))));
    assertThat(pruned).containsExactlyInAnyOrderElementsOf(all);
    assertThat(pruned.size()).isBetween(8 + 4, 8 + 4 + 3);
  }

  @Test
  void countsCopiesOnTheLocalVolume() {
    assertThat(local(7).obsolete(daily(9), NOW)).containsExactly(dump(8), dump(7));
    assertThat(local(7).obsolete(daily(7), NOW)).isEmpty();
    assertThat(local(0).obsolete(daily(3), NOW)).containsExactly(dump(2), dump(1));
  }

  @Test
  void countsOnlyGoodCopiesOnTheLocalVolume() {
    List<Entry> all = List.of(dump(0), dump(1, Verification.INCOMPLETE), dump(2), dump(3));
    assertThat(local(2).obsolete(all, NOW))
        .containsExactly(dump(3), dump(1, Verification.INCOMPLETE));
  }

  @Test
  void keepsTheBaseThatTheWindowStartsFrom() {
    assertThat(
            bucket(30, 0, 0, 3)
                .obsolete(List.of(base(0), base(1), base(2), base(4), base(5), base(6)), NOW))
        .containsExactly(base(6), base(5));
  }

  @Test
  void keepsAGoodBaseForTheStartOfTheWindow() {
    Entry bad = entry(BackupType.BASE, ago(4), Verification.INCOMPLETE);
    assertThat(bucket(30, 0, 0, 3).obsolete(List.of(base(0), bad, base(5), base(6)), NOW))
        .containsExactly(base(6), bad);
  }

  @Test
  void toleratesAClockThatWasAhead() {
    Entry tomorrow = entry(BackupType.DUMP, NOW.plus(Duration.ofDays(1)), Verification.STORED);
    assertThat(bucket(30, 0, 0, 3).obsolete(List.of(tomorrow, dump(0), dump(40)), NOW))
        .containsExactly(dump(40));
  }

  /** Whatever the catalogue, what must stay stays. */
  @Test
  void holdsItsPromisesForAnyCatalogue() {
    Random random = new Random(4);
    for (int round = 0; round < 2_000; round++) {
      List<Entry> all = new ArrayList<>();
      for (int count = random.nextInt(30); count > 0; count--) {
        all.add(
            entry(
                random.nextBoolean() ? BackupType.DUMP : BackupType.BASE,
                NOW.minusSeconds(random.nextInt(90 * 86_400)),
                Verification.values()[random.nextInt(4)]));
      }
      RetentionPolicy policy =
          new RetentionPolicy(
              new AgentConfig.Retention(
                  random.nextInt(4),
                  1 + random.nextInt(40),
                  random.nextInt(4),
                  random.nextInt(4),
                  1 + random.nextInt(9)),
              random.nextBoolean());
      List<Entry> gone = policy.obsolete(all, NOW);
      assertThat(all).containsAll(gone);
      for (BackupType type : BackupType.values()) {
        List<Entry> of =
            all.stream()
                .filter(it -> it.type() == type)
                .sorted(java.util.Comparator.comparing(Entry::time).reversed())
                .toList();
        of.stream().limit(1).forEach(it -> assertThat(gone).doesNotContain(it));
        of.stream()
            .filter(it -> it.verification() == Verification.RESTORED)
            .limit(1)
            .forEach(it -> assertThat(gone).doesNotContain(it));
        boolean bad =
            !of.isEmpty()
                && (of.get(0).verification() == Verification.FAILED
                    || of.get(0).verification() == Verification.INCOMPLETE);
        if (bad) {
          assertThat(gone).isEmpty();
        }
      }
    }
  }

  @Test
  void deletesLogOlderThanTheOldestBase() {
    WalBatch before = batch("7", 1, 4, 9);
    WalBatch across = batch("7", 5, 8, 8);
    WalBatch after = batch("7", 9, 9, 7);
    assertThat(
            bucket(30, 0, 0, 3)
                .obsoleteLog(
                    List.of(manifest("7", 8, 8), manifest("7", 1, 20)),
                    List.of(before, across, after),
                    NOW))
        .containsExactly(before);
  }

  @Test
  void keepsLogWithoutABase() {
    assertThat(bucket(30, 0, 0, 3).obsoleteLog(List.of(), List.of(batch("7", 1, 4, 90)), NOW))
        .isEmpty();
  }

  @Test
  void deletesLogOfASystemThatHasGone() {
    WalBatch old = batch("6", 1, 4, 9);
    WalBatch young = batch("6", 5, 6, 2);
    WalBatch newer = batch("8", 1, 1, 0);
    assertThat(
            bucket(30, 0, 0, 3)
                .obsoleteLog(List.of(manifest("7", 1, 1)), List.of(old, young, newer), NOW))
        .containsExactly(old);
  }

  private static WalBatch batch(String system, long first, long last, int daysAgo) {
    return new WalBatch(
        "wal/" + system + "/" + first,
        system,
        new WalSegment(1, first),
        new WalSegment(1, last),
        ago(daysAgo));
  }

  static Manifest manifest(String system, int daysAgo, long first) {
    return new Manifest(
        1,
        BackupType.BASE,
        "pilot",
        "hubs",
        ago(daysAgo),
        "base/" + daysAgo,
        1,
        "",
        1,
        "16.4",
        system,
        false,
        null,
        null,
        new Manifest.Base(new WalSegment(1, first).name(), new WalSegment(1, first + 1).name()));
  }

  private static Instant ago(int days) {
    return NOW.minus(Duration.ofDays(days));
  }

  private static LocalDate day(Entry entry) {
    return entry.time().atZone(ZoneOffset.UTC).toLocalDate();
  }
}
