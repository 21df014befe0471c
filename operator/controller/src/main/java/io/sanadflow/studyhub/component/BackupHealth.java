package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.api.v1alpha1.Durations;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether backups are made, new enough, and proven: the first thing that is not is told. */
final class BackupHealth {

  /** How long a new hub, or a new bucket, may be without any backup. */
  static final Duration FIRST_WITHIN = Duration.ofHours(1);

  /** Below this share of its volume the database is near the end of its room. */
  private static final int LEAST_FREE_PERCENT = 10;

  private BackupHealth() {}

  static Optional<Health> of(Hub hub, Observed observed) {
    if (hub.backup().isEmpty()) {
      return Optional.empty();
    }
    if (!hub.backsUp()) {
      return Optional.of(
          lacks(
              "NoPlaceForBackups",
              "spec.backup has no place for backups, so none are made; name a bucket in"
                  + " spec.objectStore, or a volume in spec.backup.localVolume"));
    }
    List<Ended> ended = AgentRuns.of(observed);
    return store(hub, observed, ended)
        .or(() -> run(ended, "backup", "BackupFailed", "the last backup failed: "))
        .or(() -> hub.suspended() ? Optional.empty() : overdue(hub, observed))
        .or(() -> run(ended, "wal", "ArchiveStuck", "write-ahead log is not taken away: "))
        .or(() -> archive(ended))
        .or(() -> run(ended, "drill", "DrillFailed", "the last restore drill failed: "))
        .or(() -> slow(hub, ended))
        .or(() -> untried(hub, observed));
  }

  /** What the store said when it was tried last and did not work. */
  static Optional<Report> refused(Hub hub, Observed observed, List<Ended> ended) {
    return ended.stream()
        .filter(it -> it.job().equals(BackupComponent.probeName(hub, observed)))
        .findFirst()
        .map(Ended::report)
        .filter(it -> !it.succeeded());
  }

  private static Optional<Health> store(Hub hub, Observed observed, List<Ended> ended) {
    return refused(hub, observed, ended)
        .map(it -> lacks("Store" + it.reason(), "the object store: " + it.message()));
  }

  /** Nothing is known of a store, or of one whose Secrets have changed, until it was tried. */
  private static Optional<Health> untried(Hub hub, Observed observed) {
    return hub.suspended() || BackupComponent.proven(hub, observed)
        ? Optional.empty()
        : Optional.of(
            new Health(
                Optional.empty(),
                Serving.UNKNOWN,
                Phase.PROGRESSING,
                "TriesStore",
                "the object store is tried before it is trusted with backups"));
  }

  private static Optional<Health> run(List<Ended> ended, String run, String reason, String words) {
    return AgentRuns.newest(ended, run)
        .map(Ended::report)
        .filter(it -> !it.succeeded())
        .map(it -> lacks(reason, words + it.reason() + ": " + it.message()));
  }

  /** That no backup is made is noticed here, whatever became of the CronJob. */
  private static Optional<Health> overdue(Hub hub, Observed observed) {
    Hub.Backup backup = hub.backup().orElseThrow();
    Optional<Instant> last = Backups.newest(observed, BackupType.DUMP);
    if (last.isEmpty()) {
      return since(hub, observed)
          .filter(it -> it.plus(FIRST_WITHIN).isBefore(observed.now()))
          .map(
              it ->
                  lacks(
                      "NoBackup",
                      "there is no backup of this hub since "
                          + it
                          + (backup.schedule().suspended()
                              ? "; spec.backup.suspend is true: set it to false"
                              : "; kubectl get jobs,pods -l sanadflow.io/hub="
                                  + hub.names().hub()
                                  + " tells what keeps it")));
    }
    return due(backup, last.get())
        .filter(it -> it.isBefore(observed.now()))
        .map(
            it ->
                lacks(
                    "BackupOverdue",
                    "the newest backup is of "
                        + last.get()
                        + ", older than spec.backup.rpo ("
                        + Durations.text(backup.rpo())
                        + ") or than two of its schedule; "
                        + (backup.schedule().suspended()
                            ? "spec.backup.suspend is true: set it to false"
                            : "kubectl get jobs,cronjobs -l sanadflow.io/hub="
                                + hub.names().hub()
                                + " tells what keeps the next")));
  }

  /** Since when backups are wanted: the age of their CronJob. */
  static Optional<Instant> since(Hub hub, Observed observed) {
    return observed
        .cronJob(hub.names().backup())
        .map(it -> it.getMetadata().getCreationTimestamp())
        .map(Instant::parse);
  }

  /**
   * When a hub with this newest backup is overdue. A backup takes a while, so a tenth of the RPO,
   * at most an hour, is left to it.
   */
  static Optional<Instant> due(Hub.Backup backup, Instant last) {
    Duration tenth = backup.rpo().dividedBy(10);
    Duration grace = tenth.compareTo(FIRST_WITHIN) < 0 ? tenth : FIRST_WITHIN;
    Instant byRpo = last.plus(backup.rpo()).plus(grace);
    return backup
        .schedule()
        .next(last)
        .flatMap(backup.schedule()::next)
        .map(it -> it.plus(grace))
        .filter(it -> it.isBefore(byRpo))
        .or(() -> Optional.of(byRpo));
  }

  private static Optional<Health> archive(List<Ended> ended) {
    for (Ended it : ended) {
      Report.Wal wal = it.report().wal();
      if (wal == null) {
        continue;
      }
      if (wal.volumeBytes() > 0 && wal.freeBytes() * 100 / wal.volumeBytes() < LEAST_FREE_PERCENT) {
        return Optional.of(
            lacks(
                "VolumeNearlyFull",
                "the database's volume has "
                    + Backups.size(wal.freeBytes())
                    + " of "
                    + Backups.size(wal.volumeBytes())
                    + " left; delete what is not needed, or make spec.database.storage larger where"
                    + " the storage class can"));
      }
      if (wal.gap() != null) {
        return Optional.of(
            lacks(
                "ArchiveGap",
                "the archive lacks the segment "
                    + wal.gap()
                    + ", so no moment after it can be restored until the next base backup, which"
                    + " the next run of the schedule makes; a StudyHubBackup of type Base makes it"
                    + " now"));
      }
    }
    return Optional.empty();
  }

  private static Optional<Health> slow(Hub hub, List<Ended> ended) {
    Duration rto = hub.backup().orElseThrow().rto();
    return AgentRuns.newest(ended, "drill")
        .map(it -> it.report().restore())
        .filter(it -> it.seconds() > rto.toSeconds())
        .map(
            it ->
                lacks(
                    "RecoveryTooSlow",
                    "the last restore drill took "
                        + Backups.duration(it.seconds())
                        + ", longer than spec.backup.rto ("
                        + Durations.text(rto)
                        + "); give the database more CPU and memory, or allow more time"));
  }

  private static Health lacks(String reason, String message) {
    return new Health(Optional.empty(), Serving.UNKNOWN, Phase.LACKING, reason, message);
  }
}
