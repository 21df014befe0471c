package io.sanadflow.studyhub.notify;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends for all hubs, off the reconciler's threads: one request at a time to a host, one a second
 * to an address, and what fails again and again until it is taken. Its threads end when there is
 * nothing to send.
 */
public final class Sender implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Sender.class);

  /** Hosts that hang at the same time and hold up nobody else are one less than this. */
  private static final int THREADS = 4;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** Of all that is sent to a host that hangs: it takes a thread of ours each time. */
  private static final Duration LONGEST_HOST_WAIT = Duration.ofMinutes(1);

  /**
   * What came of an attempt.
   *
   * @param key of the delivery
   * @param id of the delivery
   * @param attempt its number, from 1
   * @param failure empty where it was taken; never has the address in it
   */
  public record Result(
      String key, String id, Instant time, int attempt, Optional<String> failure) {}

  /** A delivery on its way; guarded by the sender. */
  private static final class Sending {
    private final Delivery delivery;
    private final Consumer<Result> told;
    private int failures;
    private boolean given;

    private Sending(Delivery delivery, Consumer<Result> told) {
      this.delivery = delivery;
      this.told = told;
    }
  }

  /** What hangs or fails together; guarded by the sender. */
  private static final class Host {
    private final Deque<Sending> waiting = new ArrayDeque<>();
    private boolean busy;
    private int hung;
    private Instant notBefore = Instant.MIN;
  }

  private final Clock clock;
  private final Duration timeout;
  private final Duration oneEach;
  private final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor workers;
  private final Map<String, Sending> sendings = new HashMap<>();
  private final Map<String, Host> hosts = new HashMap<>();
  private final Map<Integer, Instant> notBefore = new HashMap<>();

  /** With the waits that receivers ask for. */
  public Sender(Clock clock) {
    this(clock, Duration.ofSeconds(10), Duration.ofSeconds(1));
  }

  /**
   * With other waits.
   *
   * @param timeout of an attempt
   * @param oneEach of how many times there is one request to an address; Slack takes one a second
   */
  Sender(Clock clock, Duration timeout, Duration oneEach) {
    this.clock = clock;
    this.timeout = timeout;
    this.oneEach = oneEach;
    timer = new ScheduledThreadPoolExecutor(1, daemon("notify-timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(30, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    workers =
        new ThreadPoolExecutor(
            THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemon("notify"));
    workers.allowCoreThreadTimeOut(true);
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** The delivery that is on its way under a key. */
  public synchronized Optional<Delivery> underWay(String key) {
    return Optional.ofNullable(sendings.get(key)).map(it -> it.delivery);
  }

  /**
   * Sends something until it is taken, in place of what was on its way under the same key.
   *
   * @param told after each attempt, on a thread of the sender's
   */
  public synchronized void offer(Delivery delivery, Consumer<Result> told) {
    Sending sending = new Sending(delivery, told);
    sendings.put(delivery.key(), sending);
    later(sending, Duration.ZERO);
  }

  /**
   * Sends something again and again, in place of what has not been taken until then.
   *
   * @param made empty where there is nothing to send this time
   */
  public void offerEach(Duration period, Supplier<Optional<Delivery>> made) {
    timer.scheduleAtFixedRate(
        () -> {
          try {
            made.get().ifPresent(it -> offer(it, result -> {}));
          } catch (RuntimeException failed) {
            // Thrown on, it would end the series.
            log.warn("what is sent each {} could not be made", period, failed);
          }
        },
        0,
        period.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Gives up what is on its way under a key; an attempt that has begun goes on. */
  public synchronized void forget(String key) {
    sendings.remove(key);
  }

  private void later(Sending sending, Duration wait) {
    try {
      timer.schedule(() -> next(sending), wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // The next operator sends it: it is in the hub's status until it is taken.
    }
  }

  private synchronized void next(Sending sending) {
    if (sendings.get(sending.delivery.key()) != sending || sending.given) {
      return;
    }
    Instant now = clock.instant();
    notBefore.values().removeIf(it -> !it.isAfter(now));
    Host host = hosts.computeIfAbsent(sending.delivery.destination().host(), it -> new Host());
    Instant free = notBefore.getOrDefault(address(sending), Instant.MIN);
    Instant first = free.isAfter(host.notBefore) ? free : host.notBefore;
    if (first.isAfter(now)) {
      later(sending, Duration.between(now, first).plusMillis(1));
    } else if (host.busy) {
      host.waiting.add(sending);
    } else {
      host.busy = true;
      sending.given = true;
      workers.execute(() -> attempt(sending, host));
    }
  }

  /** Not the address itself: it is a credential, and a key is easily logged. */
  private static int address(Sending sending) {
    return sending.delivery.destination().uri().hashCode();
  }

  private void attempt(Sending sending, Host host) {
    Attempt attempt = new Attempt(sending.delivery, timeout);
    // A time-out of the socket begins anew with each byte; this one does not.
    var deadline = timer.schedule(attempt::end, 2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
    Attempt.@Nullable Outcome outcome = null;
    try {
      outcome = attempt.run(clock.instant());
    } finally {
      deadline.cancel(false);
      ended(
          sending,
          host,
          outcome == null
              ? new Attempt.Outcome(Optional.of("cannot be sent to"), Optional.empty(), false)
              : outcome);
    }
  }

  private void ended(Sending sending, Host host, Attempt.Outcome outcome) {
    Instant now = clock.instant();
    Delivery delivery = sending.delivery;
    synchronized (this) {
      host.busy = false;
      sending.given = false;
      host.hung = outcome.hung() ? host.hung + 1 : 0;
      host.notBefore =
          outcome.hung() ? now.plus(backOff(host.hung, LONGEST_HOST_WAIT)) : Instant.MIN;
      if (outcome.failure().isPresent()) {
        sending.failures++;
        Duration wait = outcome.pause().orElse(backOff(sending.failures, LONGEST_WAIT));
        notBefore.put(address(sending), now.plus(wait));
        later(sending, wait);
        log.warn("{} {}, attempt {}", delivery, outcome.failure().get(), sending.failures);
      } else {
        notBefore.put(address(sending), now.plus(oneEach));
        // Be it this one or one with a newer address: the receiver has it.
        sendings.computeIfPresent(
            delivery.key(),
            (key, current) -> current.delivery.id().equals(delivery.id()) ? null : current);
        log.info("{} was taken", delivery);
      }
      while (!host.waiting.isEmpty()) {
        later(host.waiting.remove(), Duration.ZERO);
      }
      hosts.values().removeIf(it -> !it.busy && it.waiting.isEmpty() && it.hung == 0);
    }
    sending.told.accept(
        new Result(
            delivery.key(),
            delivery.id(),
            now,
            outcome.failure().isPresent() ? sending.failures : sending.failures + 1,
            outcome.failure()));
  }

  /** Twice as long after each failure, and not all at the same moment. */
  private static Duration backOff(int failures, Duration longest) {
    long millis = Math.min(longest.toMillis(), FIRST_WAIT.toMillis() << Math.min(failures - 1, 20));
    return Duration.ofMillis(millis * ThreadLocalRandom.current().nextInt(80, 121) / 100);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdown();
  }
}
