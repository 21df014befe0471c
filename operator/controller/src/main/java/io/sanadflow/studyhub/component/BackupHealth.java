package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.api.v1alpha1.Durations;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus.Finding;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.component.Workloads.Trouble;
import io.sanadflow.studyhub.model.Hub;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether backups are made, new enough, and proven: the first thing that is not is told. */
public final class BackupHealth {

  /** How long a new hub, or a new bucket, may be without any backup. */
  static final Duration FIRST_WITHIN = Duration.ofHours(1);

  /** The state of a store in the status of the hub, where all is well. */
  public static final String WORKS = "Works";

  private BackupHealth() {}

  static Optional<Health> of(Hub hub, Observed observed) {
    if (hub.backup().isEmpty()) {
      return Optional.empty();
    }
    return all(hub, observed).stream()
        .findFirst()
        .or(() -> hub.backsUp() ? untried(hub, observed) : Optional.empty());
  }

  /** All that is wrong with backups, the worst first. */
  public static List<Health> all(Hub hub, Observed observed) {
    if (hub.backup().isEmpty()) {
      return List.of();
    }
    if (!hub.backsUp()) {
      return List.of(
          lacks(
              "NoPlaceForBackups",
              "spec.backup has no place for backups, so none are made; name a bucket in"
                  + " spec.objectStore, or a volume in spec.backup.localVolume"));
    }
    List<Finding> findings = BackupFindings.of(hub, observed);
    List<Health> all = new ArrayList<>();
    // What stops the database before long comes before what would be missed one day.
    first(findings, it -> it.equals(BackupFindings.VOLUME_NEARLY_FULL)).ifPresent(all::add);
    ArchiveHealth.of(hub, observed).ifPresent(all::add);
    refused(hub, observed)
        .map(it -> lacks("Store" + it.reason(), "the object store: " + it.message()))
        .ifPresent(all::add);
    first(findings, it -> it.equals(BackupFindings.BACKUP_FAILED)).ifPresent(all::add);
    if (!hub.suspended()) {
      overdue(hub, observed).ifPresent(all::add);
    }
    findings.forEach(it -> all.add(lacks(it.reason(), String.valueOf(it.message()))));
    slow(hub, observed).ifPresent(all::add);
    return List.copyOf(all);
  }

  private static Optional<Health> first(List<Finding> findings, Predicate<String> reason) {
    return findings.stream()
        .filter(it -> reason.test(it.reason()))
        .findFirst()
        .map(it -> lacks(it.reason(), String.valueOf(it.message())));
  }

  /** What the store said when it was tried last and did not work, be the try's pod gone. */
  static Optional<Trouble> refused(Hub hub, Observed observed) {
    if (hub.objectStore().isEmpty()) {
      return Optional.empty();
    }
    Optional<Ended> tried =
        observed.ended().stream()
            .filter(it -> it.job().equals(BackupComponent.probeName(hub, observed)))
            .findFirst();
    Optional<StudyHubStatus.ObjectStore> told = observed.told().map(StudyHubStatus::objectStore);
    Optional<Instant> when = told.flatMap(it -> BackupStatuses.instant(it.probeTime()));
    if (tried.isPresent() && when.filter(it -> !tried.get().newerThan(it)).isEmpty()) {
      return tried
          .map(Ended::report)
          .filter(it -> !it.succeeded())
          .map(it -> new Trouble(it.reason(), it.message()));
    }
    return when.isEmpty()
        ? Optional.empty()
        : told.filter(it -> !WORKS.equals(it.state()))
            .map(it -> new Trouble(String.valueOf(it.state()), String.valueOf(it.message())));
  }

  /** Nothing is known of a store, or of one whose Secrets have changed, until it was tried. */
  private static Optional<Health> untried(Hub hub, Observed observed) {
    return hub.suspended() || BackupComponent.proven(hub, observed)
        ? Optional.empty()
        : Optional.of(
            new Health(
                Optional.empty(),
                Serving.UNKNOWN,
                Phase.PROGRESSING,
                "TriesStore",
                "the object store is tried before it is trusted with backups"));
  }

