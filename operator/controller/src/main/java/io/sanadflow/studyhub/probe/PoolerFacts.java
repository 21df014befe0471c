package io.sanadflow.studyhub.probe;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What PgBouncer says of itself.
 *
 * @param config its settings in force, as SHOW CONFIG tells them
 * @param paused whether it has its clients wait, in which case it was asked for no row
 * @param latency of connecting and one query through it to PostgreSQL
 * @param served the certificate it presented
 * @param use how its pools are used
 */
public record PoolerFacts(
    Map<String, String> config,
    boolean paused,
    Duration latency,
    Optional<Served> served,
    PoolUse use) {

  /** Copies the settings. */
  public PoolerFacts {
    config = Map.copyOf(config);
  }

  /** Where nobody looked at its pools. */
  public PoolerFacts(
      Map<String, String> config, boolean paused, Duration latency, Optional<Served> served) {
    this(config, paused, latency, served, PoolUse.NONE);
  }

  /** Whether a PgBouncer answered that it has its clients wait. */
  public static boolean saysPaused(Answer<PoolerFacts> answer) {
    return answer.facts().map(PoolerFacts::paused).orElse(false);
  }
}
