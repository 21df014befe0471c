package io.sanadflow.studyhub.component;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/** Amounts of a month for people and in the status: decimal, and in bands of their limits. */
public final class Figures {

  private static final String[] UNITS = {"", "k", "M", "G", "T", "P"};

  private static final int THOUSAND = 1000;

  private Figures() {}

  /**
   * An amount to a hundredth of its limit, so that it changes when something does.
   *
   * @param told before: if it is of this limit, it stays as long as the amount is within a
   *     hundredth of that
   */
  static long band(long amount, long limit, Optional<Long> told) {
    long step = Math.max(1, limit / 100);
    return told.filter(it -> it % step == 0 && Math.abs(amount - it) < step)
        .orElseGet(() -> Math.round((double) amount / step) * step);
  }

  /** A number as a quantity, such as 41k or 1200. */
  public static String count(long number) {
    long left = number;
    int unit = 0;
    while (left >= THOUSAND && left % THOUSAND == 0 && unit < UNITS.length - 1) {
      left /= THOUSAND;
      unit++;
    }
    return left + UNITS[unit];
  }

  /** The same to two digits. */
  public static String rounded(long number) {
    return count(new BigDecimal(number).round(new MathContext(2)).longValue());
  }

  /** Bytes against their limit in the unit of that, such as 1.2/10 GB. */
  public static String storage(long bytes, long limit) {
    int unit = 0;
    long one = 1;
    while (unit < 3 && limit >= one * THOUSAND) {
      one *= THOUSAND;
      unit++;
    }
    String whole =
        BigDecimal.valueOf(limit)
            .divide(BigDecimal.valueOf(one), 1, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
    return String.format(Locale.ROOT, "%.1f/%s %sB", (double) bytes / one, whole, UNITS[unit]);
  }

  /** A sum of dollars, rounded up to a cent. */
  public static String dollars(BigDecimal sum) {
    return "$" + sum.setScale(2, RoundingMode.CEILING).toPlainString();
  }
}
