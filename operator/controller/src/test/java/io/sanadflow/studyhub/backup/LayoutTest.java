package io.sanadflow.studyhub.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Keys that exist in buckets, and so may never change. */
class LayoutTest {

  private static final Instant TIME = Instant.parse("2026-11-24T18:00:05.123Z");

  private static final String SHA = "ab".repeat(32);

  private final Layout layout = new Layout("school/pilot");

  @Test
  void aDumpAndWhatIsBesideItSortByTheirDay() {
    assertThat(layout.content(BackupType.DUMP, TIME, false))
        .isEqualTo("school/pilot/daily/2026/11/24/20261124T180005Z.dump");
    assertThat(layout.manifest(BackupType.DUMP, TIME))
        .isEqualTo("school/pilot/daily/2026/11/24/20261124T180005Z.json");
    assertThat(layout.verification(BackupType.DUMP, TIME))
        .isEqualTo("school/pilot/daily/2026/11/24/20261124T180005Z.verified.json");
    assertThat(layout.roles(TIME, true))
        .isEqualTo("school/pilot/daily/2026/11/24/20261124T180005Z.roles.sql.age");
    assertThat(layout.mediaList(TIME, false))
        .isEqualTo("school/pilot/daily/2026/11/24/20261124T180005Z.media.gz");
  }

  @Test
  void aBaseBackupIsApartFromDumps() {
    assertThat(layout.content(BackupType.BASE, TIME, true))
        .isEqualTo("school/pilot/base/2026/11/24/20261124T180005Z.tar.gz.age");
    assertThat(layout.backups(BackupType.BASE)).isEqualTo("school/pilot/base/");
  }

  @Test
  void logIsApartForEachDatabaseSystem() {
    assertThat(
            layout.walBatch(
                "7438",
                "000000010000000000000002",
                "000000010000000000000004",
                Instant.parse("2026-11-24T18:15:00.900Z"),
                false))
        .isEqualTo(
            "school/pilot/wal/7438/000000010000000000000002_000000010000000000000004_1795544100.zip");
  }

  @Test
  void mediaAreUnderTheSumOfTheirContent() {
    assertThat(layout.media(SHA, false)).isEqualTo("school/pilot/media/ab/" + SHA);
  }

  @Test
  void withoutAPrefixNoKeyStartsWithASlash() {
    assertThat(new Layout("").owner()).isEqualTo("owner.json");
    assertThat(new Layout("").backups(BackupType.DUMP)).isEqualTo("daily/");
  }
}
