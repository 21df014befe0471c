package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.probe.PoolerTarget;
import io.sanadflow.studyhub.probe.ProbeException;
import io.sanadflow.studyhub.probe.ProbeReport.Restart;
import io.sanadflow.studyhub.probe.TlsTrust;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class DrainingTest {

  private final Hub hub = Hubs.resolved(Hubs.read(Hubs.MINIMAL));
  private final Map<String, PoolerTarget> poolers =
      Map.of("one", target("one"), "two", target("two"));
  private final Set<String> paused = new HashSet<>();
  private final Set<String> busy = new HashSet<>();
  private long seconds = 1;
  private final LongSupplier time = () -> Duration.ofSeconds(seconds).toNanos();
  private Draining draining = new Draining(probe(), time);

  /** Poolers that pause and resume, of which some are busy or gone. */
  private HubProbe probe() {
    return (HubProbe)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HubProbe.class},
            (proxy, method, arguments) -> {
              String pod = arguments[0] instanceof PoolerTarget it ? it.host() : "";
              return switch (method.getName()) {
                case "pausePooler" -> {
                  paused.add(pod);
                  yield !busy.contains(pod);
                }
                case "resumePooler" -> {
                  if (!paused.remove(pod)) {
                    throw new ProbeException("not paused");
                  }
                  yield null;
                }
                default -> throw new AssertionError(method.getName());
              };
            });
  }

  private static PoolerTarget target(String host) {
    return new PoolerTarget(host, 6432, new TlsTrust("", "x"), "hub", "a", "b", "c", "d");
  }

  private Restart step(boolean restart, boolean serves) {
    ProbePlan plan =
        new ProbePlan(
            Optional.empty(),
            poolers,
            hub,
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            restart,
            Duration.ofSeconds(30));
    Map<String, Answer<PoolerFacts>> answers = new TreeMap<>();
    poolers
        .keySet()
        .forEach(
            it ->
                answers.put(
                    it,
                    Answer.of(
                        new PoolerFacts(
                            Map.of(), paused.contains(it), Duration.ZERO, Optional.empty()))));
    return draining.step(plan, answers, serves);
  }

  @Test
  void clientsWaitBeforeARestartAndGoOnAfterIt() {
    assertThat(step(false, true)).isEqualTo(Restart.NONE);
    assertThat(step(true, true)).isEqualTo(Restart.DRAINED);
    assertThat(paused).containsExactlyInAnyOrder("one", "two");
    seconds += 5;
    assertThat(step(true, false)).isEqualTo(Restart.DRAINED);
    assertThat(step(false, false)).isEqualTo(Restart.NONE);
    assertThat(paused).as("the new server does not answer yet").hasSize(2);
    step(false, true);
    assertThat(paused).isEmpty();
  }

  @Test
  void aBusyPoolerIsNotAwaitedForEver() {
    busy.add("two");
    assertThat(step(true, true)).isEqualTo(Restart.DRAINING);
    seconds += 9;
    assertThat(step(true, true)).isEqualTo(Restart.DRAINING);
    seconds += 2;
    assertThat(step(true, true)).isEqualTo(Restart.DRAINED);
  }

  @Test
  void nobodyWaitsForADatabaseThatDoesNotComeBack() {
    step(true, true);
    seconds += 61;
    assertThat(step(true, false)).isEqualTo(Restart.DRAINED);
    assertThat(paused).isEmpty();
    seconds += 2;
    step(true, false);
    assertThat(paused).as("not paused again").isEmpty();
  }

  @Test
  void anotherOperatorResumesWhatItFindsPaused() {
    step(true, true);
    draining = new Draining(probe(), time);
    step(false, true);
    assertThat(paused).isEmpty();
  }

  @Test
  void anotherOperatorResumesAlsoWithoutADatabaseAfterAMinute() {
    step(true, true);
    draining = new Draining(probe(), time);
    step(false, false);
    assertThat(paused).hasSize(2);
    seconds += 61;
    step(false, false);
    assertThat(paused).isEmpty();
  }
}
