package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.DatabaseSwap;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.ProbeException;
import io.sanadflow.studyhub.probe.SideDatabases;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What restores do in the servers of hubs. A visit waits for it briefly; what takes longer goes on
 * by itself, and until it has ended nothing else is begun in that server.
 */
final class DatabaseSteps {

  private static final Logger log = LoggerFactory.getLogger(DatabaseSteps.class);

  private static final int AT_ONCE = 4;

  private final HubProbe probe;
  private final Duration patience;
  private final ThreadPoolExecutor threads;

  /** The uids of hubs in whose servers something is under way. */
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  /**
   * Uses a few threads, which end when there is nothing to do.
   *
   * @param patience how long a visit waits
   */
  DatabaseSteps(HubProbe probe, Duration patience) {
    this.probe = probe;
    this.patience = patience;
    this.threads =
        new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "restore-databases");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Whether something of an earlier visit is under way, whose outcome has to be awaited. */
  boolean busy(Hub hub) {
    return busy.contains(hub.uid());
  }

  /** The databases that restores made, as they are now; empty if that cannot be told soon. */
  Optional<SideDatabases> look(Hub hub, ProbePlan.Database server) {
    AtomicReference<SideDatabases> found = new AtomicReference<>();
    run(
        hub,
        () -> found.set(probe.sideDatabases(server.target(), server.plan())),
        failed -> log.info("{}: {}", hub.names().hub(), failed));
    return Optional.ofNullable(found.get());
  }

  /** Puts a restored database in the place of the hub's. */
  void swap(
      Hub hub,
      ProbePlan.Database server,
      DatabaseSwap swap,
      Runnable done,
      Consumer<String> failed) {
    run(
        hub,
        () -> {
          probe.swap(server.target(), server.plan(), swap);
          done.run();
          log.info("{}: {} is in place", hub.names().hub(), swap.side());
        },
        failed);
  }

  /** Deletes a database that a restore made. */
  void drop(Hub hub, ProbePlan.Database server, String name) {
    run(
        hub,
        () -> {
          probe.dropDatabase(server.target(), name);
          log.info("{}: dropped database {}", hub.names().hub(), name);
        },
        failed -> log.warn("{}: {}", hub.names().hub(), failed));
  }

  private interface Work {
    void run() throws ProbeException;
  }

  private void run(Hub hub, Work work, Consumer<String> failed) {
    if (!busy.add(hub.uid())) {
      return;
    }
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(() -> attempt(hub, work, failed), threads);
    try {
      run.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      log.info("{}: its database server takes its time", hub.names().hub());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException unexpected) {
      if (unexpected.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(unexpected);
    }
  }

  private void attempt(Hub hub, Work work, Consumer<String> failed) {
    try {
      work.run();
    } catch (ProbeException refused) {
      failed.accept(String.valueOf(refused.getMessage()));
    } finally {
      busy.remove(hub.uid());
    }
  }
}
