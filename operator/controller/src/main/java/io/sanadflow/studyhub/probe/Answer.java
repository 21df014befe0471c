package io.sanadflow.studyhub.probe;

import java.util.Optional;

/**
 * What came of asking one part: facts, or why there are none.
 *
 * @param <T> the facts
 * @param failure for people; empty where there are facts
 */
public record Answer<T>(Optional<T> facts, String failure) {

  /** It answered. */
  public static <T> Answer<T> of(T facts) {
    return new Answer<>(Optional.of(facts), "");
  }

  /** It did not. */
  public static <T> Answer<T> failed(String failure) {
    return new Answer<>(Optional.empty(), failure);
  }

  /** Whether it answered. */
  public boolean ok() {
    return facts.isPresent();
  }
}
