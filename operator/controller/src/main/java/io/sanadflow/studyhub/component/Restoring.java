package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.model.Hub;
import java.util.Optional;
import java.util.Set;

/**
 * What a hub's restores ask of its parts.
 *
 * @param health how the restore that runs, or the one that is lacking, fares
 * @param stopsApp whether the app and its migration must not run, since data are being swapped
 * @param waits whether the database is new and waits for the backup that it is to start from: the
 *     app does not start, and nothing is backed up
 * @param restored the id of the newest restore that has succeeded; empty for none
 * @param jobs the Jobs of the hub's own that clean up after restores that were deleted
 * @param from the object store that the restore under way names for itself, if it does
 */
public record Restoring(
    Optional<Health> health,
    boolean stopsApp,
    boolean waits,
    String restored,
    Set<ObjectKey> jobs,
    Optional<Hub.ObjectStore> from) {

  /** No restore runs or ever ran. */
  public static final Restoring NONE =
      new Restoring(Optional.empty(), false, false, "", Set.of(), Optional.empty());

  /** Whether no backup may be made: what the hub has is not what it is to have. */
  public boolean holdsBackups() {
    return stopsApp || waits;
  }
}
