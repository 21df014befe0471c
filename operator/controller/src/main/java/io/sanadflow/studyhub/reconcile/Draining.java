package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.probe.PoolerTarget;
import io.sanadflow.studyhub.probe.ProbeException;
import io.sanadflow.studyhub.probe.ProbeReport.Restart;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one hub's clients wait in their poolers while its database restarts. It goes by what the
 * poolers say, so that an operator that comes after another lets go what that one has paused. No
 * client waits for a database that does not come back.
 */
final class Draining {

  private static final Logger log = LoggerFactory.getLogger(Draining.class);

  /** After this time clients go on, to the error that they then get. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** After this time the database goes, whatever its clients are at. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final HubProbe probe;

  /** Nanoseconds, as {@link System#nanoTime} counts them. */
  private final LongSupplier time;

  /** Since when the restart is due, or a pooler is seen paused without one; 0 for neither. */
  private long since;

  Draining(HubProbe probe, LongSupplier time) {
    this.probe = probe;
    this.time = time;
  }

  /**
   * One step.
   *
   * @param serves whether the database answered just now
   */
  Restart step(ProbePlan plan, Map<String, Answer<PoolerFacts>> answers, boolean serves) {
    boolean paused = answers.values().stream().anyMatch(PoolerFacts::saysPaused);
    if (!plan.restart() && !paused) {
      since = 0;
      return Restart.NONE;
    }
    boolean first = since == 0;
    if (first) {
      since = time.getAsLong();
    }
    Duration waited = Duration.ofNanos(time.getAsLong() - since);
    boolean tooLong = waited.compareTo(LONGEST_PAUSE) > 0;
    if (!plan.restart()) {
      if (serves || tooLong) {
        resume(plan, answers);
      }
      return Restart.NONE;
    }
    if (tooLong) {
      resume(plan, answers);
      return Restart.DRAINED;
    }
    if (first) {
      plan.database().ifPresent(this::checkpoint);
    }
    boolean all = true;
    for (Map.Entry<String, PoolerTarget> pooler : plan.poolers().entrySet()) {
      all &= pause(pooler.getKey(), pooler.getValue());
    }
    return all || waited.compareTo(LONGEST_WAIT) > 0 ? Restart.DRAINED : Restart.DRAINING;
  }

  private void checkpoint(ProbePlan.Database database) {
    try {
      probe.checkpoint(database.target());
    } catch (ProbeException slow) {
      // The shutdown then writes the rest.
      log.info("no checkpoint before the restart: {}", slow.getMessage());
    }
  }

  private boolean pause(String pod, PoolerTarget target) {
    try {
      return probe.pausePooler(target);
    } catch (ProbeException failed) {
      log.warn("the pooler of {} cannot be paused: {}", pod, failed.getMessage());
      return false;
    }
  }

  private void resume(ProbePlan plan, Map<String, Answer<PoolerFacts>> answers) {
    plan.poolers().forEach((pod, target) -> resume(pod, target, answers.get(pod)));
  }

  private void resume(String pod, PoolerTarget target, Answer<PoolerFacts> answer) {
    if (answer == null || !PoolerFacts.saysPaused(answer)) {
      return;
    }
    try {
      probe.resumePooler(target);
    } catch (ProbeException failed) {
      log.warn("the pooler of {} cannot be resumed: {}", pod, failed.getMessage());
    }
  }
}
