package io.sanadflow.studyhub.model;

import java.util.Optional;
import java.util.Set;

/** What a spec is checked against, beyond itself. */
public interface Facts {

  /** The keys of a Secret of the hub's namespace, or empty where there is no such Secret. */
  Optional<Set<String>> secretKeys(String secret);

  /** A volume claim that exists already. */
  Optional<Volume> volume(String claim);

  /**
   * A claim that is there.
   *
   * @param bytes the size that it asks for
   * @param inBucket whether it is that of media which have moved to a bucket
   */
  record Volume(long bytes, Optional<String> className, boolean inBucket) {}

  /** Nothing exists yet and every Secret that is named will be there: for rendering alone. */
  Facts NONE =
      new Facts() {
        @Override
        public Optional<Set<String>> secretKeys(String secret) {
          return Optional.of(Set.of());
        }

        @Override
        public Optional<Volume> volume(String claim) {
          return Optional.empty();
        }
      };
}
