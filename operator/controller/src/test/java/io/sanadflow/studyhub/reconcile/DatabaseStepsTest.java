package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.DatabasePlan;
import io.sanadflow.studyhub.probe.DatabaseSwap;
import io.sanadflow.studyhub.probe.DatabaseTarget;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.ProbeException;
import io.sanadflow.studyhub.probe.SideDatabases;
import io.sanadflow.studyhub.probe.TlsTrust;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that takes its time holds nobody up but its own hub's restores. */
@Timeout(30)
class DatabaseStepsTest {

  private static final DatabaseSwap SWAP = new DatabaseSwap("side", "previous", false);

  private final Hub hub = Hubs.resolved(Hubs.read(Hubs.MINIMAL));
  private final ProbePlan.Database server =
      new ProbePlan.Database(
          new DatabaseTarget("db", 5432, new TlsTrust("", "db"), "postgres", "", "postgres"),
          new DatabasePlan(
              "hub",
              List.of(),
              "hub_owner",
              Optional.empty(),
              Optional.empty(),
              List.of(),
              true,
              false),
          "",
          Optional.empty(),
          Optional.empty());
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile CountDownLatch answers = new CountDownLatch(0);
  private volatile boolean refuses;
  private final DatabaseSteps steps = new DatabaseSteps(probe(), Duration.ofMillis(200));

  private HubProbe probe() {
    return (HubProbe)
        Proxy.newProxyInstance(
            HubProbe.class.getClassLoader(),
            new Class<?>[] {HubProbe.class},
            (proxy, method, arguments) -> {
              asked.add(method.getName());
              answers.await();
              if (refuses) {
                throw new ProbeException("PostgreSQL: it starts up");
              }
              return method.getName().equals("sideDatabases")
                  ? new SideDatabases("system", Set.of("side"), false)
                  : null;
            });
  }

  @AfterEach
  void release() {
    answers.countDown();
  }

  @Test
  void whatIsAnsweredSoonIsKnownAtOnce() {
    assertThat(steps.look(hub, server).orElseThrow().names()).containsExactly("side");
    List<String> told = new ArrayList<>();
    steps.swap(hub, server, SWAP, () -> told.add("done"), told::add);
    assertThat(told).containsExactly("done");
    refuses = true;
    steps.swap(hub, server, SWAP, () -> told.add("done"), told::add);
    assertThat(told).containsExactly("done", "PostgreSQL: it starts up");
    assertThat(steps.look(hub, server)).isEmpty();
    assertThat(steps.busy(hub)).isFalse();
  }

  @Test
  void aSlowSwapIsNotWaitedForAndNothingElseIsBegunBeforeItEnds() {
    answers = new CountDownLatch(1);
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    steps.swap(hub, server, SWAP, () -> told.add("done"), told::add);
    assertThat(told).as("the visit is over").isEmpty();
    assertThat(steps.busy(hub)).isTrue();
    steps.drop(hub, server, "hub_restore_00000000");
    steps.swap(hub, server, SWAP, () -> told.add("twice"), told::add);
    assertThat(steps.look(hub, server)).isEmpty();
    assertThat(asked).containsExactly("swap");
    answers.countDown();
    await().until(() -> !steps.busy(hub));
    assertThat(told).containsExactly("done");
  }

  @Test
  void aLookThatCameTooLateIsNotBelieved() {
    answers = new CountDownLatch(1);
    assertThat(steps.look(hub, server)).isEmpty();
    answers.countDown();
    await().until(() -> !steps.busy(hub));
    assertThat(steps.look(hub, server)).isPresent();
    assertThat(asked).containsExactly("sideDatabases", "sideDatabases");
  }
}
