package io.sanadflow.studyhub.reconcile;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.probe.ProbeReport.Restart;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the hubs' parts, off the reconciler's threads: at once when the plan changes, every two
 * seconds while something is not as wanted, and at the hub's probe interval when all is well. A
 * part that serves with old settings or an old certificate is told to reload. The reconciler is
 * called when an answer means something new.
 */
final class Probing extends AbstractEventSource<ProbeReport, StudyHub> {

  private static final Logger log = LoggerFactory.getLogger(Probing.class);

  private static final int THREADS = 4;

  private static final Duration EAGER = Duration.ofSeconds(2);

  private static final Duration PATIENT = Duration.ofSeconds(10);

  /** After so many eager questions, patience. */
  private static final int EAGER_TIMES = 60;

  private final HubProbe probe;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor executor;
  private final Map<ResourceID, Asked> hubs = new ConcurrentHashMap<>();

  /** What is known of one hub; guarded by itself. */
  private static final class Asked {
    private ProbePlan plan;
    private ProbeReport report = ProbeReport.NONE;
    private @Nullable ScheduledFuture<?> next;
    private boolean running;
    private int eager;
    private int rounds;
    private @Nullable Instant answered;
    private final ProbeRounds questions;

    private Asked(ProbePlan plan, ProbeRounds questions) {
      this.plan = plan;
      this.questions = questions;
    }
  }

  Probing(HubProbe probe, Clock clock) {
    super(ProbeReport.class, "probing");
    this.probe = probe;
    this.clock = clock;
    executor =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "probe");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
  }

  /** The newest answers of a hub, as far as they are about this plan; asks if the plan is new. */
  ProbeReport report(ResourceID hub, ProbePlan plan) {
    Asked asked = hubs.computeIfAbsent(hub, it -> new Asked(plan, new ProbeRounds(probe, clock)));
    synchronized (asked) {
      if (!asked.plan.equals(plan) || (asked.next == null && !asked.running)) {
        asked.report = stillTrue(asked, plan);
        asked.plan = plan;
        asked.eager = 0;
        schedule(hub, asked, Duration.ZERO);
      }
      return asked.report;
    }
  }

  /** The newest answers, without a question. */
  ProbeReport latest(ResourceID hub) {
    Asked asked = hubs.get(hub);
    if (asked == null) {
      return ProbeReport.NONE;
    }
    synchronized (asked) {
      return asked.report;
    }
  }

  /**
   * A hub as it was asked last.
   *
   * @param hub whose parts were asked
   * @param asked when the answers came
   */
  record Look(Optional<Hub> hub, ProbeReport report, Optional<Instant> asked) {}

  /** The newest answers, for those who watch. */
  Look look(ResourceID hub) {
    Asked asked = hubs.get(hub);
    if (asked == null) {
      return new Look(Optional.empty(), ProbeReport.NONE, Optional.empty());
    }
    synchronized (asked) {
      return new Look(
          Optional.of(asked.plan.hub()), asked.report, Optional.ofNullable(asked.answered));
    }
  }

  /** Whether a hub's parts were asked since the operator started. */
  boolean asked(ResourceID hub) {
    Asked asked = hubs.get(hub);
    if (asked == null) {
      return false;
    }
    synchronized (asked) {
      return asked.rounds > 0;
    }
  }

  /** Answers of parts that are not there any more say nothing. */
  private static ProbeReport stillTrue(Asked asked, ProbePlan plan) {
    ProbeReport report = asked.report;
    Map<String, Answer<PoolerFacts>> poolers = new HashMap<>(report.poolers());
    poolers.keySet().retainAll(plan.poolers().keySet());
    boolean sameServer =
        plan.database()
            .map(ProbePlan.Database::incarnation)
            .equals(asked.plan.database().map(ProbePlan.Database::incarnation));
    return new ProbeReport(
        sameServer ? report.database() : Optional.empty(),
        poolers,
        plan.redis().isEmpty() ? Optional.empty() : report.redis(),
        plan.app().isEmpty() ? Optional.empty() : report.app(),
        report.unwell() && plan.app().isPresent(),
        !plan.restart() ? Restart.NONE : asked.plan.restart() ? report.restart() : Restart.DRAINING,
        plan.ingress().isEmpty() ? Optional.empty() : report.ingress(),
        report.reach());
  }

  /** Asks no more. */
  void forget(ResourceID hub) {
    Asked asked = hubs.remove(hub);
    if (asked != null) {
      synchronized (asked) {
        if (asked.next != null) {
          asked.next.cancel(false);
        }
      }
    }
  }

  private void schedule(ResourceID hub, Asked asked, Duration delay) {
    if (asked.running) {
      return;
    }
    if (asked.next != null) {
      asked.next.cancel(false);
    }
    asked.next = executor.schedule(() -> run(hub, asked), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run(ResourceID hub, Asked asked) {
    ProbePlan plan;
    ProbeReport last;
    synchronized (asked) {
      asked.running = true;
      asked.next = null;
      plan = asked.plan;
      last = asked.report;
    }
    boolean news = false;
    boolean settled = false;
    try {
      ProbeRounds.Round round = asked.questions.ask(plan, last);
      ProbeReport report = round.report();
      settled = round.settled();
      synchronized (asked) {
        // Answers to a plan that is over are not kept: the next round asks by the new one.
        if (asked.plan.equals(plan)) {
          news = asked.rounds++ == 0 || !ProbeNews.of(report).equals(ProbeNews.of(asked.report));
          asked.report = report;
          asked.answered = clock.instant();
        }
      }
    } catch (RuntimeException unexpected) {
      log.error("asking {} failed", hub, unexpected);
    } finally {
      synchronized (asked) {
        asked.running = false;
        boolean current = hubs.get(hub) == asked;
        if (current && !executor.isShutdown()) {
          asked.eager = settled ? 0 : asked.eager + 1;
          Duration delay =
              !asked.plan.equals(plan)
                  ? Duration.ZERO
                  : settled ? plan.interval() : asked.eager < EAGER_TIMES ? EAGER : PATIENT;
          schedule(hub, asked, delay);
        }
      }
    }
    if (news) {
      getEventHandler().handleEvent(new Event(hub));
    }
  }

  @Override
  public Set<ProbeReport> getSecondaryResources(StudyHub hub) {
    return Set.of(latest(ResourceID.fromResource(hub)));
  }

  @Override
  public void stop() {
    executor.shutdownNow();
    super.stop();
  }
}
