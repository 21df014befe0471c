package io.sanadflow.studyhub.logs;

import java.time.Duration;

/** The time between two attempts, which grows until one succeeds; ends when all should end. */
final class Pause {

  private static final Duration FIRST = Duration.ofMillis(500);

  private final Duration longest;
  private Duration next = FIRST;
  private boolean over;
  private boolean ended;

  Pause(Duration longest) {
    this.longest = longest;
  }

  /** Waits, or does not if there is news in the meantime. */
  synchronized void some() {
    long until = System.nanoTime() + next.toNanos();
    next = next.multipliedBy(2).compareTo(longest) < 0 ? next.multipliedBy(2) : longest;
    long left = until - System.nanoTime();
    try {
      while (!over && !ended && left > 0) {
        wait(left / 1_000_000 + 1);
        left = until - System.nanoTime();
      }
    } catch (InterruptedException interrupted) {
      ended = true;
      Thread.currentThread().interrupt();
    }
    over = false;
  }

  /** An attempt has succeeded. */
  synchronized void reset() {
    next = FIRST;
  }

  /** There is news, so that a new attempt may succeed. */
  synchronized void cut() {
    over = true;
    notifyAll();
  }

  /** No further attempts. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized boolean ended() {
    return ended;
  }
}
