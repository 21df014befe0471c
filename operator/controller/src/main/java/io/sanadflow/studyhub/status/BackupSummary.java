package io.sanadflow.studyhub.status;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.AgentRuns;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.component.BackupFindings;
import io.sanadflow.studyhub.component.BackupHealth;
import io.sanadflow.studyhub.component.Backups;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.model.Hub;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the status says of backups and of the object store: from the StudyHubBackups that are there,
 * the newest reports of agents, and what the status said before of what has gone since.
 */
final class BackupSummary {

  /** Left out: applied where something was known before, an empty object becomes a null one. */
  private static final StudyHubStatus.Backup NOTHING_KNOWN =
      new StudyHubStatus.Backup(null, null, null, null, null, null, null, null);

  private BackupSummary() {}

  static StudyHubStatus.@Nullable Backup backup(
      Hub hub, Observed observed, Optional<StudyHubStatus> before) {
    if (!hub.backsUp()) {
      return null;
    }
    List<Ended> ended = observed.ended();
    List<StudyHubStatus.Finding> findings = BackupFindings.of(hub, observed);
    Optional<StudyHubStatus.Backup> last = before.map(StudyHubStatus::backup);
    Optional<StudyHubBackupStatus> dump = Backups.newestStatus(observed, BackupType.DUMP);
    Optional<StudyHubBackupStatus> base = Backups.newestStatus(observed, BackupType.BASE);
    StudyHubStatus.Backup backup =
        new StudyHubStatus.Backup(
            dump.map(StudyHubBackupStatus::time).orElse(null),
            dump.map(StudyHubBackupStatus::key).orElse(null),
            dump.map(StudyHubBackupStatus::size).orElse(null),
            base.map(StudyHubBackupStatus::time).orElse(null),
            ended.stream()
                .map(it -> it.report().wal())
                .filter(it -> it != null && it.from() != null)
                .findFirst()
                .map(it -> seconds(it.from()))
                .or(() -> last.map(StudyHubStatus.Backup::recoverableFrom))
                .orElse(null),
            AgentRuns.newest(
                    ended.stream().filter(it -> !it.report().succeeded()).toList(), "backup")
                .map(it -> seconds(it.report().finished()))
                .or(() -> last.map(StudyHubStatus.Backup::lastFailureTime))
                .orElse(null),
            AgentRuns.newest(ended.stream().filter(Ended::reported).toList(), "drill")
                .map(it -> drill(it.report()))
                .or(() -> last.map(StudyHubStatus.Backup::lastDrill))
                .orElse(null),
            findings.isEmpty() ? null : findings);
    return backup.equals(NOTHING_KNOWN) ? null : backup;
  }

  private static StudyHubStatus.Drill drill(Report report) {
    Optional<Report.Restore> restore = Optional.ofNullable(report.restore());
    return new StudyHubStatus.Drill(
        seconds(report.finished()),
        report.succeeded(),
        restore.map(it -> Backups.duration(it.seconds())).orElse(null),
        restore
            .map(it -> Duration.between(it.until(), report.finished()).toSeconds())
            .map(Backups::duration)
            .orElse(null),
        restore.map(it -> it.backup().key()).orElse(null));
  }

  static StudyHubStatus.@Nullable ObjectStore store(
      Hub hub, Observed observed, Optional<StudyHubStatus> before) {
    if (hub.objectStore().isEmpty()) {
      return null;
    }
    Optional<StudyHubStatus.ObjectStore> last = before.map(StudyHubStatus::objectStore);
    Optional<Instant> tried = last.map(StudyHubStatus.ObjectStore::probeTime).map(Instant::parse);
    return AgentRuns.newest(observed.ended(), "probe")
        .filter(it -> tried.filter(told -> !it.newerThan(told)).isEmpty())
        .map(Ended::report)
        .map(
            it ->
                new StudyHubStatus.ObjectStore(
                    it.succeeded() ? BackupHealth.WORKS : it.reason(),
                    it.message(),
                    it.store() == null ? null : band(it.store().latencyMillis()),
                    seconds(it.finished())))
        .or(() -> last)
        .orElseGet(
            () ->
                new StudyHubStatus.ObjectStore(
                    "NotTriedYet", "the object store is about to be tried", null, null));
  }

  /** A latency in a band, so that it changes when something does. */
  private static String band(long millis) {
    for (int bound : new int[] {100, 300, 1000, 3000, 10_000}) {
      if (millis < bound) {
        return "<" + (bound < 1000 ? bound + "ms" : bound / 1000 + "s");
      }
    }
    return ">10s";
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
