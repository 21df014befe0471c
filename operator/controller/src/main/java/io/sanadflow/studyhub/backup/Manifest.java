package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a backup is, as the JSON object beside its content.
 *
 * @param version of this format: 1
 * @param type what the backup consists of
 * @param hub the hub's name
 * @param namespace the hub's namespace
 * @param time of the snapshot of a dump; of the end of a base backup, before which it is not
 *     consistent
 * @param key of the content, the prefix included
 * @param bytes of the content as stored
 * @param sha256 of the content as stored, in hexadecimal
 * @param seconds that it took
 * @param serverVersion of PostgreSQL, such as 16.4
 * @param system the database system's identifier, or host and database of one elsewhere
 * @param encrypted whether the content needs the user's key
 * @param recipient the public half of that key, which tells which one it was; null if not encrypted
 * @param dump what a dump has beyond that; null for a base backup
 * @param base what a base backup has beyond that; null for a dump
 */
public record Manifest(
    int version,
    BackupType type,
    String hub,
    String namespace,
    Instant time,
    String key,
    long bytes,
    String sha256,
    long seconds,
    String serverVersion,
    String system,
    boolean encrypted,
    @Nullable String recipient,
    @Nullable Dump dump,
    @Nullable Base base) {

  /** The version of this format. */
  public static final int VERSION = 1;

  /**
   * A dump.
   *
   * @param encoding of the database, such as UTF8
   * @param databaseBytes pg_database_size at the snapshot: what a restore needs at least
   * @param rows per table, as schema.table with quotes where SQL wants them, counted in the same
   *     snapshot
   * @param rolesKey of the roles as SQL; null for a server that is not the hub's own
   * @param mediaKey of the list of media files; null for a hub without a media volume
   * @param mediaFiles how many
   * @param mediaBytes of all
   */
  public record Dump(
      String encoding,
      long databaseBytes,
      SortedMap<String, Long> rows,
      @Nullable String rolesKey,
      @Nullable String mediaKey,
      long mediaFiles,
      long mediaBytes) {}

  /**
   * A base backup.
   *
   * @param firstSegment the first segment of write-ahead log that it needs
   * @param lastSegment the last one that it needs to be consistent
   */
  public record Base(String firstSegment, String lastSegment) {}

  /** Its line in the catalogue. */
  public Entry entry(Verification verification) {
    return new Entry(type, key, time, bytes, seconds, verification);
  }
}
