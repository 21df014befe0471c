package io.sanadflow.studyhub.reconcile;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.component.PoolerComponent;
import io.sanadflow.studyhub.component.RedisComponent;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.DatabasePlan;
import io.sanadflow.studyhub.probe.HttpFacts;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.probe.PoolerTarget;
import io.sanadflow.studyhub.probe.ProbeException;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.probe.ProbeReport.Restart;
import io.sanadflow.studyhub.probe.Reach;
import io.sanadflow.studyhub.probe.RedisFacts;
import io.sanadflow.studyhub.probe.Served;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

  /** What does not answer well after this time does not mend by waiting. */
  private static final Duration UNWELL_AFTER = Duration.ofSeconds(60);

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
    // The database that was prepared, and what could not be created in it.
    private String prepared = "";
    private Map<String, String> failedExtensions = Map.of();

    private final Draining draining;
    // Since when the app does not answer well; 0 while it does.
    private long unwellSince;

    private Asked(ProbePlan plan, HubProbe probe) {
      this.plan = plan;
      this.draining = new Draining(probe, System::nanoTime);
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
    Asked asked = hubs.computeIfAbsent(hub, it -> new Asked(plan, probe));
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
    synchronized (asked) {
      asked.running = true;
      asked.next = null;
      plan = asked.plan;
    }
    boolean news = false;
    boolean settled = false;
    try {
      Round round = new Round(asked, plan);
      ProbeReport report = round.ask();
      settled = round.settled;
      synchronized (asked) {
        // Answers to a plan that is over are not kept: the next round asks by the new one.
        if (asked.plan.equals(plan)) {
          news = asked.rounds++ == 0 || !meaning(report).equals(meaning(asked.report));
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

  /** One round of questions. */
  private final class Round {
    private final Asked asked;
    private final ProbePlan plan;
    private boolean settled = true;

    private Round(Asked asked, ProbePlan plan) {
      this.asked = asked;
      this.plan = plan;
    }

    private ProbeReport ask() {
      Instant start = clock.instant();
      Optional<Answer<DatabaseFacts>> database = plan.database().map(this::database);
      Map<String, Answer<PoolerFacts>> poolers = new HashMap<>();
      plan.poolers().forEach((pod, target) -> poolers.put(pod, pooler(target)));
      // Before anybody else is asked: whoever waits in a pooler waits for this.
      boolean serves = database.map(Answer::ok).orElse(false);
      Restart restart = asked.draining.step(plan, poolers, serves);
      settled &= !plan.restart() && poolers.values().stream().noneMatch(PoolerFacts::saysPaused);
      Optional<Answer<RedisFacts>> redis = plan.redis().map(this::redis);
      Optional<Answer<HttpFacts>> app = app();
      settled &= app.isEmpty() || app.flatMap(Answer::facts).map(HttpFacts::ok).orElse(false);
      Optional<Answer<HttpFacts>> ingress = ingress();
      return new ProbeReport(
          database,
          poolers,
          redis,
          app,
          unwell(app),
          restart,
          ingress,
          Reached.of(plan, app, ingress, reached(), start));
    }

    private Optional<Reach> reached() {
      synchronized (asked) {
        return asked.report.reach();
      }
    }

    /** It is not asked more often while it fails: what is in front of the app is not the hub's. */
    private Optional<Answer<HttpFacts>> ingress() {
      if (plan.restart() || plan.ingress().isEmpty()) {
        return Optional.empty();
      }
      try {
        return probe.entrance(plan.ingress().get()).map(Answer::of);
      } catch (ProbeException failed) {
        return Optional.of(Answer.failed(String.valueOf(failed.getMessage())));
      }
    }

    /** While its clients wait the app has no answer, and whoever asks it waits as well. */
    private Optional<Answer<HttpFacts>> app() {
      if (plan.restart()) {
        synchronized (asked) {
          return plan.app().flatMap(uri -> asked.report.app());
        }
      }
      return plan.app().map(uri -> answer(() -> probe.http(uri)));
    }

    private boolean unwell(Optional<Answer<HttpFacts>> app) {
      boolean well = app.isEmpty() || app.flatMap(Answer::facts).map(HttpFacts::ok).orElse(false);
      if (well || plan.restart()) {
        asked.unwellSince = 0;
      } else if (asked.unwellSince == 0) {
        asked.unwellSince = System.nanoTime();
      }
      return asked.unwellSince != 0
          && System.nanoTime() - asked.unwellSince > UNWELL_AFTER.toNanos();
    }

    private Answer<DatabaseFacts> database(ProbePlan.Database wanted) {
      String preparation = wanted.incarnation() + wanted.plan() + wanted.target().database();
      boolean prepared = preparation.equals(asked.prepared);
      // Once prepared, a server is only asked.
      DatabasePlan todo =
          prepared
              ? new DatabasePlan(
                  wanted.plan().database(),
                  List.of(),
                  wanted.plan().owner(),
                  Optional.empty(),
                  Optional.empty(),
                  List.of(),
                  false,
                  wanted.plan().awaitsRestore())
              : wanted.plan();
      Answer<DatabaseFacts> answer = answer(() -> probe.database(wanted.target(), todo));
      if (!answer.ok()) {
        asked.prepared = "";
        return answer;
      }
      DatabaseFacts facts = answer.facts().orElseThrow();
      if (prepared) {
        facts = facts.withFailedExtensions(asked.failedExtensions);
      } else {
        asked.prepared = preparation;
        asked.failedExtensions = facts.failedExtensions();
      }
      boolean stale =
          wanted.configHash().isPresent() && !wanted.configHash().equals(facts.configHash());
      if (stale || old(wanted.serial(), facts.served())) {
        reload(() -> probe.reloadDatabase(wanted.target()));
      }
      settled &= facts.pendingRestart().isEmpty();
      return Answer.of(facts);
    }

    private Answer<PoolerFacts> pooler(PoolerTarget target) {
      Answer<PoolerFacts> answer = answer(() -> probe.pooler(target));
      boolean stale =
          answer
              .facts()
              .map(
                  it ->
                      !PoolerComponent.asWanted(plan.hub(), plan.poolerRevision(), it)
                          || old(plan.poolerSerial(), it.served()))
              .orElse(false);
      if (stale) {
        reload(() -> probe.reloadPooler(target));
      }
      return answer;
    }

    private Answer<RedisFacts> redis(ProbePlan.Redis wanted) {
      Answer<RedisFacts> answer =
          answer(() -> probe.redis(wanted.target(), List.copyOf(wanted.settings().keySet())));
      answer
          .facts()
          .ifPresent(
              facts -> {
                Map<String, String> todo = new HashMap<>();
                if (!facts.config().entrySet().containsAll(wanted.settings().entrySet())) {
                  todo.putAll(wanted.settings());
                }
                if (old(wanted.serial(), facts.served())) {
                  todo.putAll(RedisComponent.TLS_FILES);
                }
                if (!todo.isEmpty()) {
                  reload(() -> probe.configureRedis(wanted.target(), todo));
                }
              });
      return answer;
    }

    private <T> Answer<T> answer(Question<T> question) {
      try {
        return Answer.of(question.ask());
      } catch (ProbeException failed) {
        settled = false;
        return Answer.failed(String.valueOf(failed.getMessage()));
      }
    }

    private void reload(Command command) {
      settled = false;
      try {
        command.run();
      } catch (ProbeException failed) {
        log.warn("a reload failed: {}", failed.getMessage());
      }
    }
  }

  private interface Question<T> {
    T ask() throws ProbeException;
  }

  private interface Command {
    void run() throws ProbeException;
  }

  private static boolean old(Optional<BigInteger> wanted, Optional<Served> served) {
    return wanted.isPresent() && served.isPresent() && !wanted.get().equals(served.get().serial());
  }

  /** What of a report matters to the status: not latencies, which differ every time. */
  private static List<Object> meaning(ProbeReport report) {
    return List.of(
        report.unwell(),
        report.restart(),
        report.reach().map(Reach::up),
        report
            .database()
            .map(
                it ->
                    it.facts()
                        .<Object>map(
                            facts ->
                                List.of(
                                    facts.version(),
                                    facts.configHash(),
                                    facts.pendingRestart(),
                                    facts.failedExtensions(),
                                    facts.refusedSettings(),
                                    facts.served(),
                                    facts.archiveFailure()))
                        .orElse(it.failure())),
        report.poolers().entrySet().stream()
            .map(
                it ->
                    List.of(
                        it.getKey(),
                        it.getValue()
                            .facts()
                            .<Object>map(
                                facts -> List.of(facts.config(), facts.paused(), facts.served()))
                            .orElse(it.getValue().failure())))
            .collect(Collectors.toSet()),
        report
            .redis()
            .map(
                it ->
                    it.facts()
                        .<Object>map(facts -> List.of(facts.config(), facts.served()))
                        .orElse(it.failure())),
        report
            .app()
            .map(
                it ->
                    it.facts()
                        .<Object>map(facts -> List.of(facts.ok(), facts.status()))
                        .orElse(it.failure())));
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
