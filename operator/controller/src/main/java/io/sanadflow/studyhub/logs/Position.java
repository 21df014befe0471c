package io.sanadflow.studyhub.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a container's lines have been read, so that a stream that was cut goes on without a line
 * too many or too few.
 *
 * <p>The API server takes whole seconds, so it answers again with lines that are known. Lines of
 * standard output and error come through two pipes and are not quite in the order of their times,
 * hence those of the last moment are told apart one by one.
 */
final class Position {

  /** How much later than its time says a line may come. */
  static final Duration DISORDER = Duration.ofMillis(200);

  /** How many lines of the last moment are remembered; of more, some may come twice. */
  private static final int MOST = 20_000;

  /** A line of the last moment. */
  private record Seen(Instant time, int hash) {}

  private final Deque<Seen> last = new ArrayDeque<>();
  private final Map<Seen, Integer> again = new HashMap<>();
  private Instant newest;
  private Instant known;

  /** Before anything was read: lines before {@code start} are not wanted. */
  Position(Instant start) {
    this.newest = start;
    this.known = start;
  }

  /** From when on lines are asked for. */
  synchronized Instant since() {
    return newest.minus(DISORDER);
  }

  /** A stream begins, which may repeat lines that are known. */
  synchronized void resume() {
    again.clear();
    last.forEach(it -> again.merge(it, 1, Integer::sum));
    known = last.isEmpty() ? newest : newest.minus(DISORDER);
  }

  /** Whether a line is new; one that is counts as read once it was {@link #written}. */
  synchronized boolean isNew(Line line) {
    if (line.time().isBefore(known)) {
      return false;
    }
    Seen seen = new Seen(line.time(), line.text().hashCode());
    Integer times = again.get(seen);
    if (times == null) {
      return true;
    }
    if (times == 1) {
      again.remove(seen);
    } else {
      again.put(seen, times - 1);
    }
    return false;
  }

  /** A line is where it should be. */
  synchronized void written(Line line) {
    if (line.time().isAfter(newest)) {
      newest = line.time();
    }
    last.addLast(new Seen(line.time(), line.text().hashCode()));
    Instant old = newest.minus(DISORDER);
    while (last.size() > MOST || (!last.isEmpty() && last.peekFirst().time().isBefore(old))) {
      last.removeFirst();
    }
  }
}
