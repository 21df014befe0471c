package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupStatus;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.backup.Verification;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statuses of StudyHubBackups: made, and read again. */
public final class BackupStatuses {

  /** The condition of everything that is done once. */
  static final String SUCCEEDED = "Succeeded";

  /** Unknown until it has ended; then for good. */
  enum Outcome {
    TRUE("True"),
    FALSE("False"),
    RUNS("Unknown"),
    /** Neither ended nor on its way: somebody has to act. */
    WAITS("Unknown");

    private final String status;

    Outcome(String status) {
      this.status = status;
    }
  }

  private BackupStatuses() {}

  /** The status of a backup that the store has. */
  static StudyHubBackupStatus of(Entry entry, StudyHubBackup backup) {
    boolean whole = entry.verification() != Verification.INCOMPLETE;
    return status(
        backup,
        whole ? Outcome.TRUE : Outcome.FALSE,
        whole ? "Stored" : "Incomplete",
        whole
            ? words(entry.verification())
            : "its manifest is in the store, its content is missing or of another length; nothing"
                + " can be restored from it, and the next backup does not need it",
        entry.time(),
        Optional.of(entry));
  }

  private static String words(Verification verification) {
    return switch (verification) {
      case RESTORED -> "it is in the store, and was restored with equal counts";
      case FAILED -> "it is in the store, but a restore of it failed; see status.backup of the hub";
      default -> "it is in the store, which has what was sent";
    };
  }

  /** The status of a run that failed. */
  static StudyHubBackupStatus failed(Report report, StudyHubBackup backup) {
    return status(
        backup,
        Outcome.FALSE,
        report.reason(),
        report.message(),
        report.finished(),
        Optional.empty());
  }

  /**
   * A whole status.
   *
   * @param now since when, if the condition was another before
   */
  static StudyHubBackupStatus status(
      StudyHubBackup backup,
      Outcome outcome,
      String reason,
      String message,
      Instant now,
      Optional<Entry> entry) {
    long generation = Optional.ofNullable(backup.getMetadata().getGeneration()).orElse(1L);
    List<Condition> conditions = new ArrayList<>();
    conditions.add(condition(backup, generation, SUCCEEDED, outcome.status, now, reason, message));
    // kstatus: what is under way, and what needs help, is said by these being there.
    if (outcome == Outcome.RUNS) {
      conditions.add(
          condition(
              backup, generation, ConditionType.RECONCILING.text(), "True", now, reason, message));
    } else if (outcome != Outcome.TRUE) {
      conditions.add(
          condition(
              backup, generation, ConditionType.STALLED.text(), "True", now, reason, message));
    }
    return new StudyHubBackupStatus(
        generation,
        List.copyOf(conditions),
        entry.map(Entry::key).orElse(null),
        entry.map(it -> Backups.size(it.bytes())).orElse(null),
        entry.map(it -> seconds(it.time())).orElse(null),
        entry.map(it -> Backups.duration(it.seconds())).orElse(null),
        entry.map(it -> ReportCodec.word(it.verification())).orElse(null));
  }

  private static Condition condition(
      StudyHubBackup backup,
      long generation,
      String type,
      String status,
      Instant now,
      String reason,
      String message) {
    String since =
        find(backup.getStatus(), type)
            .filter(it -> it.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> seconds(now));
    return new Condition(type, status, generation, since, reason, message);
  }

  /** The same status with what is newly known of how far the backup is proven. */
  static StudyHubBackupStatus proven(StudyHubBackupStatus status, Verification verification) {
    return new StudyHubBackupStatus(
        status.observedGeneration(),
        status.conditions(),
        status.key(),
        status.size(),
        status.time(),
        status.duration(),
        ReportCodec.word(verification));
  }

  /** Whether it has succeeded or failed, either of which is for good. */
  public static boolean ended(StudyHubBackup backup) {
    return is(backup, "True") || is(backup, "False");
  }

  /** Whether its condition Succeeded has this status. */
  static boolean is(StudyHubBackup backup, String status) {
    return find(backup.getStatus(), SUCCEEDED).filter(it -> it.status().equals(status)).isPresent();
  }

  /** Since when its condition Succeeded is as it is. */
  static Optional<Instant> since(StudyHubBackupStatus status) {
    return find(status, SUCCEEDED).flatMap(it -> instant(it.lastTransitionTime()));
  }

  private static Optional<Condition> find(@Nullable StudyHubBackupStatus status, String type) {
    return Optional.ofNullable(status)
        .map(StudyHubBackupStatus::conditions)
        .orElse(List.of())
        .stream()
        .filter(it -> it.type().equals(type))
        .findFirst();
  }

  /** A time of a status or of metadata; empty for what is none. */
  static Optional<Instant> instant(@Nullable String time) {
    try {
      return Optional.ofNullable(time).map(Instant::parse);
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  /** The same object with a status, in a copy that shares the rest. */
  public static StudyHubBackup with(StudyHubBackup backup, StudyHubBackupStatus status) {
    StudyHubBackup copy = new StudyHubBackup();
    copy.setMetadata(new ObjectMetaBuilder(backup.getMetadata()).build());
    copy.setSpec(backup.getSpec());
    copy.setStatus(status);
    return copy;
  }

  /** A person's backup whose StudyHub is not there. */
  public static StudyHubBackupStatus hubMissing(StudyHubBackup backup, Instant now) {
    return status(
        backup,
        Outcome.WAITS,
        "HubMissing",
        "spec.hubRef.name: there is no StudyHub "
            + backup.getSpec().hubRef().name()
            + " in namespace "
            + backup.getMetadata().getNamespace()
            + "; create it, or name one that is there in another StudyHubBackup",
        now,
        Optional.empty());
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