  /** That no backup is made is noticed here, whatever became of the CronJob. */
  private static Optional<Health> overdue(Hub hub, Observed observed) {
    Hub.Backup backup = hub.backup().orElseThrow();
    Optional<Instant> last = Backups.newest(observed, BackupType.DUMP);
    if (last.isEmpty()) {
      return since(hub, observed)
          .filter(it -> it.plus(FIRST_WITHIN).isBefore(observed.now()))
          .map(
              it ->
                  lacks(
                      "NoBackup",
                      "there is no backup of this hub since "
                          + it
                          + (backup.schedule().suspended()
                              ? "; spec.backup.suspend is true: set it to false"
                              : "; kubectl get jobs,pods -l sanadflow.io/hub="
                                  + hub.names().hub()
                                  + " tells what keeps it")));
    }
    return due(backup, last.get())
        .filter(it -> it.isBefore(observed.now()))
        .map(
            it ->
                lacks(
                    "BackupOverdue",
                    "the newest backup is of "
                        + last.get()
                        + ", older than spec.backup.rpo ("
                        + Durations.text(backup.rpo())
                        + ") or than two of its schedule; "
                        + skipped(backup.schedule(), last.get(), observed.now())
                        + (backup.schedule().suspended()
                            ? "spec.backup.suspend is true: set it to false"
                            : "kubectl get jobs,cronjobs -l sanadflow.io/hub="
                                + hub.names().hub()
                                + " tells what keeps the next")));
  }

  /** Since when backups are wanted: the age of their CronJob. */
  static Optional<Instant> since(Hub hub, Observed observed) {
    return observed
        .cronJob(hub.names().backup())
        .map(it -> it.getMetadata().getCreationTimestamp())
        .map(Instant::parse);
  }

  /** Why there was none on the day on which clocks went forward, if that is why. */
  private static String skipped(Hub.Schedule schedule, Instant last, Instant now) {
    return schedule
        .times()
        .skipped(last, now, schedule.zone())
        .map(
            it ->
                "the clocks of %s skipped %s to %s on %s, and with it a time of spec.backup.schedule: choose one that they never skip; "
                    .formatted(
                        schedule.zone(),
                        it.getDateTimeBefore().toLocalTime(),
                        it.getDateTimeAfter().toLocalTime(),
                        it.getDateTimeBefore().toLocalDate()))
        .orElse("");
  }

  /**
   * When a hub with this newest backup is overdue. A backup takes a while, so a tenth of the RPO,
   * at most an hour, is left to it; and the hour by which clocks go back in autumn, since a
   * schedule goes by the clocks.
   */
  static Optional<Instant> due(Hub.Backup backup, Instant last) {
    Duration tenth = backup.rpo().dividedBy(10);
    Duration grace = tenth.compareTo(FIRST_WITHIN) < 0 ? tenth : FIRST_WITHIN;
    Instant byRpo = byClock(last, backup.rpo(), backup.schedule().zone()).plus(grace);
    return backup
        .schedule()
        .next(last)
        .flatMap(backup.schedule()::next)
        .map(it -> it.plus(grace))
        .filter(it -> it.isBefore(byRpo))
        .or(() -> Optional.of(byRpo));
  }

  /** When the clocks have gone on by so much, but not before so much time is over. */
  private static Instant byClock(Instant from, Duration time, ZoneId zone) {
    Instant shown = LocalDateTime.ofInstant(from, zone).plus(time).atZone(zone).toInstant();
    Instant over = from.plus(time);
    return shown.isAfter(over) ? shown : over;
  }

  private static Optional<Health> slow(Hub hub, Observed observed) {
    Duration rto = hub.backup().orElseThrow().rto();
    return AgentRuns.newest(observed.ended(), "drill")
        .map(it -> it.report().restore())
        .map(it -> Backups.duration(it.seconds()))
        .or(
            () ->
                observed
                    .told()
                    .map(StudyHubStatus::backup)
                    .map(StudyHubStatus.Backup::lastDrill)
                    .map(StudyHubStatus.Drill::recoveryTime))
        .filter(it -> Durations.parse(it).compareTo(rto) > 0)
        .map(
            it ->
                lacks(
                    "RecoveryTooSlow",
                    "the last restore drill took "
                        + it
                        + ", longer than spec.backup.rto ("
                        + Durations.text(rto)
                        + "); give the database more CPU and memory, or allow more time"));
  }

  static Health lacks(String reason, String message) {
    return new Health(Optional.empty(), Serving.UNKNOWN, Phase.LACKING, reason, message);
  }
}
