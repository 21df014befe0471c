package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.component.PoolerComponent;
import io.sanadflow.studyhub.component.RedisComponent;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rounds in which one hub's parts are asked, one after the other. A part that serves with old
 * settings or an old certificate is told to reload.
 */
final class ProbeRounds {

  private static final Logger log = LoggerFactory.getLogger(ProbeRounds.class);

  /** What does not answer well after this time does not mend by waiting. */
  private static final Duration UNWELL_AFTER = Duration.ofSeconds(60);

  /**
   * What came of a round.
   *
   * @param settled whether all is as wanted
   */
  record Round(ProbeReport report, boolean settled) {}

  private final HubProbe probe;
  private final Clock clock;
  private final Draining draining;

  // The database that was prepared, and what could not be created in it.
  private String prepared = "";
  private Map<String, String> failedExtensions = Map.of();

  // Since when the app does not answer well; 0 while it does.
  private long unwellSince;

  ProbeRounds(HubProbe probe, Clock clock) {
    this.probe = probe;
    this.clock = clock;
    this.draining = new Draining(probe, System::nanoTime);
  }

  /**
   * Asks all parts; there is one round at a time.
   *
   * @param last what the round before found
   */
  Round ask(ProbePlan plan, ProbeReport last) {
    Asking asking = new Asking(plan, last);
    ProbeReport report = asking.ask();
    return new Round(report, asking.settled);
  }

  /** One round. */
  private final class Asking {
    private final ProbePlan plan;
    private final ProbeReport last;
    private boolean settled = true;

    private Asking(ProbePlan plan, ProbeReport last) {
      this.plan = plan;
      this.last = last;
    }

    private ProbeReport ask() {
      Instant start = clock.instant();
      Optional<Answer<DatabaseFacts>> database = plan.database().map(this::database);
      Map<String, Answer<PoolerFacts>> poolers = new HashMap<>();
      plan.poolers().forEach((pod, target) -> poolers.put(pod, pooler(target)));
      // Before anybody else is asked: whoever waits in a pooler waits for this.
      boolean serves = database.map(Answer::ok).orElse(false);
      Restart restart = draining.step(plan, poolers, serves);
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
          Reached.of(plan, app, ingress, last.reach(), start));
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
        return plan.app().flatMap(uri -> last.app());
      }
      return plan.app().map(uri -> answer(() -> probe.http(uri)));
    }

    private boolean unwell(Optional<Answer<HttpFacts>> app) {
      boolean well = app.isEmpty() || app.flatMap(Answer::facts).map(HttpFacts::ok).orElse(false);
      if (well || plan.restart()) {
        unwellSince = 0;
      } else if (unwellSince == 0) {
        unwellSince = System.nanoTime();
      }
      return unwellSince != 0 && System.nanoTime() - unwellSince > UNWELL_AFTER.toNanos();
    }

    private Answer<DatabaseFacts> database(ProbePlan.Database wanted) {
      String preparation = wanted.incarnation() + wanted.plan() + wanted.target().database();
      boolean isPrepared = preparation.equals(prepared);
      // Once prepared, a server is only asked.
      DatabasePlan todo =
          isPrepared
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
        prepared = "";
        return answer;
      }
      DatabaseFacts facts = answer.facts().orElseThrow();
      if (isPrepared) {
        facts = facts.withFailedExtensions(failedExtensions);
      } else {
        prepared = preparation;
        failedExtensions = facts.failedExtensions();
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
}
