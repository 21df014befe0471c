package io.sanadflow.studyhub.status;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes the conditions: all of them at every visit, each with the generation that was observed, and
 * with the time at which its status (not its message) last changed.
 */
public final class StatusBuilder {

  /**
   * What keeps the hub from what is wanted, beyond what its parts report.
   *
   * @param reason one word in CamelCase
   */
  public record Obstacle(String reason, String message) {}

  /** What the parts depend on, in the order in which it is told when several are missing. */
  private static final List<ConditionType> PARTS =
      List.of(
          ConditionType.DATABASE_READY,
          ConditionType.REDIS_READY,
          ConditionType.APP_READY,
          ConditionType.POOLER_READY);

  private final Clock clock;

  /** Takes the time of transitions from this clock. */
  public StatusBuilder(Clock clock) {
    this.clock = clock;
  }

  /** The conditions of a hub, in the order of {@link ConditionType}. */
  public List<Condition> conditions(
      Hub hub, List<Health> parts, List<Obstacle> obstacles, Optional<StudyHubStatus> before) {
    Map<ConditionType, Condition> found = new LinkedHashMap<>();
    Map<String, Condition> last =
        before.map(StudyHubStatus::conditions).orElse(List.of()).stream()
            .collect(Collectors.toMap(Condition::type, it -> it, (a, b) -> b));
    Map<ConditionType, Health> byType = new LinkedHashMap<>();
    parts.forEach(it -> it.type().ifPresent(type -> byType.put(type, it)));

    List<Obstacle> stuck = new ArrayList<>(obstacles);
    of(parts, Phase.STUCK).map(it -> new Obstacle(it.reason(), it.message())).ifPresent(stuck::add);
    // That the parts of a suspended hub do not serve is as wanted.
    List<Health> expected =
        hub.suspended() ? parts.stream().filter(it -> it.type().isEmpty()).toList() : parts;
    Optional<Health> moving = of(expected, Phase.PROGRESSING);

    put(found, hub, last, ready(hub, byType));
    put(found, hub, last, reconciling(stuck, moving));
    put(found, hub, last, stalled(stuck));
    put(found, hub, last, degraded(parts));
    put(
        found,
        hub,
        last,
        hub.suspended()
            ? new Draft(ConditionType.SUSPENDED, "True", "SuspendRequested", "spec.suspend is true")
            : new Draft(ConditionType.SUSPENDED, "False", "Running", "the hub is not suspended"));
    for (ConditionType type : ConditionType.values()) {
      if (PARTS.contains(type)) {
        put(found, hub, last, part(hub, type, Optional.ofNullable(byType.get(type))));
      }
    }
    return List.copyOf(found.values());
  }

  /** One word for the column: the worst of what the conditions say. */
  public static String health(List<Condition> conditions) {
    if (is(conditions, ConditionType.SUSPENDED)) {
      return "Suspended";
    }
    if (is(conditions, ConditionType.STALLED)) {
      return "Stalled";
    }
    if (is(conditions, ConditionType.RECONCILING)) {
      return "Progressing";
    }
    boolean scaledToZero =
        conditions.stream()
            .anyMatch(
                it ->
                    it.type().equals(ConditionType.READY.text())
                        && it.reason().equals(Health.SCALED_TO_ZERO));
    if (scaledToZero && !is(conditions, ConditionType.DEGRADED)) {
      return "Suspended";
    }
    return is(conditions, ConditionType.READY) && !is(conditions, ConditionType.DEGRADED)
        ? "Healthy"
        : "Degraded";
  }

  /** Whether a condition is True. */
  public static boolean is(List<Condition> conditions, ConditionType type) {
    return conditions.stream()
        .anyMatch(it -> it.type().equals(type.text()) && it.status().equals("True"));
  }

  /** How long Ready has been what it is. */
  public Duration sinceReady(List<Condition> conditions) {
    return conditions.stream()
        .filter(it -> it.type().equals(ConditionType.READY.text()))
        .map(it -> Duration.between(Instant.parse(it.lastTransitionTime()), clock.instant()))
        .findFirst()
        .orElse(Duration.ZERO);
  }

  private record Draft(ConditionType type, String status, String reason, String message) {}

  private static Optional<Health> of(List<Health> parts, Phase phase) {
    return parts.stream().filter(it -> it.phase() == phase).findFirst();
  }

  private static Draft ready(Hub hub, Map<ConditionType, Health> parts) {
    if (hub.suspended()) {
      return new Draft(ConditionType.READY, "False", "Suspended", "the hub is suspended");
    }
    for (ConditionType type : PARTS) {
      Health part = parts.get(type);
      if (part == null || part.serves() == Serving.UNKNOWN) {
        String what = part == null ? "not observed yet" : part.message();
        return new Draft(
            ConditionType.READY,
            "False",
            part == null ? "NotObservedYet" : part.reason(),
            type.text() + ": " + what);
      }
      if (part.serves() == Serving.NO) {
        return new Draft(
            ConditionType.READY, "False", part.reason(), type.text() + ": " + part.message());
      }
    }
    return new Draft(
        ConditionType.READY, "True", "Serving", "app, pooler, database and Redis answered");
  }

  /** Reconciling and Stalled are never both True: what needs help does not go on by itself. */
  private static Draft reconciling(List<Obstacle> stuck, Optional<Health> moving) {
    if (!stuck.isEmpty() || moving.isEmpty()) {
      return new Draft(
          ConditionType.RECONCILING,
          "False",
          stuck.isEmpty() ? "Settled" : "Stalled",
          stuck.isEmpty() ? "nothing is under way" : "waits for help; see Stalled");
    }
    return new Draft(
        ConditionType.RECONCILING, "True", moving.get().reason(), moving.get().message());
  }

  private static Draft stalled(List<Obstacle> stuck) {
    if (stuck.isEmpty()) {
      return new Draft(ConditionType.STALLED, "False", "NotStalled", "nothing needs help");
    }
    return new Draft(
        ConditionType.STALLED,
        "True",
        stuck.get(0).reason(),
        stuck.stream().map(Obstacle::message).distinct().collect(Collectors.joining("; ")));
  }

  private static Draft degraded(List<Health> parts) {
    Optional<Health> lacking = of(parts, Phase.LACKING);
    if (lacking.isPresent()) {
      return new Draft(
          ConditionType.DEGRADED, "True", lacking.get().reason(), lacking.get().message());
    }
    return new Draft(ConditionType.DEGRADED, "False", "NotDegraded", "nothing is missing");
  }

  private static Draft part(Hub hub, ConditionType type, Optional<Health> health) {
    if (hub.suspended()) {
      return new Draft(type, "False", "Suspended", "the hub is suspended");
    }
    if (health.isEmpty()) {
      return new Draft(type, "Unknown", "NotObservedYet", "not observed yet");
    }
    String status =
        switch (health.get().serves()) {
          case YES -> "True";
          case NO -> "False";
          case UNKNOWN -> "Unknown";
        };
    return new Draft(type, status, health.get().reason(), health.get().message());
  }

  private void put(
      Map<ConditionType, Condition> found, Hub hub, Map<String, Condition> last, Draft draft) {
    Optional<Condition> previous = Optional.ofNullable(last.get(draft.type().text()));
    String since =
        previous
            .filter(it -> it.status().equals(draft.status()))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    found.put(
        draft.type(),
        new Condition(
            draft.type().text(),
            draft.status(),
            hub.generation(),
            since,
            draft.reason(),
            draft.message()));
  }
}
