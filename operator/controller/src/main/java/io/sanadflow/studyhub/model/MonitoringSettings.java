package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.MonitoringSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads how a hub is watched. */
final class MonitoringSettings {

  // Each probe opens connections to all parts.
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(5);
  private static final Duration MOST_INTERVAL = Duration.ofHours(1);

  private static final Duration LEAST_WINDOW = Duration.ofMinutes(1);
  private static final Duration MOST_WINDOW = Duration.ofDays(7);

  private static final double DEFAULT_TARGET = 0.995;

  private static final int MOST_DIGITS = 20;

  private MonitoringSettings() {}

  static Monitoring of(StudyHubSpec given, Reading reading) {
    MonitoringSpec spec = given.monitoring();
    if (spec == null) {
      return new Monitoring(
          Duration.ofSeconds(30),
          DEFAULT_TARGET,
          false,
          false,
          Optional.empty(),
          List.of(),
          Optional.empty());
    }
    return new Monitoring(
        reading.duration(
            "spec.monitoring.probeInterval", spec.probeInterval(), LEAST_INTERVAL, MOST_INTERVAL),
        target(spec.uptimeTarget(), reading),
        spec.statusPage().equals("Public"),
        spec.health() != null,
        Optional.ofNullable(spec.health())
            .map(MonitoringSpec.HealthEndpoint::tokenSecret)
            .map(it -> new Hub.EncryptionKey(it.name(), it.key())),
        windows(spec, reading),
        Optional.ofNullable(spec.logs()).map(it -> Logs.of(it, reading)));
  }

  /** As the schema has it; where that is not in force, what it would refuse is told here. */
  private static double target(String text, Reading reading) {
    if (text.length() <= MOST_DIGITS && text.matches(MonitoringSpec.PERCENT)) {
      return new BigDecimal(text).movePointLeft(2).doubleValue();
    }
    reading.problem(
        "spec.monitoring.uptimeTarget",
        Excerpt.of(text) + " is no percentage from 0 to 100; 99.5 would work");
    return DEFAULT_TARGET;
  }

  private static List<Monitoring.Window> windows(MonitoringSpec spec, Reading reading) {
    List<Monitoring.Window> windows = new ArrayList<>();
    for (var it : Optional.ofNullable(spec.maintenanceWindows()).orElse(List.of())) {
      String field = "spec.monitoring.maintenanceWindows[" + windows.size() + "]";
      Duration duration =
          reading.duration(field + ".duration", it.duration(), LEAST_WINDOW, MOST_WINDOW);
      CronSchedule times = CronSchedule.parse("0 2 * * *");
      try {
        times = CronSchedule.parse(it.schedule());
      } catch (IllegalArgumentException bad) {
        reading.problem(field + ".schedule", bad.getMessage());
      }
      ZoneId zone = ZoneId.of("UTC");
      if (ZoneId.getAvailableZoneIds().contains(it.timeZone())) {
        zone = ZoneId.of(it.timeZone());
      } else {
        reading.problem(
            field + ".timeZone",
            Excerpt.of(it.timeZone()) + " is no time zone; Asia/Singapore or UTC would work");
      }
      windows.add(new Monitoring.Window(new Hub.Schedule(times, zone, false), duration));
    }
    return windows;
  }
}
