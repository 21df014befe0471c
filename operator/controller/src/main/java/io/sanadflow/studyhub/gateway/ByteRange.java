package io.sanadflow.studyhub.gateway;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a medium that is asked for.
 *
 * @param from the first byte
 * @param length in bytes; 0 if no byte of the medium is in it
 */
record ByteRange(long from, long length) {

  private static final Pattern ONE = Pattern.compile("bytes=\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");

  /** Whether nothing of the medium is in it. */
  boolean isUnsatisfiable() {
    return length == 0;
  }

  /** As of Content-Range. */
  String contentRange(long size) {
    return "bytes " + from + "-" + (from + length - 1) + "/" + size;
  }

  /**
   * Reads a Range header. Several ranges in one request, and what cannot be read, are answered with
   * the whole, as RFC 9110 allows.
   *
   * @param size of the medium in bytes
   */
  static Optional<ByteRange> of(String header, long size) {
    Matcher one = ONE.matcher(header);
    if (!one.matches() || one.group(1).isEmpty() && one.group(2).isEmpty()) {
      return Optional.empty();
    }
    if (one.group(1).isEmpty()) {
      long length = Math.min(Long.parseLong(one.group(2)), size);
      return Optional.of(new ByteRange(size - length, length));
    }
    long from = Long.parseLong(one.group(1));
    long last = one.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(one.group(2));
    if (last < from) {
      return Optional.empty();
    }
    return Optional.of(
        from >= size
            ? new ByteRange(from, 0)
            : new ByteRange(from, Math.min(last, size - 1) - from + 1));
  }
}
