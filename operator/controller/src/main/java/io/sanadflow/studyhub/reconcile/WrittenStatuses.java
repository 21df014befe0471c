package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statuses that were written last, since a visit may come before the cache has them: compared
 * with an older one, a status that has gone back to what it was would never be written.
 */
final class WrittenStatuses {

  /**
   * A status.
   *
   * @param onTopOf the version of the StudyHub that it was written for
   */
  private record Written(String onTopOf, StudyHubStatus status) {}

  private final Map<String, Written> written = new ConcurrentHashMap<>();

  /** The status that the server has, as far as is known. */
  Optional<StudyHubStatus> of(StudyHub hub) {
    Written last = written.get(hub.getMetadata().getUid());
    return last != null && last.onTopOf().equals(hub.getMetadata().getResourceVersion())
        ? Optional.of(last.status())
        : Optional.ofNullable(hub.getStatus());
  }

  /** Notes what is about to be written for this version of a StudyHub. */
  void write(StudyHub hub, StudyHubStatus status) {
    written.put(
        hub.getMetadata().getUid(), new Written(hub.getMetadata().getResourceVersion(), status));
  }

  /** What was about to be written for a hub may not have been, or the hub is gone. */
  void forget(StudyHub hub) {
    written.remove(hub.getMetadata().getUid());
  }
}
