package io.sanadflow.studyhub.api.v1alpha1;

import java.time.Duration;
import java.util.regex.Matcher;

/** Durations as Kubernetes writes them: {@code 90s}, {@code 1h30m}, {@code 7d}. */
public final class Durations {

  /** What the schema admits. */
  public static final String PATTERN = "^([0-9]+(ms|s|m|h|d))+$";

  /** The most characters of one; a longer text is none that a person wrote. */
  public static final int MOST_CHARACTERS = 64;

  private static final java.util.regex.Pattern PART =
      java.util.regex.Pattern.compile("([0-9]+)(ms|s|m|h|d)");

  private Durations() {}

  /** A duration in the form that {@link #parse} reads, such as {@code 1h30m}; whole seconds. */
  public static String text(Duration duration) {
    StringBuilder text = new StringBuilder();
    part(text, duration.toDays(), "d");
    part(text, duration.toHoursPart(), "h");
    part(text, duration.toMinutesPart(), "m");
    part(text, duration.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void part(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if the text is not of {@link #PATTERN}, or is of more time or
   *     more characters than can be counted
   */
  public static Duration parse(String text) {
    // The length first: the pattern's repeated group takes a stack frame for each of its parts.
    if (text.length() > MOST_CHARACTERS || !text.matches(PATTERN)) {
      throw refused(text);
    }
    try {
      return sum(text);
    } catch (NumberFormatException | ArithmeticException tooLong) {
      throw refused(text);
    }
  }

  private static IllegalArgumentException refused(String text) {
    String shown =
        text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
    return new IllegalArgumentException("not a duration like 30s, 10m or 1h30m: " + shown);
  }

  private static Duration sum(String text) {
    Duration sum = Duration.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      long amount = Long.parseLong(parts.group(1));
      sum =
          sum.plus(
              switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
              });
    }
    return sum;
  }
}
