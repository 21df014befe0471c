package io.sanadflow.studyhub.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of segments, keys of batches, and the moments that they allow to go back to. */
class WalTest {

  private static final Layout LAYOUT = new Layout("hubs/pilot");

  @ParameterizedTest
  @CsvSource({
    "000000010000000000000002, 1, 2, 000000010000000000000003",
    "0000000100000000000000FF, 1, 255, 000000010000000100000000",
    "0000000A00000001000000FF, 10, 511, 0000000A0000000200000000",
    "00000001FFFFFFFF000000FE, 1, 1099511627774, 00000001FFFFFFFF000000FF",
  })
  void readsAndCountsSegments(String name, long timeline, long number, String next) {
    WalSegment segment = WalSegment.parse(name).orElseThrow();
    assertThat(segment).isEqualTo(new WalSegment(timeline, number));
    assertThat(segment.name()).isEqualTo(name);
    assertThat(segment.next().name()).isEqualTo(next);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00000002.history",
        "000000010000000000000002.partial",
        "000000010000000000000002.00000028.backup",
        "00000001000000000000002",
        "00000001000000000000000g",
        "000000010000000000000100",
        "0000000100000000000000ff",
      })
  void knowsWhatIsNoSegment(String name) {
    assertThat(WalSegment.parse(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0/2000028, 000000010000000000000002",
    "0/3000000, 000000010000000000000002",
    "0/3000001, 000000010000000000000003",
    "1/0, 0000000100000000000000FF",
    "A/FF000001, 000000010000000A000000FF",
    "0/0, 000000010000000000000000",
  })
  void findsTheSegmentBeforeAPlace(String lsn, String name) {
    assertThat(WalSegment.before(1, lsn).name()).isEqualTo(name);
  }

  @Test
  void refusesWhatIsNoPlace() {
    assertThatThrownBy(() -> WalSegment.before(1, "2000028"))
        .hasMessageContaining("look like 0/2000028");
  }

  @Test
  void knowsWhereLogGoesOn() {
    WalSegment five = new WalSegment(1, 5);
    assertThat(five.continuesIn(new WalSegment(1, 6))).isTrue();
    assertThat(five.continuesIn(new WalSegment(1, 7))).isFalse();
    assertThat(five.continuesIn(new WalSegment(1, 5))).isFalse();
    assertThat(five.continuesIn(new WalSegment(2, 5))).isTrue();
    assertThat(five.continuesIn(new WalSegment(2, 6))).isTrue();
    assertThat(five.continuesIn(new WalSegment(2, 7))).isFalse();
    assertThat(new WalSegment(2, 5).continuesIn(new WalSegment(1, 6))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsTheKeyThatTheLayoutMakes(boolean encrypted) {
    Instant until = Instant.ofEpochSecond(1_764_000_000);
    String key =
        LAYOUT.walBatch(
            "7300000000000000001",
            "000000010000000000000002",
            "000000010000000000000005",
            until,
            encrypted);
    assertThat(WalBatch.parse(key))
        .contains(
            new WalBatch(
                key, "7300000000000000001", new WalSegment(1, 2), new WalSegment(1, 5), until));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wal/7/00000002.history_00000002.history_1.zip",
        "wal/7/000000010000000000000002_1.zip",
        "media/00/00",
        "wal/7/000000010000000000000002_000000010000000000000100_1.zip",
      })
  void passesOverOtherKeys(String key) {
    assertThat(WalBatch.parse(key)).isEmpty();
  }

  private static WalBatch batch(long first, long last) {
    return new WalBatch(
        "wal/7/" + first,
        "7",
        new WalSegment(1, first),
        new WalSegment(1, last),
        Instant.ofEpochSecond(last));
  }

  /** Of a base that needs the segment and the one after it. */
  private static Manifest base(int daysAgo, long first) {
    return RetentionPolicyTest.manifest("7", daysAgo, first);
  }

  @Test
  void coversFromTheOldestBaseToTheLastSegment() {
    assertThat(WalCoverage.of(List.of(base(1, 6), base(2, 2)), List.of(batch(5, 9), batch(1, 4))))
        .isEqualTo(new WalCoverage(base(2, 2).time(), Instant.ofEpochSecond(9), null));
  }

  @Test
  void toleratesWhatWasArchivedTwice() {
    assertThat(
            WalCoverage.of(
                List.of(base(2, 2)), List.of(batch(2, 4), batch(4, 6), batch(3, 3), batch(7, 7))))
        .isEqualTo(new WalCoverage(base(2, 2).time(), Instant.ofEpochSecond(7), null));
  }

  @Test
  void namesTheFirstMissingSegment() {
    assertThat(WalCoverage.of(List.of(base(2, 2)), List.of(batch(2, 4), batch(6, 9))))
        .isEqualTo(
            new WalCoverage(
                base(2, 2).time(), Instant.ofEpochSecond(4), new WalSegment(1, 5).name()));
  }

  @Test
  void startsFromTheNextBaseIfTheOldestHasNoLog() {
    assertThat(WalCoverage.of(List.of(base(2, 2), base(1, 6)), List.of(batch(5, 9))))
        .isEqualTo(
            new WalCoverage(
                base(1, 6).time(), Instant.ofEpochSecond(9), new WalSegment(1, 2).name()));
  }

  @Test
  void coversNothingUntilTheLogOfTheOnlyBaseIsThere() {
    assertThat(WalCoverage.of(List.of(base(1, 6)), List.of(batch(1, 6))))
        .isEqualTo(WalCoverage.NONE);
    assertThat(WalCoverage.of(List.of(base(1, 6)), List.of())).isEqualTo(WalCoverage.NONE);
    assertThat(WalCoverage.of(List.of(), List.of(batch(1, 6)))).isEqualTo(WalCoverage.NONE);
  }

  @Test
  void followsAPromotion() {
    WalBatch promoted =
        new WalBatch(
            "wal/7/x", "7", new WalSegment(2, 5), new WalSegment(2, 7), Instant.ofEpochSecond(70));
    assertThat(WalCoverage.of(List.of(base(2, 2)), List.of(batch(2, 5), promoted)))
        .isEqualTo(new WalCoverage(base(2, 2).time(), Instant.ofEpochSecond(70), null));
  }
}
