package io.sanadflow.studyhub.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which backup a restore takes. */
class RestoreChoiceTest {

  private static Entry entry(BackupType type, String time, Verification verification) {
    return new Entry(type, time, Instant.parse("2026-11-" + time + ":00:00Z"), 1, 1, verification);
  }

  private static final List<Entry> CATALOGUE =
      List.of(
          entry(BackupType.DUMP, "24T02", Verification.INCOMPLETE),
          entry(BackupType.DUMP, "23T02", Verification.FAILED),
          entry(BackupType.DUMP, "22T02", Verification.STORED),
          entry(BackupType.DUMP, "21T02", Verification.RESTORED),
          entry(BackupType.BASE, "22T03", Verification.STORED),
          entry(BackupType.BASE, "20T03", Verification.STORED));

  @Test
  void latestPassesOverWhatIsNotProvenToBeThere() {
    assertThat(RestoreChoice.latest(CATALOGUE, BackupType.DUMP)).contains(CATALOGUE.get(2));
  }

  @Test
  void aMomentStartsFromTheNewestBaseBeforeIt() {
    assertThat(RestoreChoice.base(CATALOGUE, Instant.parse("2026-11-22T02:59:59Z")))
        .contains(CATALOGUE.get(5));
    assertThat(RestoreChoice.base(CATALOGUE, Instant.parse("2026-11-22T03:00:00Z")))
        .contains(CATALOGUE.get(4));
    assertThat(RestoreChoice.base(CATALOGUE, Instant.parse("2026-11-19T00:00:00Z"))).isEmpty();
    assertThat(RestoreChoice.earliest(CATALOGUE)).contains(CATALOGUE.get(5).time());
  }

  @Test
  void mediaOfAMomentBeforeTheFirstDumpAreThoseOfTheFirst() {
    assertThat(RestoreChoice.media(CATALOGUE, Instant.parse("2026-11-22T01:00:00Z")))
        .contains(CATALOGUE.get(3));
    assertThat(RestoreChoice.media(CATALOGUE, Instant.parse("2026-11-20T04:00:00Z")))
        .contains(CATALOGUE.get(3));
    assertThat(RestoreChoice.media(List.of(), Instant.EPOCH)).isEmpty();
  }
}
