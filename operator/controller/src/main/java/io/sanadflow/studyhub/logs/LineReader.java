package io.sanadflow.studyhub.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Lines of a stream that may be of any length, of which no more is kept than has a use. */
final class LineReader {

  /** How many bytes of a line are kept; what is longer says how much it lacks. */
  static final int MOST_BYTES = 64 << 10;

  private static final int PIECE = 8 << 10;

  private final InputStream in;
  private final byte[] piece = new byte[PIECE];
  private int from;
  private int to;
  private byte[] line = new byte[512];
  private int length;
  private long left;

  LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next line without its end; empty at the end of the stream. What comes last without an end
   * of line was cut off, and is no line.
   */
  Optional<String> next() throws IOException {
    length = 0;
    left = 0;
    while (true) {
      if (from == to) {
        from = 0;
        to = Math.max(0, in.read(piece));
        if (to == 0) {
          return Optional.empty();
        }
      }
      int end = from;
      while (end < to && piece[end] != '\n') {
        end++;
      }
      add(from, end);
      boolean whole = end < to;
      from = whole ? end + 1 : end;
      if (whole) {
        return Optional.of(text());
      }
    }
  }

  private void add(int start, int end) {
    int kept = Math.min(end - start, MOST_BYTES - length);
    if (length + kept > line.length) {
      line = Arrays.copyOf(line, Math.min(MOST_BYTES, Math.max(2 * line.length, length + kept)));
    }
    System.arraycopy(piece, start, line, length, kept);
    length += kept;
    left += end - start - kept;
  }

  private String text() {
    int end = length > 0 && left == 0 && line[length - 1] == '\r' ? length - 1 : length;
    String text = new String(line, 0, end, StandardCharsets.UTF_8);
    return left == 0 ? text : text + "… (" + left + " more bytes)";
  }
}
