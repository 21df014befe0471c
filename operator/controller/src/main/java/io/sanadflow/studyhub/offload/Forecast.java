package io.sanadflow.studyhub.offload;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The day on which something that grows is full, by least squares. */
final class Forecast {

  /** The days that count. */
  static final int DAYS = 28;

  private static final int LEAST_POINTS = 3;

  private static final long NEAR_DAYS = 365;

  private Forecast() {}

  /**
   * The day.
   *
   * @param points bytes by day; those of the last {@link #DAYS} days count
   * @param used the bytes of today
   * @param limit the bytes at which it is full
   * @return null if it does not grow, if too little is known, or if it takes more than a year
   */
  static @Nullable LocalDate of(
      SortedMap<LocalDate, Long> points, LocalDate today, long used, long limit) {
    SortedMap<LocalDate, Long> counted = new TreeMap<>(points.tailMap(today.minusDays(DAYS)));
    if (counted.size() < LEAST_POINTS) {
      return null;
    }
    if (used >= limit) {
      return today;
    }
    double slope = slope(counted, today);
    if (slope <= 0) {
      return null;
    }
    double days = Math.ceil((limit - used) / slope);
    return days > NEAR_DAYS ? null : today.plusDays((long) days);
  }

  /** Bytes a day. */
  private static double slope(SortedMap<LocalDate, Long> points, LocalDate today) {
    List<Double> days =
        points.keySet().stream().map(it -> (double) ChronoUnit.DAYS.between(today, it)).toList();
    double day = days.stream().mapToDouble(it -> it).average().orElse(0);
    double mean = points.values().stream().mapToDouble(it -> it).average().orElse(0);
    double above = 0;
    double below = 0;
    int at = 0;
    for (long bytes : points.values()) {
      double off = days.get(at++) - day;
      above += off * (bytes - mean);
      below += off * off;
    }
    return below == 0 ? 0 : above / below;
  }
}
