package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.model.Hub;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a hub has to be looked at again, though nothing is heard of it: a CronJob that was deleted
 * says nothing.
 */
public final class BackupDue {

  private BackupDue() {}

  /** The sooner of a time and that until the hub's backup is overdue, or its store tried again. */
  public static Duration sooner(Duration time, Hub hub, Observed observed) {
    if (MediaPlace.waits(hub, observed) && time.compareTo(OffloadComponent.AGAIN) > 0) {
      return OffloadComponent.AGAIN.plusSeconds(1);
    }
    if (hub.backsUp()
        && !BackupComponent.proven(hub, observed)
        && time.compareTo(BackupComponent.PROBE_AGAIN) > 0) {
      return in(hub, observed)
          .filter(it -> it.compareTo(BackupComponent.PROBE_AGAIN) < 0)
          .orElse(BackupComponent.PROBE_AGAIN.plusSeconds(1));
    }
    return in(hub, observed).filter(it -> it.compareTo(time) < 0).orElse(time);
  }

  /** The time until the hub's backup is overdue, if it is not yet; at least a second. */
  static Optional<Duration> in(Hub hub, Observed observed) {
    if (hub.backup().isEmpty() || hub.suspended()) {
      return Optional.empty();
    }
    Optional<Instant> last = Backups.newest(observed, BackupType.DUMP);
    Stream<Instant> due =
        last.isPresent()
            ? BackupHealth.due(hub.backup().get(), last.get()).stream()
            : BackupHealth.since(hub, observed)
                .map(it -> it.plus(BackupHealth.FIRST_WITHIN))
                .stream();
    return due.filter(it -> !it.isBefore(observed.now()))
        .findFirst()
        // The condition is that the moment is past.
        .map(it -> Duration.between(observed.now(), it).plusSeconds(1));
  }
}
