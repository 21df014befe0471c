package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.ArchiveFailure;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of a volume that fills up, and of log that is not archived. */
class ArchiveHealthTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final Hub HUB = Hubs.resolved(Hubs.read(Hubs.MINIMAL));

  private static final Observed NOTHING = Observed.nothing(Set.of(), "system");

  private static Ended wal(boolean succeeded, long spooled, long free) {
    return ended(succeeded, new Report.Wal(null, null, null, spooled, free, 1000));
  }

  private static Ended looked(@Nullable String gap) {
    return ended(true, new Report.Wal(NOW, NOW, gap, 0, 0, 0));
  }

  private static Ended ended(boolean succeeded, Report.Wal wal) {
    Report report =
        new Report(
            succeeded,
            succeeded ? "Succeeded" : "BucketMissing",
            succeeded ? "done" : "there is no bucket hub; make it",
            NOW,
            List.of(),
            null,
            0,
            null,
            wal,
            null);
    return new Ended("wal", "pilot-wal-1", report);
  }

  private static Observed failing(Optional<ArchiveFailure> failure) {
    DatabaseFacts facts =
        new DatabaseFacts(
            "16.15",
            Optional.of("hash"),
            List.of(),
            Map.of(),
            Map.of(),
            Duration.ZERO,
            Optional.empty(),
            1,
            failure);
    return NOTHING.with(
        new ProbeReport(
            Optional.of(Answer.of(facts)),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            ProbeReport.Restart.NONE));
  }

  private static Optional<String> pressing(Ended... ended) {
    return ArchiveHealth.pressing(HUB, NOTHING, List.of(ended)).map(Health::message);
  }

  @Test
  void aVolumeNearItsEndIsToldWithItsCure() {
    assertThat(pressing(wal(true, 0, 100))).isEmpty();
    assertThat(pressing(wal(true, 0, 99)).orElseThrow())
        .contains("has 99 B of 1000 B left")
        .contains("make spec.database.storage larger");
  }

  @Test
  void logThatTheStoreDoesNotTakeIsNamedAsWhatFillsIt() {
    assertThat(pressing(wal(false, 400, 50)).orElseThrow())
        .contains("400 B of it is write-ahead log that waits for the object store")
        .contains("BucketMissing: there is no bucket hub; make it");
    assertThat(pressing(wal(false, 20, 50)).orElseThrow()).contains("delete what is not needed");
  }

  @Test
  void theNewestLookCounts() {
    assertThat(pressing(wal(true, 0, 500), wal(false, 400, 50))).isEmpty();
    assertThat(ArchiveHealth.gap(List.of(looked(null), looked("0000")))).isEmpty();
    assertThat(ArchiveHealth.gap(List.of(wal(true, 0, 500), looked("0000"))).orElseThrow().reason())
        .isEqualTo("ArchiveGap");
  }

  @Test
  void anArchiverThatFailsIsToldAsTheServerTellsIt() {
    ArchiveFailure failure = new ArchiveFailure("000000010000000000000007", Optional.of(NOW), 3);
    Health told =
        ArchiveHealth.pressing(HUB, failing(Optional.of(failure)), List.of()).orElseThrow();
    assertThat(told.reason()).isEqualTo("ArchivingFails");
    assertThat(told.message())
        .contains("since 2026-11-25T12:00:00Z: 3 segments of 16 MiB wait")
        .contains("000000010000000000000007 was tried last", "kubectl logs pilot-db-0");
    assertThat(ArchiveHealth.pressing(HUB, failing(Optional.empty()), List.of())).isEmpty();
  }
}
