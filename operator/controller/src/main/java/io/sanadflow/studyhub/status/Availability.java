package io.sanadflow.studyhub.status;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.model.Monitoring;
import io.sanadflow.studyhub.model.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a hub was up of the time of which that is known. Neither up nor down is the time before
 * the app answered first, that of a suspended hub, of maintenance, and that in which no operator
 * ran.
 *
 * @param since when the app answered first
 * @param outages that ended or go on
 * @param uncounted times that are neither up nor down
 */
public record Availability(Instant since, List<Span> outages, List<Span> uncounted) {

  /** For the month's figure and the error budget. */
  public static final Duration MONTH = Duration.ofDays(30);

  /** As far back as outages are remembered. */
  public static final Duration MEMORY = Duration.ofDays(90);

  /**
   * A part of time.
   *
   * @param known how much of it was either up or down
   * @param down how much of it was down
   */
  public record Share(Duration known, Duration down) {

    /** The share of the known time that was up, 0 to 1; empty where nothing is known. */
    public Optional<Double> up() {
      return known.isZero()
          ? Optional.empty()
          : Optional.of(1 - (double) down.toMillis() / known.toMillis());
    }
  }

  /**
   * What a status tells.
   *
   * @param absences of the operator
   * @param now the end of what goes on
   */
  public static Availability of(
      StudyHubStatus.Uptime uptime, Monitoring monitoring, List<Span> absences, Instant now) {
    List<Span> uncounted = new ArrayList<>(absences);
    list(uptime.pauses()).forEach(it -> uncounted.add(span(it.start(), it.end(), now)));
    uncounted.addAll(monitoring.maintenance(now.minus(MEMORY), now));
    return new Availability(
        Instant.parse(uptime.since()),
        list(uptime.outages()).stream().map(it -> span(it.start(), it.end(), now)).toList(),
        Span.union(uncounted));
  }

  private static Span span(String start, @Nullable String end, Instant now) {
    return new Span(Instant.parse(start), end == null ? now : Instant.parse(end));
  }

  /** A list that may not be there. */
  static <T> List<T> list(@Nullable List<T> given) {
    return given == null ? List.of() : given;
  }

  /** Of this time, as far as it is over. */
  public Share during(Span time, Instant now) {
    Span over = time.within(new Span(since, now));
    List<Span> known = Span.without(List.of(over), uncounted);
    List<Span> inside = outages.stream().map(it -> it.within(over)).toList();
    return new Share(Span.sum(known), Span.sum(Span.without(inside, uncounted)));
  }

  /** Of the time until now. */
  public Share last(Duration length, Instant now) {
    return during(new Span(now.minus(length), now), now);
  }

  /**
   * The share that is left of the downtime that the target allows in 30 days: 1 where nothing was
   * used, below 0 where more was. Without any allowed, each second is too much.
   */
  public double budgetLeft(double target, Instant now) {
    double allowed = (1 - target) * MONTH.toMillis();
    long down = last(MONTH, now).down().toMillis();
    return down == 0 ? 1 : allowed <= 0 ? -10 : Math.max(-10, 1 - down / allowed);
  }
}
