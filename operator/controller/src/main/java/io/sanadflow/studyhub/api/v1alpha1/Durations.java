package io.sanadflow.studyhub.api.v1alpha1;

import java.time.Duration;
import java.util.regex.Matcher;

/** Durations as Kubernetes writes them: {@code 90s}, {@code 1h30m}, {@code 7d}. */
public final class Durations {

  /** What the schema admits. */
  public static final String PATTERN = "^([0-9]+(ms|s|m|h|d))+$";

  private static final java.util.regex.Pattern PART =
      java.util.regex.Pattern.compile("([0-9]+)(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if the text is not of {@link #PATTERN}
   */
  public static Duration parse(String text) {
    if (!text.matches(PATTERN)) {
      throw new IllegalArgumentException("not a duration like 30s, 10m or 1h30m: " + text);
    }
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
