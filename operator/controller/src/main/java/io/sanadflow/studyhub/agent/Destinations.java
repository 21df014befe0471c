package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Where one run writes to, the one that counts first. */
final class Destinations {

  private final List<Destination> all;

  Destinations(List<Archive> archives) {
    all = archives.stream().map(Destination::new).toList();
  }

  /** Something that is done with one destination. */
  interface Step {
    void with(Destination destination) throws IOException;
  }

  /** All, those that failed as well. */
  List<Destination> all() {
    return all;
  }

  /** The bucket if there is one. */
  Destination first() {
    return all.get(0);
  }

  /** Those that have not failed. */
  List<Destination> working() {
    return all.stream().filter(Destination::takesPart).toList();
  }

  /**
   * Does something with every working destination.
   *
   * @throws IOException the failure of the first if none is left
   */
  void each(Step step) throws IOException {
    for (Destination destination : working()) {
      try {
        step.with(destination);
      } catch (IOException failed) {
        destination.fail(failed);
      }
    }
    check();
  }

  /** Starts one object in each. */
  Copies open(Function<Layout, String> key) throws IOException {
    return Copies.open(this, working(), key);
  }

  /**
   * Fails if no destination is left.
   *
   * @throws IOException the failure of the first
   */
  void check() throws IOException {
    if (working().isEmpty()) {
      throw again(first().failure().orElseThrow());
    }
  }

  /**
   * Another one each time, since what is closed after a failure fails anew: none suppresses itself.
   */
  private static IOException again(IOException failure) {
    if (failure instanceof StoreException store) {
      return new StoreException(store.reason(), String.valueOf(store.getMessage()), store);
    }
    return failure instanceof AgentException agent
        ? new AgentException(agent.reason(), agent.message(), agent)
        : new IOException(failure.getMessage(), failure);
  }

  /** The failures of those that are left out, as sentences. */
  List<String> failures() {
    List<String> sentences = new ArrayList<>();
    for (Destination destination : all) {
      destination
          .failure()
          .ifPresent(it -> sentences.add(destination.name() + ": " + it.getMessage()));
    }
    return sentences;
  }
}
