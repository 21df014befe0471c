package io.sanadflow.studyhub.status;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus.Outage;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus.Pause;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus.Uptime;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Span;
import io.sanadflow.studyhub.probe.Reach;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the status says of uptime. It changes when the app is no longer reached or is again, and at
 * most once a day beside that: as long as nothing happens nothing is written.
 */
final class UptimeSummary {

  /** More outages than these are told together. */
  private static final int MOST = 50;

  /** The longest reason that is kept with an outage. */
  private static final int REASON_LENGTH = 120;

  private UptimeSummary() {}

  static @Nullable Uptime uptime(
      Hub hub, Observed observed, Optional<StudyHubStatus> before, List<Span> absences) {
    Optional<Reach> reach = observed.report().reach();
    Instant now = observed.now();
    Uptime last = before.map(StudyHubStatus::uptime).orElse(null);
    if (last == null) {
      // A hub that never answered has no uptime yet: it is being made.
      return reach
          .filter(Reach::up)
          .map(it -> new Uptime("Up", text(it.since()), null, null, null, null, null, null))
          .map(it -> figures(it, hub, absences, now))
          .orElse(null);
    }
    List<Outage> outages = new ArrayList<>(Availability.list(last.outages()));
    List<Pause> pauses = new ArrayList<>(Availability.list(last.pauses()));
    if (hub.suspended() || hub.app().replicas() == 0) {
      end(outages, now);
      if (openPause(pauses).isEmpty()) {
        pauses.add(new Pause(text(now), null));
      }
    } else if (reach.isPresent() && reach.get().up()) {
      end(outages, reach.get().since());
      openPause(pauses)
          .ifPresent(
              it ->
                  pauses.set(
                      pauses.size() - 1,
                      new Pause(it.start(), later(it.start(), reach.get().since()))));
    } else if (reach.isPresent() && open(outages).isEmpty() && openPause(pauses).isEmpty()) {
      String reason = reach.get().reason();
      outages.add(
          new Outage(
              text(reach.get().since()),
              null,
              reason.length() > REASON_LENGTH ? reason.substring(0, REASON_LENGTH) : reason));
    }
    boolean changed =
        !outages.equals(Availability.list(last.outages()))
            || !pauses.equals(Availability.list(last.pauses()));
    if (!changed && !aDayOld(last, now)) {
      return last;
    }
    String state =
        openPause(pauses).isPresent() ? "Suspended" : open(outages).isPresent() ? "Down" : "Up";
    Uptime next =
        figures(
            new Uptime(
                state,
                last.since(),
                null,
                null,
                null,
                null,
                orNull(remembered(outages, now)),
                orNull(
                    pauses.stream()
                        .filter(it -> it.end() == null || recent(it.end(), now))
                        .toList())),
            hub,
            absences,
            now);
    return changed || !sameFigures(last, next) ? next : last;
  }

  private static boolean aDayOld(Uptime last, Instant now) {
    return last.evaluated() == null
        || !Instant.parse(last.evaluated())
            .truncatedTo(ChronoUnit.DAYS)
            .equals(now.truncatedTo(ChronoUnit.DAYS));
  }

  private static boolean sameFigures(Uptime one, Uptime other) {
    return Objects.equals(one.month(), other.month())
        && Objects.equals(one.days90(), other.days90())
        && Objects.equals(one.errorBudgetLeft(), other.errorBudgetLeft())
        && Objects.equals(one.outages(), other.outages());
  }

  private static Uptime figures(Uptime uptime, Hub hub, List<Span> absences, Instant now) {
    Availability availability = Availability.of(uptime, hub.monitoring(), absences, now);
    return new Uptime(
        uptime.state(),
        uptime.since(),
        percent(availability.last(Availability.MONTH, now).up().orElse(1.0), 2),
        percent(availability.last(Availability.MEMORY, now).up().orElse(1.0), 2),
        percent(availability.budgetLeft(hub.monitoring().uptimeTarget(), now), 0),
        text(now),
        uptime.outages(),
        uptime.pauses());
  }

  /** Rounded down, so that 100% is said of nothing less. */
  private static String percent(double share, int digits) {
    return BigDecimal.valueOf(share * 100)
            // What binary fractions lack to the decimal one.
            .setScale(6, RoundingMode.HALF_UP)
            .setScale(digits, RoundingMode.FLOOR)
            .toPlainString()
        + "%";
  }

  private static Optional<Outage> open(List<Outage> outages) {
    return outages.isEmpty()
        ? Optional.empty()
        : Optional.of(outages.get(outages.size() - 1)).filter(it -> it.end() == null);
  }

  private static Optional<Pause> openPause(List<Pause> pauses) {
    return pauses.isEmpty()
        ? Optional.empty()
        : Optional.of(pauses.get(pauses.size() - 1)).filter(it -> it.end() == null);
  }

  private static void end(List<Outage> outages, Instant at) {
    open(outages)
        .ifPresent(
            it ->
                outages.set(
                    outages.size() - 1,
                    new Outage(it.start(), later(it.start(), at), it.reason())));
  }

  private static String later(String start, Instant end) {
    return end.isAfter(Instant.parse(start)) ? text(end) : start;
  }

  private static boolean recent(String end, Instant now) {
    return Instant.parse(end).isAfter(now.minus(Availability.MEMORY));
  }

  /** Of the last 90 days; of too many the oldest become one that is as long as they were. */
  private static List<Outage> remembered(List<Outage> outages, Instant now) {
    List<Outage> kept =
        new ArrayList<>(
            outages.stream().filter(it -> it.end() == null || recent(it.end(), now)).toList());
    while (kept.size() > MOST) {
      Outage first = kept.remove(0);
      Outage second = kept.get(0);
      Duration together = length(first).plus(length(second));
      Instant end = Instant.parse(second.start()).plus(length(second));
      kept.set(0, new Outage(text(end.minus(together)), text(end), second.reason()));
    }
    return kept;
  }

  private static Duration length(Outage outage) {
    return Duration.between(
        Instant.parse(outage.start()),
        Instant.parse(Optional.ofNullable(outage.end()).orElse(outage.start())));
  }

  private static <T> @Nullable List<T> orNull(List<T> list) {
    return list.isEmpty() ? null : List.copyOf(list);
  }

  private static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
