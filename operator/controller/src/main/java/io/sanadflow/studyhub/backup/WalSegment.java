package io.sanadflow.studyhub.backup;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A segment of write-ahead log of 16 MiB, the size that PostgreSQL has unless it was initialised
 * with another.
 *
 * @param timeline which grows with every promotion
 * @param number of the segment since the start of the log
 */
public record WalSegment(long timeline, long number) implements Comparable<WalSegment> {

  /** The bytes of a segment. */
  public static final long BYTES = 16L << 20;

  private static final long PER_LOG = (1L << 32) / BYTES;

  private static final Pattern NAME =
      Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})000000([0-9A-F]{2})");

  private static final Pattern LSN = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

  /** The segment of a file name such as 000000010000000000000002; empty for any other name. */
  public static Optional<WalSegment> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new WalSegment(
            hex(matcher.group(1)), hex(matcher.group(2)) * PER_LOG + hex(matcher.group(3))));
  }

  /**
   * The segment that holds the last byte before a place in the log.
   *
   * @param lsn the place, such as 0/2000028
   */
  public static WalSegment before(long timeline, String lsn) {
    Matcher matcher = LSN.matcher(lsn);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          lsn + " is no place in the log, which look like 0/2000028");
    }
    long place = (hex(matcher.group(1)) << 32) + hex(matcher.group(2));
    return new WalSegment(timeline, Math.max(place - 1, 0) / BYTES);
  }

  /** Its file name. */
  public String name() {
    return String.format(Locale.ROOT, "%08X%08X%08X", timeline, number / PER_LOG, number % PER_LOG);
  }

  /** The one after it on the same timeline. */
  public WalSegment next() {
    return new WalSegment(timeline, number + 1);
  }

  /**
   * Whether the log goes on in another segment without a gap. A new timeline starts in the segment
   * where the one before it ends, or in the next.
   */
  public boolean continuesIn(WalSegment other) {
    return other.timeline == timeline
        ? other.number == number + 1
        : other.timeline > timeline && other.number <= number + 1;
  }

  /** By place; at the same place by timeline. */
  @Override
  public int compareTo(WalSegment other) {
    int place = Long.compare(number, other.number);
    return place != 0 ? place : Long.compare(timeline, other.timeline);
  }

  @Override
  public String toString() {
    return name();
  }

  private static long hex(String digits) {
    return Long.parseLong(digits, 16);
  }
}
