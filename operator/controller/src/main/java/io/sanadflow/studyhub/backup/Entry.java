package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.util.Locale;

/**
 * One backup in the catalogue.
 *
 * @param type what it consists of
 * @param key of its content, the prefix included
 * @param time of the snapshot that it holds: what was committed before is in it
 * @param bytes of its content as stored
 * @param seconds that it took
 * @param verification how far it is proven
 */
public record Entry(
    BackupType type,
    String key,
    Instant time,
    long bytes,
    long seconds,
    Verification verification) {

  /** The same, proven that far. */
  public Entry with(Verification verification) {
    return new Entry(type, key, time, bytes, seconds, verification);
  }

  /** A name for it that the same backup gets in every cluster, such as dump-20261124t020000z. */
  public String slug() {
    return type.name().toLowerCase(Locale.ROOT)
        + "-"
        + time.toString().replaceAll("[-:]|\\.\\d+", "").toLowerCase(Locale.ROOT);
  }
}
