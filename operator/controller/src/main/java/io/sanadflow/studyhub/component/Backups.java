package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupStatus;
import io.sanadflow.studyhub.backup.BackupType;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the StudyHubBackups of a hub tell, and how figures of backups are written. */
public final class Backups {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private static final Pattern SIZE = Pattern.compile("([0-9.]+) (B|KiB|MiB|GiB|TiB)");

  private Backups() {}

  /** When the newest good backup of a type was made. */
  public static Optional<Instant> newest(Observed observed, BackupType type) {
    return newestStatus(observed, type).map(StudyHubBackupStatus::time).map(Instant::parse);
  }

  /** The status of the newest good backup of a type. */
  public static Optional<StudyHubBackupStatus> newestStatus(Observed observed, BackupType type) {
    return newestStatus(observed.backups(), type);
  }

  /** The same, among these. */
  public static Optional<StudyHubBackupStatus> newestStatus(
      List<StudyHubBackup> backups, BackupType type) {
    return backups.stream()
        .filter(it -> it.getSpec() != null && it.getSpec().type().name().equals(type.name()))
        .filter(Backups::good)
        .map(it -> it.getStatus())
        .max(Comparator.comparing(it -> Instant.parse(it.time())));
  }

  private static boolean good(StudyHubBackup backup) {
    StudyHubBackupStatus status = backup.getStatus();
    return status != null
        && status.time() != null
        && status.conditions() != null
        && status.conditions().stream()
            .anyMatch(it -> it.type().equals("Succeeded") && it.status().equals("True"))
        && !"Failed".equals(status.verification())
        && !"Incomplete".equals(status.verification());
  }

  /** A number of bytes for people, such as 12.3 MiB. */
  public static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  /** A number of seconds for people, such as 42s, 3m12s or 2h5m. */
  public static String duration(long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    if (seconds < 60) {
      return seconds + "s";
    }
    return seconds < 3600
        ? time.toMinutes() + "m" + time.toSecondsPart() + "s"
        : time.toHours() + "h" + time.toMinutesPart() + "m";
  }

  /** The number of bytes that {@link #size} wrote, to the digits that it wrote. */
  public static Optional<Double> bytes(String size) {
    Matcher read = SIZE.matcher(size);
    return read.matches()
        ? Optional.of(
            Double.parseDouble(read.group(1))
                * Math.pow(1024, List.of(UNITS).indexOf(read.group(2))))
        : Optional.empty();
  }
}
