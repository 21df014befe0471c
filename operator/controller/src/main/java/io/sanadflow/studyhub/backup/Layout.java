package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where things are in a bucket. Beneath the hub's prefix: {@code owner.json}; {@code
 * daily/YYYY/MM/DD/TIME.dump} and {@code base/YYYY/MM/DD/TIME.tar.gz}, each with {@code TIME.json}
 * beside it, which is written last; {@code wal/SYSTEM/FIRST_LAST_EPOCH.zip}; {@code
 * media/aa/SHA256}; {@code usage/book.json}. What is encrypted has {@code .age} at its end,
 * manifests excepted.
 *
 * @param prefix what all keys start with, without a slash at the end; empty for none
 */
public record Layout(String prefix) {

  /** What an encrypted object's key ends with. */
  public static final String ENCRYPTED = ".age";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Whose archive it is: putIfAbsent, before anything else is written. */
  public String owner() {
    return under("owner.json");
  }

  /** What the hub has used of its object stores. */
  public String usage() {
    return under("usage/book.json");
  }

  /** What all manifests of a type are beneath, with a slash at the end. */
  public String backups(BackupType type) {
    return under(type == BackupType.DUMP ? "daily/" : "base/");
  }

  /** The content of a backup. */
  public String content(BackupType type, Instant time, boolean encrypted) {
    return stem(type, time)
        + (type == BackupType.DUMP ? ".dump" : ".tar.gz")
        + (encrypted ? ENCRYPTED : "");
  }

  /** The manifest: without it a backup is not there. */
  public String manifest(BackupType type, Instant time) {
    return stem(type, time) + ".json";
  }

  /** What a restore of it proved, beside its manifest. */
  public String verification(BackupType type, Instant time) {
    return stem(type, time) + ".verified.json";
  }

  /** The roles of the server, as SQL. */
  public String roles(Instant time, boolean encrypted) {
    return stem(BackupType.DUMP, time) + ".roles.sql" + (encrypted ? ENCRYPTED : "");
  }

  /** The list of media files, gzipped lines of JSON. */
  public String mediaList(Instant time, boolean encrypted) {
    return stem(BackupType.DUMP, time) + ".media.gz" + (encrypted ? ENCRYPTED : "");
  }

  /** What all media are beneath. */
  public String media() {
    return under("media/");
  }

  /** A media file, by the SHA-256 of its content in hexadecimal. */
  public String media(String sha256, boolean encrypted) {
    return media() + sha256.substring(0, 2) + "/" + sha256 + (encrypted ? ENCRYPTED : "");
  }

  /** What the archived log of all database systems is beneath. */
  public String wal() {
    return under("wal/");
  }

  /** What the archived log of one database system is beneath. */
  public String wal(String system) {
    return under("wal/" + system + "/");
  }

  /**
   * A batch of archived log.
   *
   * @param first the first file in it, such as 000000010000000000000002
   * @param until when the last was archived
   */
  public String walBatch(
      String system, String first, String last, Instant until, boolean encrypted) {
    return wal(system)
        + first
        + "_"
        + last
        + "_"
        + until.getEpochSecond()
        + ".zip"
        + (encrypted ? ENCRYPTED : "");
  }

  private String stem(BackupType type, Instant time) {
    return backups(type) + DAY.format(time) + "/" + TIME.format(time);
  }

  private String under(String key) {
    return prefix.isEmpty() ? key : prefix + "/" + key;
  }
}
