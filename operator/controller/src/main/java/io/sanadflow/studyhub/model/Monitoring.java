package io.sanadflow.studyhub.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a hub is watched.
 *
 * @param uptimeTarget the share of time that it should be up, 0 to 1
 * @param shown whether it is on the status page
 * @param health whether it has a Service for its health
 * @param token what must be presented for details of its health
 * @param logs where its logs are sent
 */
public record Monitoring(
    Duration probeInterval,
    double uptimeTarget,
    boolean shown,
    boolean health,
    Optional<Hub.EncryptionKey> token,
    List<Window> windows,
    Optional<Logs> logs) {

  /** The shortest of windows is longer than this, so that no more than these fit in 90 days. */
  private static final int MOST_WINDOWS = 5000;

  /** Copies the list. */
  public Monitoring {
    windows = List.copyOf(windows);
  }

  /** A time at which downtime does not count. */
  public record Window(Hub.Schedule schedule, Duration duration) {

    private void between(Instant from, Instant to, List<Span> found) {
      // One that has begun before may last until after.
      Optional<Instant> begin = schedule.next(from.minus(duration).minusSeconds(1));
      for (int i = 0; i < MOST_WINDOWS && begin.filter(it -> it.isBefore(to)).isPresent(); i++) {
        found.add(new Span(begin.get(), begin.get().plus(duration)));
        begin = schedule.next(begin.get());
      }
    }
  }

  /** The maintenance between two moments. */
  public List<Span> maintenance(Instant from, Instant to) {
    List<Span> found = new ArrayList<>();
    windows.forEach(it -> it.between(from, to, found));
    return found;
  }
}
