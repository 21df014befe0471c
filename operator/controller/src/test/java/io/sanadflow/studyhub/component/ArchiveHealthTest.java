package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/** What is said of log that the server cannot archive. */
class ArchiveHealthTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final Hub HUB = Hubs.resolved(Hubs.read(Hubs.MINIMAL));

  private static final Observed NOTHING = Observed.nothing(Set.of(), "system");

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

  @Test
  void anArchiverThatFailsIsToldAsTheServerTellsIt() {
    ArchiveFailure failure = new ArchiveFailure("000000010000000000000007", Optional.of(NOW), 3);
    Health told = ArchiveHealth.of(HUB, failing(Optional.of(failure))).orElseThrow();
    assertThat(told.reason()).isEqualTo("ArchivingFails");
    assertThat(told.message())
        .contains("since 2026-11-25T12:00:00Z: 3 segments of 16 MiB wait")
        .contains("000000010000000000000007 was tried last", "kubectl logs pilot-db-0");
    assertThat(ArchiveHealth.of(HUB, failing(Optional.empty()))).isEmpty();
  }
}
