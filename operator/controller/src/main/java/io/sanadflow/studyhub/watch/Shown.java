package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.model.Monitoring;
import io.sanadflow.studyhub.status.Availability;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the public may know of a hub. No message of a condition is in it. */
record Shown(WatchedHub hub, Monitoring monitoring) {

  /** How a hub fares, in the words of the page. */
  enum State {
    UP("Up"),
    DEGRADED("Degraded"),
    DOWN("Down"),
    SUSPENDED("Suspended"),
    UNKNOWN("Unknown");

    private final String text;

    State(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    /** The name of its style. */
    String style() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** An outage; without an end it goes on. */
  record Incident(Instant start, Optional<Instant> end, String reason) {
    Duration length(Instant now) {
      return Duration.between(start, end.orElse(now));
    }
  }

  /** The hub, if it may be shown. */
  static Optional<Shown> of(WatchedHub hub) {
    return hub.hub()
        .map(it -> it.monitoring())
        .filter(Monitoring::shown)
        .map(it -> new Shown(hub, it));
  }

  State state() {
    Optional<String> reached = hub.uptime().map(StudyHubStatus.Uptime::state);
    String health = hub.status().map(StudyHubStatus::health).orElse("");
    if (health.equals("Suspended") || reached.equals(Optional.of("Suspended"))) {
      return State.SUSPENDED;
    }
    if (reached.isEmpty()) {
      return State.UNKNOWN;
    }
    if (reached.get().equals("Down")) {
      return State.DOWN;
    }
    return health.equals("Healthy") || health.equals("Progressing") ? State.UP : State.DEGRADED;
  }

  /** The newest first. */
  List<Incident> incidents() {
    List<Incident> found = new ArrayList<>();
    hub.uptime()
        .map(StudyHubStatus.Uptime::outages)
        .ifPresent(
            all ->
                all.forEach(
                    it ->
                        found.add(
                            0,
                            new Incident(
                                Instant.parse(it.start()),
                                Optional.ofNullable(it.end()).map(Instant::parse),
                                Optional.ofNullable(it.reason()).orElse("")))));
    return found;
  }

  /** The uptime of the last days as text, or a dash where nothing is known. */
  String uptime(Duration time) {
    return hub.availability()
        .flatMap(it -> it.last(time, hub.now()).up())
        .map(it -> percent(it, 2))
        .orElse("–");
  }

  /** What is left of the error budget. */
  String budgetLeft() {
    return hub.availability()
        .map(it -> percent(it.budgetLeft(monitoring.uptimeTarget(), hub.now()), 0))
        .orElse("–");
  }

  String target() {
    return percent(monitoring.uptimeTarget(), 2);
  }

  /** Rounded down, so that 100 % is said of nothing less. */
  private static String percent(double share, int digits) {
    BigDecimal exact = BigDecimal.valueOf(share * 100).setScale(6, RoundingMode.HALF_UP);
    BigDecimal shown = exact.setScale(digits, RoundingMode.FLOOR).stripTrailingZeros();
    return (shown.scale() < 0 ? shown.setScale(0) : shown).toPlainString() + " %";
  }

  Optional<Instant> lastBackup() {
    return hub.status()
        .map(StudyHubStatus::backup)
        .map(StudyHubStatus.Backup::lastSuccessTime)
        .map(Instant::parse);
  }

  Optional<StudyHubStatus.Drill> lastDrill() {
    return hub.status().map(StudyHubStatus::backup).map(StudyHubStatus.Backup::lastDrill);
  }

  /** How the days of the last 90 were, the oldest first, equal neighbours together. */
  List<Days> days() {
    return hub.availability().map(it -> Days.of(it, hub.now())).orElse(List.of());
  }

  /** What is remembered at most. */
  static final Duration MEMORY = Availability.MEMORY;
}
