package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A batch of archived log, as its key tells: whole, and without a gap from its first segment to its
 * last.
 *
 * @param key with prefix
 * @param system the database system that it is of
 * @param first its first segment
 * @param last its last segment
 * @param until when the last was archived
 */
public record WalBatch(
    String key, String system, WalSegment first, WalSegment last, Instant until) {

  private static final Pattern KEY =
      Pattern.compile(
          "(?:.*/)?wal/([^/]+)/([0-9A-F]{24})_([0-9A-F]{24})_(\\d{1,12})\\.zip(\\.age)?");

  /** The batch of a key; empty for any other key, such as a batch of timeline histories alone. */
  public static Optional<WalBatch> parse(String key) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<WalSegment> first = WalSegment.parse(matcher.group(2));
    Optional<WalSegment> last = WalSegment.parse(matcher.group(3));
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new WalBatch(
            key,
            matcher.group(1),
            first.get(),
            last.get(),
            Instant.ofEpochSecond(Long.parseLong(matcher.group(4)))));
  }
}
