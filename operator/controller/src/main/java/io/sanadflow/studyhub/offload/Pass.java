package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.Pace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * What all passes over media work with.
 *
 * @param root the mounted media volume
 * @param scratch a directory of this machine for what is small
 * @param since when the phase began
 * @param pace how fast files are copied
 */
record Pass(
    Path root,
    ConditionalStore store,
    OffloadLayout layout,
    Clock clock,
    Path scratch,
    Instant since,
    Pace pace,
    Tally tally) {

  /** The most bytes of a key. */
  private static final int MOST_KEY = 1024;

  /** The same, with what it finds and does counted elsewhere. */
  Pass counting(Tally other) {
    return new Pass(root, store, layout, clock, scratch, since, pace, other);
  }

  /** What a pass does with each file or object, several at a time. */
  interface Work {

    /**
     * Goes through all in the order of their paths.
     *
     * @param state what was known before
     * @param results takes what is known of each afterwards, if anything
     */
    void run(StateFile state, InOrder<Optional<Copied>> results) throws IOException;
  }

  /** Does the work and writes down what is known afterwards, be the work broken off. */
  void keeping(Work work) throws IOException {
    try (StateFile state = StateFile.open(store, layout, clock, scratch)) {
      try (InOrder<Optional<Copied>> results =
          new InOrder<>(
              it -> {
                if (it.isPresent()) {
                  state.add(it.get());
                }
              })) {
        work.run(state, results);
        results.finish();
      } catch (IOException | RuntimeException failed) {
        try {
          state.breakOff();
        } catch (IOException unsaved) {
          failed.addSuppressed(unsaved);
        }
        throw failed;
      }
      state.complete();
    }
  }

  /** Counts a file, and tells whether it is one that a bucket can have: whole, of a short name. */
  boolean isMovable(LocalFile file) {
    tally.found(file.bytes());
    if (file.isUnfinished()) {
      tally.unfinished.add(file.path());
      return false;
    }
    if (layout.file(file.path()).getBytes(StandardCharsets.UTF_8).length > MOST_KEY) {
      tally.tooLong.add(file.path());
      return false;
    }
    return true;
  }
}
