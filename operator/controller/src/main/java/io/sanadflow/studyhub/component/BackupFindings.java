package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus.Finding;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.model.Hub;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What runs found to be wrong. A run's report goes with its pod, so what it found is kept in the
 * hub's status until a later run finds it right.
 */
public final class BackupFindings {

  /** The last backup failed. */
  static final String BACKUP_FAILED = "BackupFailed";

  /** Write-ahead log is not taken away. */
  static final String ARCHIVE_STUCK = "ArchiveStuck";

  /** The database's volume is near its end. */
  static final String VOLUME_NEARLY_FULL = "VolumeNearlyFull";

  /** A segment is missing in the archive. */
  static final String ARCHIVE_GAP = "ArchiveGap";

  /** The last restore drill failed. */
  static final String DRILL_FAILED = "DrillFailed";

  /** Below this share of its volume the database is near the end of its room. */
  private static final int LEAST_FREE_PERCENT = 10;

  private final Hub hub;
  private final Observed observed;

  private BackupFindings(Hub hub, Observed observed) {
    this.hub = hub;
    this.observed = observed;
  }

  /** What is wrong as far as is known, the worst first. */
  public static List<Finding> of(Hub hub, Observed observed) {
    return hub.backsUp() ? new BackupFindings(hub, observed).all() : List.of();
  }

  private List<Finding> all() {
    boolean archives = hub.backup().orElseThrow().wal();
    return List.of(
            backup(),
            archives ? run("wal", ARCHIVE_STUCK, "write-ahead log is not taken away: ") : none(),
            archives
                ? log(VOLUME_NEARLY_FULL, it -> it.volumeBytes() > 0, BackupFindings::room)
                : none(),
            archives
                ? log(ARCHIVE_GAP, it -> it.from() != null || it.gap() != null, BackupFindings::gap)
                : none(),
            run(
                "drill",
                DRILL_FAILED,
                "the last restore drill failed (once mended: kubectl create job --from=cronjob/"
                    + hub.names().drill()
                    + " drill-again): "))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Finding> none() {
    return Optional.empty();
  }

  private Optional<Finding> backup() {
    // A newer backup in the store is a later good run, whoever saw its end.
    return run("backup", BACKUP_FAILED, "the last backup failed: ")
        .filter(
            it ->
                Backups.newest(observed, BackupType.DUMP)
                    .filter(made -> made.isAfter(Instant.parse(it.time())))
                    .isEmpty());
  }

  private Optional<Finding> run(String run, String reason, String words) {
    return decide(
        reason,
        AgentRuns.newest(observed.ended(), run),
        it ->
            it.succeeded()
                ? Optional.empty()
                : Optional.of(words + it.reason() + ": " + it.message()));
  }

  private Optional<Finding> log(
      String reason, Predicate<Report.Wal> looked, Function<Report.Wal, Optional<String>> wrong) {
    return decide(
        reason,
        observed.ended().stream()
            .filter(it -> it.report().wal() != null && looked.test(it.report().wal()))
            .findFirst(),
        it -> wrong.apply(Objects.requireNonNull(it.wal())));
  }

  /** The newest word counts: that of a run that is there, or what was told of one that is gone. */
  private Optional<Finding> decide(
      String reason, Optional<Ended> newest, Function<Report, Optional<String>> wrong) {
    Optional<Finding> told = told(reason);
    if (newest.isEmpty()
        || told.filter(it -> !newest.get().newerThan(Instant.parse(it.time()))).isPresent()) {
      return told;
    }
    Report report = newest.get().report();
    return wrong
        .apply(report)
        .map(
            it ->
                new Finding(
                    reason, it, report.finished().truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  private Optional<Finding> told(String reason) {
    return observed
        .told()
        .map(StudyHubStatus::backup)
        .map(StudyHubStatus.Backup::findings)
        .flatMap(it -> it.stream().filter(one -> one.reason().equals(reason)).findFirst())
        .filter(it -> BackupStatuses.instant(it.time()).isPresent());
  }

  private static Optional<String> room(Report.Wal wal) {
    return wal.freeBytes() * 100 / wal.volumeBytes() < LEAST_FREE_PERCENT
        ? Optional.of(
            "the database's volume has "
                + Backups.size(wal.freeBytes())
                + " of "
                + Backups.size(wal.volumeBytes())
                + " left; delete what is not needed, or make spec.database.storage larger where"
                + " the storage class can")
        : Optional.empty();
  }

  private static Optional<String> gap(Report.Wal wal) {
    return Optional.ofNullable(wal.gap())
        .map(
            it ->
                "the archive lacks the segment "
                    + it
                    + ", so no moment after it can be restored until the next base backup, which"
                    + " the next run of the schedule makes; a StudyHubBackup of type Base makes it"
                    + " now");
  }
}
