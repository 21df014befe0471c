package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says at its end, through the termination message of its container, so that it needs
 * no right at the API server.
 *
 * @param succeeded whether all that was asked for is done
 * @param reason one word in CamelCase, such as Succeeded, AccessDenied, BucketMissing, DumpFailed
 * @param message for people: what happened and, after a failure, the cure
 * @param finished when
 * @param made the backups that this run made
 * @param catalogue all backups in the store, newest first, if the run looked
 * @param pruned how many were deleted by retention
 * @param store what the probe of the store measured, if it ran
 * @param wal the state of the archive, if the run looked
 * @param restore what was restored, if this run did
 */
public record Report(
    boolean succeeded,
    String reason,
    String message,
    Instant finished,
    List<Entry> made,
    @Nullable List<Entry> catalogue,
    int pruned,
    @Nullable Store store,
    @Nullable Wal wal,
    @Nullable Restore restore) {

  /** The same with another catalogue. */
  public Report withCatalogue(List<Entry> catalogue) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore);
  }

  /** The same with another message. */
  Report withMessage(String message) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore);
  }

  /** The same with what the probe of the store measured. */
  public Report withStore(Store store) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore);
  }

  /** What the probe of the store measured: the milliseconds of its slowest request. */
  public record Store(long latencyMillis) {}

  /**
   * The archive of write-ahead log.
   *
   * @param from the earliest moment that can be restored to, if there is one
   * @param until the latest
   * @param gap the first segment that is missing between both, if one is
   * @param spooledBytes what waits in the spool for the next run
   * @param freeBytes what the database's volume has left
   * @param volumeBytes what the database's volume holds in all
   */
  public record Wal(
      @Nullable Instant from,
      @Nullable Instant until,
      @Nullable String gap,
      long spooledBytes,
      long freeBytes,
      long volumeBytes) {}

  /**
   * A restore.
   *
   * @param backup the backup it came from
   * @param until the moment whose state it has
   * @param tables how many were compared
   * @param rows how many all tables hold
   * @param files how many media files were restored
   * @param seconds that it took from the start of the pod
   */
  public record Restore(
      Entry backup, Instant until, int tables, long rows, long files, long seconds) {}
}
