package io.sanadflow.studyhub.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How texts, moments and durations are written in pages. */
final class Markup {

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("d MMM yyyy HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Markup() {}

  /** A text that cannot be taken for markup, in content and in attributes. */
  static String text(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            it -> {
              switch (it) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> {
                  // What XML does not admit, not even as a reference.
                  if (it >= 0x20 || it == '\n' || it == '\t') {
                    out.appendCodePoint(it);
                  }
                }
              }
            });
    return out.toString();
  }

  /** A moment for people and for programs. */
  static String time(Instant time) {
    Instant seconds = time.truncatedTo(ChronoUnit.SECONDS);
    return "<time datetime=\"" + seconds + "\">" + MOMENT.format(seconds) + "</time>";
  }

  /** A duration in its two largest units. */
  static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return pair(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 86_400) {
      return pair(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }
    return pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
  }

  private static String pair(long large, String unit, long small, String smallUnit) {
    return small == 0 ? large + " " + unit : large + " " + unit + " " + small + " " + smallUnit;
  }
}
