package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupStatus;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.component.BackupStatuses.Outcome;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The backups that people ask for by a StudyHubBackup: which are due, and what became of them. */
final class AskedBackups {

  private final Hub hub;
  private final Observed observed;
  private final List<Ended> ended;
  private final Optional<String> trouble;

  /**
   * Looks at what is there.
   *
   * @param ended newest first
   * @param trouble what keeps the operator from acting on the hub at all
   */
  AskedBackups(Hub hub, Observed observed, List<Ended> ended, Optional<String> trouble) {
    this.hub = hub;
    this.observed = observed;
    this.ended = ended;
    this.trouble = trouble;
  }

  /** Those for which a Job is due or runs. */
  static List<StudyHubBackup> wanted(Hub hub, Observed observed) {
    return observed.backups().stream()
        .filter(it -> !Labels.ours(it) && it.getMetadata().getDeletionTimestamp() == null)
        .filter(it -> !BackupStatuses.ended(it) && possible(hub, it))
        .toList();
  }

  /** Whether the hub can make it: a base backup is of no use without the log that follows. */
  private static boolean possible(Hub hub, StudyHubBackup backup) {
    return backup.getSpec().type() != StudyHubBackupSpec.Type.BASE
        || hub.backup().map(Hub.Backup::wal).orElse(true);
  }

  /** What became of one. */
  StudyHubBackupStatus status(StudyHubBackup backup, Map<String, Entry> entries) {
    if (BackupStatuses.ended(backup)) {
      StudyHubBackupStatus status = backup.getStatus();
      Optional<Entry> entry = Optional.ofNullable(status.key()).map(entries::get);
      return entry.map(it -> BackupStatuses.proven(status, it.verification())).orElse(status);
    }
    Optional<Job> job = observed.job(BackupComponent.onDemandName(hub, backup));
    return job.map(it -> ran(backup, it)).orElseGet(() -> waits(backup));
  }

  private StudyHubBackupStatus ran(StudyHubBackup backup, Job job) {
    String name = job.getMetadata().getName();
    Optional<Report> report =
        ended.stream().filter(it -> it.job().equals(name)).findFirst().map(Ended::report);
    if (report.filter(Report::succeeded).isPresent()) {
      return reported(backup, Outcome.TRUE, "Succeeded", report.get());
    }
    if (Workloads.is(job, "Complete")) {
      return told(backup, Outcome.TRUE, "Succeeded", "it is in the store");
    }
    if (Workloads.is(job, "Failed")) {
      return report
          .map(it -> reported(backup, Outcome.FALSE, it.reason(), it))
          .orElseGet(() -> told(backup, Outcome.FALSE, "JobFailed", "Job " + name + " failed"));
    }
    List<Pod> pods =
        observed.pods(AgentPods.COMPONENT).stream()
            .filter(
                it -> name.equals(it.getMetadata().getLabels().get("batch.kubernetes.io/job-name")))
            .toList();
    return Workloads.trouble(pods)
        .map(it -> told(backup, Outcome.WAITS, it.reason(), it.message()))
        .orElseGet(() -> told(backup, Outcome.RUNS, "Running", "Job " + name + " makes it"));
  }

  private StudyHubBackupStatus reported(
      StudyHubBackup backup, Outcome outcome, String reason, Report report) {
    Optional<Entry> made =
        report.made().stream()
            .filter(it -> it.type().name().equals(backup.getSpec().type().name()))
            .findFirst();
    return BackupStatuses.status(
        backup, outcome, reason, report.message(), report.finished(), made);
  }

  private StudyHubBackupStatus waits(StudyHubBackup backup) {
    String name = hub.names().hub();
    if (!possible(hub, backup)) {
      return told(
          backup,
          Outcome.FALSE,
          "NoArchive",
          "spec.type: a base backup needs the write-ahead log that follows it, which StudyHub "
              + name
              + " does not archive; set its spec.backup.wal.enabled (a database elsewhere has"
              + " none), or ask for a Dump");
    }
    if (trouble.isPresent()) {
      return told(
          backup,
          Outcome.WAITS,
          "HubStalled",
          "StudyHub " + name + " cannot be acted on: " + trouble.get());
    }
    if (!hub.backsUp()) {
      return told(
          backup,
          Outcome.WAITS,
          "NoPlace",
          "StudyHub "
              + name
              + " has no place for backups; give it spec.objectStore or"
              + " spec.backup.localVolume");
    }
    if (hub.suspended()) {
      return told(
          backup,
          Outcome.WAITS,
          "HubSuspended",
          "StudyHub "
              + name
              + " is suspended, and its database with it; set spec.suspend to false");
    }
    if (!BackupComponent.proven(hub, observed)) {
      return BackupHealth.refused(hub, observed)
          .map(it -> told(backup, Outcome.WAITS, it.reason(), it.message()))
          .orElseGet(
              () ->
                  told(
                      backup,
                      Outcome.RUNS,
                      "StoreNotTriedYet",
                      "waits until the object store was tried"));
    }
    return told(backup, Outcome.RUNS, "Pending", "its Job is about to be made");
  }

  private StudyHubBackupStatus told(
      StudyHubBackup backup, Outcome outcome, String reason, String message) {
    return BackupStatuses.status(
        backup, outcome, reason, message, observed.now(), Optional.empty());
  }
}
