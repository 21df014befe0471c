package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
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
 * @param storage what the hub's volumes hold, if the run looked
 * @param offload how far media have moved, if the run was about that
 * @param requests what this run asked of the buckets
 * @param usage what the hub has used of them, this run's own included, if it was entered
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
    @Nullable Restore restore,
    @Nullable Storage storage,
    @Nullable Offload offload,
    @Nullable Requests requests,
    @Nullable Usage usage) {

  /** A report that says no more than how it went. */
  public static Report of(boolean succeeded, String reason, String message, Instant finished) {
    return new Report(succeeded, reason, message, finished, List.of(), null, 0, null, null, null);
  }

  /** A report of a run that was not about what volumes hold. */
  public Report(
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
    this(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore, null,
        null, null, null);
  }

  /** The same with another catalogue. */
  public Report withCatalogue(List<Entry> catalogue) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore, storage,
        offload, requests, usage);
  }

  /** The same with another message. */
  Report withMessage(String message) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore, storage,
        offload, requests, usage);
  }

  /** The same with what the probe of the store measured. */
  public Report withStore(Store store) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore, storage,
        offload, requests, usage);
  }

  /** The same with the state of the archive. */
  public Report withWal(Wal wal) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore, storage,
        offload, requests, usage);
  }

  /** The same with what was restored. */
  public Report withRestore(Restore restore) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore, storage,
        offload, requests, usage);
  }

  /** The same with what volumes hold, and how far media have moved. */
  public Report withOffload(Storage storage, @Nullable Offload offload) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore, storage,
        offload, requests, usage);
  }

  /** The same with what this run asked of the buckets, and what the hub has used of them. */
  public Report withUsage(Requests requests, @Nullable Usage usage) {
    return new Report(
        succeeded, reason, message, finished, made, catalogue, pruned, store, wal, restore, storage,
        offload, requests, usage);
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

  /**
   * What the hub's volumes hold.
   *
   * @param volumes one each for the database (databases, log and spool), media and copies, as far
   *     as the hub has them
   * @param tables the largest tables of the database, at most three, largest first
   * @param thresholdOn the day on which the threshold is reached at the pace of the last weeks;
   *     null if none is near
   */
  public record Storage(List<Volume> volumes, List<Table> tables, @Nullable LocalDate thresholdOn) {

    /** The volume of a name, if the hub has it. */
    public Optional<Volume> volume(String name) {
      return volumes.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** Bytes that all volumes hold. */
    public long bytes() {
      return volumes.stream().mapToLong(Volume::usedBytes).sum();
    }
  }

  /**
   * A volume. Local-path volumes share a disk: their free bytes are those of the disk.
   *
   * @param name one of the constants
   * @param usedBytes what the hub keeps there, counted by files and by SQL
   * @param freeBytes what the file system has left for it
   * @param totalBytes what the file system holds in all
   * @param fullOn the day on which it is full at the pace of the last weeks; null if none is near
   */
  public record Volume(
      String name, long usedBytes, long freeBytes, long totalBytes, @Nullable LocalDate fullOn) {

    /** The name of that of databases, log and spool. */
    public static final String DATABASE = "database";

    /** The name of that of the media. */
    public static final String MEDIA = "media";

    /** The name of that of local backups. */
    public static final String COPIES = "copies";
  }

  /** A table with its schema, its bytes with indexes, and the share of dead rows in percent. */
  public record Table(String name, long bytes, int deadPercent) {}

  /**
   * How far media have moved.
   *
   * @param phase the ledger's after this run
   * @param files on the volume
   * @param bytes on the volume
   * @param moved files that this run copied, either way
   * @param movedBytes of them
   * @param left files that are yet to be copied
   * @param removed local copies that this run deleted since the bucket has them, verified
   * @param since when the phase began
   */
  public record Offload(
      OffloadPhase phase,
      long files,
      long bytes,
      long moved,
      long movedBytes,
      long left,
      long removed,
      Instant since) {}

  /** Operations by the class as which R2 bills them. */
  public record Requests(long classA, long classB) {}

  /** What a month takes of object stores: operations, and the mean of the bytes of its days. */
  public record Amounts(long classA, long classB, long bytes) {}

  /**
   * What a hub uses of object stores.
   *
   * @param month its first day
   * @param used so far; the bytes are the mean of the days so far
   * @param forecast of the whole month at this pace, as R2 will bill it
   * @param months those before, oldest first
   */
  public record Usage(LocalDate month, Amounts used, Amounts forecast, List<Month> months) {

    /** The same without the months before. */
    Usage withoutMonths() {
      return new Usage(month, used, forecast, List.of());
    }
  }

  /** A month that is over, by its first day. */
  public record Month(LocalDate month, Amounts used) {}
}
