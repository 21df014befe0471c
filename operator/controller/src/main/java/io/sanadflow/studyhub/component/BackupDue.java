package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.model.Hub;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a hub has to be looked at again, though nothing is heard of it: a CronJob that was deleted
 * says nothing.
 */
public final class BackupDue {

  /** A store that did not work is tried again, which is no event either. */
  private static final Duration LOOKED_AT = Duration.ofMinutes(5);

  private BackupDue() {}

  /** A time, or what is sooner: that until the hub's backup is overdue, or until the next look. */
  public static Duration sooner(Duration time, Hub hub, Observed observed) {
    return Stream.concat(
            hub.backsUp() ? Stream.of(time, LOOKED_AT) : Stream.of(time),
            in(hub, observed).stream())
        .min(Comparator.naturalOrder())
        .orElse(time);
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
