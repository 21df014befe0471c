package io.sanadflow.studyhub.notify;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a hub stands, as far as receivers are told of it.
 *
 * @param present what is so, by its key
 * @param ready whether it serves
 * @param wanted whether it is meant to; while it is not, that it does not serve is no news
 */
public record Situation(Map<String, Fact> present, boolean ready, boolean wanted) {

  /** That the hub was Ready at least once: before that, that it is not is no incident. */
  static final String SERVED = "Served";

  /** The key of a hub that does not serve. */
  static final String NOT_READY = "NotReady";

  /** The key of a hub that waits for help. */
  static final String STALLED = "Stalled";

  /** The key of a hub whose media have all moved. */
  static final String OFFLOADED = "Offloaded";

  /** What the keys of reasons for being Degraded begin with. */
  static final String DEGRADED = "Degraded/";

  /** Reasons for not being Ready that are the user's own word. */
  private static final Set<String> AS_WANTED = Set.of("Suspended", "ScaledToZero");

  /**
   * Reasons for being Degraded that are no incident of their own: an app that does not answer well
   * is not Ready either.
   */
  private static final Set<String> NO_INCIDENT = Set.of("Unhealthy");

  /** The phases in which nothing is left to move. */
  private static final Set<String> MOVED = Set.of("Offloaded", "Mirrored");

  /**
   * Something that is so.
   *
   * @param reason one word in CamelCase
   * @param message for people
   */
  public record Fact(String reason, String message) {}

  /**
   * Reads a status.
   *
   * @param lacking all reasons for being Degraded, of which the condition tells the first
   * @param offloadPhase the phase of offload and its message, if there is one
   */
  public static Situation of(
      List<Condition> conditions, List<Fact> lacking, Optional<Fact> offloadPhase) {
    Map<String, Condition> byType = new HashMap<>();
    conditions.forEach(it -> byType.put(it.type(), it));
    Map<String, Fact> present = new TreeMap<>();
    Condition ready = byType.get(ConditionType.READY.text());
    boolean serves = ready != null && ready.status().equals("True");
    boolean wanted = ready != null && !AS_WANTED.contains(ready.reason());
    if (ready != null && !serves && wanted) {
      present.put(NOT_READY, fact(ready));
    }
    Condition stalled = byType.get(ConditionType.STALLED.text());
    if (stalled != null && stalled.status().equals("True")) {
      present.put(STALLED, fact(stalled));
    }
    lacking.stream()
        .filter(it -> !NO_INCIDENT.contains(it.reason()))
        .forEach(it -> present.putIfAbsent(DEGRADED + it.reason(), it));
    offloadPhase
        .filter(it -> MOVED.contains(it.reason()))
        .ifPresent(it -> present.put(OFFLOADED, it));
    return new Situation(present, serves, wanted);
  }

  /** The same without a reason for being Degraded. */
  Situation without(String reason) {
    Map<String, Fact> others = new TreeMap<>(present);
    others.remove(DEGRADED + reason);
    return new Situation(others, ready, wanted);
  }

  private static Fact fact(Condition condition) {
    return new Fact(condition.reason(), condition.message());
  }

  /**
   * Whether nothing can be said of a key at the moment, so that what was told of it stands: a hub
   * that does not serve is one incident, whatever else follows from it.
   */
  boolean undecided(String key) {
    if (key.equals(NOT_READY)) {
      return !ready && !wanted;
    }
    return key.equals(STALLED) && present.containsKey(NOT_READY);
  }
}
