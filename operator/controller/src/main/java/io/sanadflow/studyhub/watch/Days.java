package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.model.Span;
import io.sanadflow.studyhub.status.Availability;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Days in a row, of UTC, that were alike.
 *
 * @param kind up, some (a little down), down, or none (nothing is known)
 */
record Days(LocalDate from, LocalDate to, String kind, Duration down) {

  /** How many are shown. */
  static final int SHOWN = 90;

  /** A day with more downtime than this counts as one that was down. */
  private static final Duration LITTLE = Duration.ofMinutes(15);

  int count() {
    return (int) (to.toEpochDay() - from.toEpochDay()) + 1;
  }

  static List<Days> of(Availability availability, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<Days> found = new ArrayList<>();
    for (LocalDate day = today.minusDays(SHOWN - 1L); !day.isAfter(today); day = day.plusDays(1)) {
      Availability.Share share =
          availability.during(
              new Span(
                  day.atStartOfDay(ZoneOffset.UTC).toInstant(),
                  day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()),
              now);
      String kind =
          share.known().isZero()
              ? "none"
              : share.down().isZero()
                  ? "up"
                  : share.down().compareTo(LITTLE) <= 0 ? "some" : "down";
      Days last = found.isEmpty() ? null : found.get(found.size() - 1);
      // Days with outages stand alone, so that each tells its own downtime.
      if (last != null && last.kind().equals(kind) && share.down().isZero()) {
        found.set(found.size() - 1, new Days(last.from(), day, kind, Duration.ZERO));
      } else {
        found.add(new Days(day, day, kind, share.down()));
      }
    }
    return found;
  }
}
