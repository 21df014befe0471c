package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.ArchiveFailure;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import java.util.List;
import java.util.Optional;

/** How write-ahead log comes off the database's volume, and how much room that has left. */
final class ArchiveHealth {

  /** Below this share of its volume the database is near the end of its room. */
  private static final int LEAST_FREE_PERCENT = 10;

  /** Log that waits and takes this share of the volume is told as what fills it. */
  private static final int MUCH_PERCENT = 10;

  private ArchiveHealth() {}

  /** What ends in a full volume, and so in a database that stops. */
  static Optional<Health> pressing(Hub hub, Observed observed, List<Ended> ended) {
    return volume(ended).or(() -> archiver(hub, observed));
  }

  private static Optional<Health> volume(List<Ended> ended) {
    return ended.stream()
        .filter(it -> it.report().wal() != null && it.report().wal().volumeBytes() > 0)
        .findFirst()
        .filter(
            it -> percent(it.report().wal(), it.report().wal().freeBytes()) < LEAST_FREE_PERCENT)
        .map(
            it ->
                BackupHealth.lacks(
                    "VolumeNearlyFull",
                    "the database's volume has %s of %s left; %s"
                        .formatted(
                            Backups.size(it.report().wal().freeBytes()),
                            Backups.size(it.report().wal().volumeBytes()),
                            cure(it.report()))));
  }

  private static String cure(Report report) {
    Report.Wal wal = report.wal();
    boolean log = percent(wal, wal.spooledBytes()) >= MUCH_PERCENT;
    if (log && !report.succeeded()) {
      return "%s of it is write-ahead log that waits for the object store (%s: %s). Mend that: the log is taken away within a quarter of an hour"
          .formatted(Backups.size(wal.spooledBytes()), report.reason(), report.message());
    }
    return "delete what is not needed, or make spec.database.storage larger where the storage class"
        + " can";
  }

  private static long percent(Report.Wal wal, long bytes) {
    return bytes * 100 / wal.volumeBytes();
  }

  /** As the server itself tells, long before the volume is full. */
  private static Optional<Health> archiver(Hub hub, Observed observed) {
    return observed
        .report()
        .database()
        .flatMap(Answer::facts)
        .flatMap(DatabaseFacts::archiveFailure)
        .map(
            it ->
                BackupHealth.lacks(
                    "ArchivingFails",
                    "PostgreSQL cannot put write-ahead log into its spool%s: %d segments of 16 MiB wait, %s was tried last. Nothing is lost, but they fill the volume, and no later moment can be restored. kubectl logs %s-0 says why: a full volume (make room), or a file in the spool that is not this server's (move it away)"
                        .formatted(since(it), it.waiting(), it.segment(), hub.names().database())));
  }

  private static String since(ArchiveFailure failure) {
    return failure.lastArchived().map(it -> " since " + it).orElse("");
  }

  /** What the archive lacks, as the run that looked last has found. */
  static Optional<Health> gap(List<Ended> ended) {
    return ended.stream()
        .map(it -> it.report().wal())
        // One that tells of the volume has not looked at the archive.
        .filter(it -> it != null && it.volumeBytes() == 0)
        .findFirst()
        .flatMap(it -> Optional.ofNullable(it.gap()))
        .map(
            it ->
                BackupHealth.lacks(
                    "ArchiveGap",
                    "the archive lacks the segment "
                        + it
                        + ", so no moment after it can be restored until the next base backup, which"
                        + " the next run of the schedule makes; a StudyHubBackup of type Base makes"
                        + " it now"));
  }
}
