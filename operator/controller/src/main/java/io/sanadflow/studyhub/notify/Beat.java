package io.sanadflow.studyhub.notify;

import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Heartbeat;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A signal to a heartbeat monitor: that a backup is good, or that one failed.
 *
 * @param time of the backup, or of the failure
 */
record Beat(boolean good, Instant time) {

  /** What the monitor is told next: the oldest that it does not know. */
  static Optional<Beat> next(
      Heartbeat told, @Nullable String lastSuccess, @Nullable String lastFailure) {
    return Stream.of(
            instant(lastSuccess)
                .filter(it -> newer(it, told.toldSuccess()))
                .map(it -> new Beat(true, it)),
            instant(lastFailure)
                .filter(it -> newer(it, told.toldFailure()))
                .map(it -> new Beat(false, it)))
        .flatMap(Optional::stream)
        .min(Comparator.comparing(Beat::time));
  }

  private static boolean newer(Instant time, @Nullable String told) {
    return instant(told).filter(it -> !time.isAfter(it)).isEmpty();
  }

  private static Optional<Instant> instant(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }

  /** The same at each attempt. */
  String id() {
    return (good ? "good " : "failed ") + time;
  }

  /** What the monitor knows once it has this. */
  Heartbeat told(Heartbeat before, @Nullable String sent) {
    return new Heartbeat(
        good ? time.toString() : before.toldSuccess(),
        good ? before.toldFailure() : time.toString(),
        sent == null ? before.lastSent() : sent,
        sent == null ? before.lastError() : null,
        sent == null ? before.failingSince() : null);
  }

  /**
   * Whether a service has a signal for failures, which is the address with /fail after it:
   * Healthchecks (hc-ping.com/ID, and /ping/ID where people run it themselves) and Better Stack
   * (/heartbeat/ID). Others, as UptimeRobot, notice that the good one does not come.
   */
  static boolean hasFail(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    String path = String.valueOf(uri.getPath());
    return host.equals("hc-ping.com")
        || host.endsWith(".hc-ping.com")
        || path.contains("/ping/")
        || path.contains("/heartbeat/");
  }
}
