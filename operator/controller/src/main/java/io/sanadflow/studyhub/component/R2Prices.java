package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.backup.Report;
import java.math.BigDecimal;

/**
 * What R2 takes for a month of standard storage, by developers.cloudflare.com/r2/pricing of 2026:
 * beyond 10 GB-month, 1 million operations of class A and 10 million of class B, which are free,
 * $0.015, $4.50 and $0.36 for each further GB-month and million that is begun.
 */
final class R2Prices {

  private static final long GB = 1_000_000_000;
  private static final long MILLION = 1_000_000;
  private static final BigDecimal STORAGE = new BigDecimal("0.015");
  private static final BigDecimal CLASS_A = new BigDecimal("4.50");
  private static final BigDecimal CLASS_B = new BigDecimal("0.36");

  private R2Prices() {}

  /** Dollars, as if the free tier were this hub's alone. */
  static BigDecimal of(Report.Amounts month) {
    return beyond(month.bytes(), 10, GB, STORAGE)
        .add(beyond(month.classA(), 1, MILLION, CLASS_A))
        .add(beyond(month.classB(), 10, MILLION, CLASS_B));
  }

  private static BigDecimal beyond(long amount, long free, long unit, BigDecimal price) {
    long begun = (amount + unit - 1) / unit;
    return price.multiply(BigDecimal.valueOf(Math.max(0, begun - free)));
  }
}
