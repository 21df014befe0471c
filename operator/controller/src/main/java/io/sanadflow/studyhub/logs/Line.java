package io.sanadflow.studyhub.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A line of a container.
 *
 * @param time as the container runtime wrote it, to the nanosecond
 */
record Line(Instant time, String text) {

  /** Reads what the API server answers with {@code timestamps=true}. */
  static Optional<Line> parse(String answered) {
    int space = answered.indexOf(' ');
    try {
      return space < 0
          ? Optional.of(new Line(Instant.parse(answered), ""))
          : Optional.of(
              new Line(Instant.parse(answered.substring(0, space)), answered.substring(space + 1)));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }
}
