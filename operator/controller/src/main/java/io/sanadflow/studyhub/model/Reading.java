package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.Quantity;
import io.sanadflow.studyhub.api.v1alpha1.Durations;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sizes, times and numbers of a spec. Whatever stands there, nothing is thrown: what
 * cannot be read or is out of its bounds is a problem, and a value that works takes its place.
 */
final class Reading {

  /** More than any machine has, and so little that sums over all pods stay within a long. */
  static final long MOST_BYTES = 1L << 50;

  /** Before and behind the point; a nano has 9 and an exa 18. */
  private static final int MOST_DIGITS = 30;

  private final List<Problem> problems = new ArrayList<>();

  List<Problem> problems() {
    return problems;
  }

  void problem(String field, String message) {
    problems.add(new Problem(field, message));
  }

  /**
   * A quantity of bytes, rounded up; one that is no quantity, or more than 1Pi, is a problem.
   *
   * @param fallback what takes its place
   */
  long bytes(String field, @Nullable Quantity quantity, long fallback) {
    Optional<BigDecimal> amount = amount(field, quantity);
    return amount.map(it -> it.setScale(0, RoundingMode.CEILING).longValueExact()).orElse(fallback);
  }

  /** A sum of dollars, such as 2.50; nothing where it cannot be read. */
  BigDecimal dollars(String field, @Nullable Quantity quantity) {
    return amount(field, quantity).orElse(BigDecimal.ZERO);
  }

  /** Whether a quantity, of whatever unit, is one; if it is not, that is a problem. */
  boolean readable(String field, @Nullable Quantity quantity) {
    return amount(field, quantity).isPresent();
  }

  private Optional<BigDecimal> amount(String field, @Nullable Quantity quantity) {
    try {
      BigDecimal amount = Quantity.getAmountInBytes(quantity);
      // Of 1e-999999999 every further computation fails, so not the size alone counts.
      if (amount.signum() >= 0
          && Math.abs((long) amount.scale()) <= MOST_DIGITS
          && amount.compareTo(BigDecimal.valueOf(MOST_BYTES)) <= 0) {
        return Optional.of(amount);
      }
      problem(field, Excerpt.of(text(quantity)) + " is out of bounds; 0 to 1Pi can be read");
    } catch (IllegalArgumentException | ArithmeticException | NullPointerException bad) {
      // What fabric8 throws for exponents beyond an int and for no amount at all.
      problem(field, Excerpt.of(text(quantity)) + " is not a quantity such as 256Mi, 3Gi or 50m");
    }
    return Optional.empty();
  }

  /** As it was written: toString of a Quantity may compute, and fail. */
  private static String text(@Nullable Quantity quantity) {
    return quantity == null ? "null" : quantity.getAmount() + quantity.getFormat();
  }

  /**
   * A duration between two others.
   *
   * @return the least where it cannot be used
   */
  Duration duration(String field, String text, Duration least, Duration most) {
    try {
      Duration duration = Durations.parse(text);
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return duration;
      }
      problem(
          field,
          text
              + " is too "
              + (duration.compareTo(least) < 0 ? "short" : "long")
              + "; "
              + Durations.text(least)
              + " to "
              + Durations.text(most)
              + " would work");
    } catch (IllegalArgumentException bad) {
      problem(field, bad.getMessage());
    }
    return least;
  }

  /** A whole number. */
  int integer(String field, String text, int fallback) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException bad) {
      problem(field, Excerpt.of(text) + " is not a whole number; " + fallback + " is the default");
      return fallback;
    }
  }
}
