package io.sanadflow.studyhub.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Since when each thing differs from what a receiver knows. It is kept in memory: what differs
 * still differs after a restart, and settles once more.
 */
final class Settling {

  /** What is wrong for a shorter time is a restart, which is no incident. */
  static final Duration PROBLEM_AFTER = Duration.ofSeconds(20);

  /** What is well for a shorter time may be about to fail again. */
  static final Duration RECOVERED_AFTER = Duration.ofSeconds(60);

  private final Map<String, Instant> since = new HashMap<>();

  /** Notes that a key differs now, and returns when that may be told. */
  Instant differs(String key, boolean problem, Instant now) {
    return since.computeIfAbsent(key, it -> now).plus(problem ? PROBLEM_AFTER : RECOVERED_AFTER);
  }

  /** Since when a key differs. */
  Optional<Instant> since(String key) {
    return Optional.ofNullable(since.get(key));
  }

  /** Forgets all other keys: they do not differ. */
  void keepOnly(Collection<String> differing) {
    since.keySet().retainAll(differing);
  }
}
