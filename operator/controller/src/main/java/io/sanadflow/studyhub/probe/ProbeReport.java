package io.sanadflow.studyhub.probe;

import java.util.Map;
import java.util.Optional;

/**
 * What a hub's parts answered when they were last asked; a part that was not asked is absent.
 *
 * @param poolers by the name of the app's pod
 * @param unwell whether the app has not answered well for longer than a start takes
 * @param restart where a planned restart of the database is
 * @param ingress what the app answered at the ingress host, where it can be asked from here
 * @param reach whether people reach the app
 */
public record ProbeReport(
    Optional<Answer<DatabaseFacts>> database,
    Map<String, Answer<PoolerFacts>> poolers,
    Optional<Answer<RedisFacts>> redis,
    Optional<Answer<HttpFacts>> app,
    boolean unwell,
    Restart restart,
    Optional<Answer<HttpFacts>> ingress,
    Optional<Reach> reach) {

  /** Where a planned restart of the database is. */
  public enum Restart {
    /** None is due. */
    NONE,
    /** One is due, and clients are asked to wait. */
    DRAINING,
    /** The database may go: its clients wait, or could not be made to. */
    DRAINED
  }

  /** Nothing was asked yet. */
  public static final ProbeReport NONE =
      new ProbeReport(
          Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), false, Restart.NONE);

  /** Where nobody looks at whether people reach the app. */
  public ProbeReport(
      Optional<Answer<DatabaseFacts>> database,
      Map<String, Answer<PoolerFacts>> poolers,
      Optional<Answer<RedisFacts>> redis,
      Optional<Answer<HttpFacts>> app,
      boolean unwell,
      Restart restart) {
    this(database, poolers, redis, app, unwell, restart, Optional.empty(), Optional.empty());
  }

  /** Copies the map. */
  public ProbeReport {
    poolers = Map.copyOf(poolers);
  }
}
