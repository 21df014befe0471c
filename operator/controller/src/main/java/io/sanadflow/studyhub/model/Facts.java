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
   * @param media where the media are whose volume it is: a value of {@link Labels#MEDIA}
   */
  record Volume(long bytes, Optional<String> className, Optional<String> media) {

    /** Whether it is that of media which have moved to a bucket, and with the app. */
    boolean inBucket() {
      return media.filter(Labels.IN_BUCKET::equals).isPresent();
    }

    /**
     * Whether it is that of media which have moved to a bucket, and which the gateway gives out.
     */
    boolean behindGateway() {
      return media.filter(Labels.BEHIND_GATEWAY::equals).isPresent();
    }
  }

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
