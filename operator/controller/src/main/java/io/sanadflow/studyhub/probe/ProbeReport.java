package io.sanadflow.studyhub.probe;

import java.util.Map;
import java.util.Optional;

/**
 * What a hub's parts answered when they were last asked; a part that was not asked is absent.
 *
 * @param poolers by the name of the app's pod
 */
public record ProbeReport(
    Optional<Answer<DatabaseFacts>> database,
    Map<String, Answer<PoolerFacts>> poolers,
    Optional<Answer<RedisFacts>> redis,
    Optional<Answer<HttpFacts>> app) {

  /** Nothing was asked yet. */
  public static final ProbeReport NONE =
      new ProbeReport(Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

  /** Copies the map. */
  public ProbeReport {
    poolers = Map.copyOf(poolers);
  }
}
