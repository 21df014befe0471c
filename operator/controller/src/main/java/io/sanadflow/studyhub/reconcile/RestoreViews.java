package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreSpec;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.AgentRuns;
import io.sanadflow.studyhub.component.AppComponent;
import io.sanadflow.studyhub.component.MigrationComponent;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.component.RestoreView.Hindrance;
import io.sanadflow.studyhub.component.RestoreView.Run;
import io.sanadflow.studyhub.component.Workloads;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.RestoreNames;
import io.sanadflow.studyhub.model.RestoreNames.Step;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What is read of the cluster for a restore's next step. */
final class RestoreViews {

  private RestoreViews() {}

  /** What became of the restore's Jobs. */
  static Map<Step, Run> runs(RestoreNames names, Observed observed) {
    Map<Step, Run> runs = new EnumMap<>(Step.class);
    for (Step step : Step.values()) {
      observed
          .job(names.job(step))
          .ifPresent(
              job -> {
                Optional<Report> report =
                    observed.ended().stream()
                        .filter(it -> it.job().equals(names.job(step)))
                        .map(AgentRuns.Ended::report)
                        .findFirst();
                runs.put(step, new Run(state(job, report), report));
              });
    }
    return runs;
  }

  private static Run.State state(Job job, Optional<Report> report) {
    if (Workloads.is(job, "Failed")) {
      return Run.State.FAILED;
    }
    if (!Workloads.is(job, "Complete")) {
      return Run.State.RUNNING;
    }
    // The pod's last word may come to the cache after the Job's; a pod that is gone has none.
    return report.isPresent() ? Run.State.SUCCEEDED : Run.State.RUNNING;
  }

  /** Whether a backup of the hub is being made. */
  static boolean backupRuns(Observed observed) {
    return observed.objects().values().stream()
        .filter(Job.class::isInstance)
        .map(Job.class::cast)
        .filter(it -> "backup".equals(it.getMetadata().getLabels().get(Labels.RUN)))
        .anyMatch(it -> !Workloads.is(it, "Complete") && !Workloads.is(it, "Failed"));
  }

  /** Whether the app is stopped: its Deployment wants no pod, and none is left. */
  static boolean appGone(Hub hub, Observed observed) {
    boolean wanted = observed.deployment(hub.names().app()).isPresent() && !stopped(hub, observed);
    return !wanted && observed.pods().stream().noneMatch(RestoreViews::writes);
  }

  /** Whether the app's Deployment is there and wants no pod for a restore's sake. */
  static boolean stopped(Hub hub, Observed observed) {
    return observed
        .annotation(new ObjectKey("Deployment", hub.names().app()), Labels.STOPPED)
        .isPresent();
  }

  private static boolean writes(Pod pod) {
    String part = pod.getMetadata().getLabels().get(Labels.COMPONENT);
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return (AppComponent.NAME.equals(part) || MigrationComponent.NAME.equals(part))
        && !"Succeeded".equals(phase)
        && !"Failed".equals(phase);
  }

  /** Why a restore cannot begin, but for others that are under way. */
  static Optional<Hindrance> hindrance(Hub hub, Observed observed, StudyHubRestore restore) {
    if (hub.database().external().isPresent()) {
      return forGood(
          "ExternalDatabase",
          "the hub's database is elsewhere ("
              + hub.database().external().get().host()
              + "), where the operator replaces nothing; load the dump there with pg_restore");
    }
    Optional<Hindrance> unusable = moment(restore.getSpec()).or(() -> backup(observed, restore));
    if (unusable.isPresent()) {
      return unusable;
    }
    if (!hub.backsUp() && restore.getSpec().objectStore() == null) {
      return waits(
          "NoObjectStore",
          "the hub has no spec.objectStore and no spec.backup.localVolume; give it the one that"
              + " the backup is in, or name it in spec.objectStore of another StudyHubRestore");
    }
    if (hub.suspended()) {
      return waits("Suspended", "the hub is suspended; set spec.suspend to false");
    }
    if (observed.report().database().filter(it -> it.ok()).isEmpty()) {
      return waits("DatabaseNotReady", "waits for the database to answer");
    }
    return backupRuns(observed)
        ? waits("BackupRuns", "waits for the backup that runs to end")
        : Optional.empty();
  }

  private static Optional<Hindrance> moment(StudyHubRestoreSpec spec) {
    if (spec.at() == null) {
      return Optional.empty();
    }
    try {
      instant(spec.at());
      return Optional.empty();
    } catch (DateTimeParseException bad) {
      return forGood(
          "InvalidMoment",
          "spec.at: "
              + spec.at()
              + " is no moment; write it as 2026-11-24T02:00:00Z or with an offset such as +08:00");
    }
  }

  /** A moment of RFC 3339. */
  static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  /** The StudyHubBackup that a restore names. */
  static Optional<StudyHubBackup> named(Observed observed, StudyHubRestore restore) {
    return Optional.ofNullable(restore.getSpec().backupRef())
        .flatMap(
            ref ->
                observed.backups().stream()
                    .filter(it -> it.getMetadata().getName().equals(ref.name()))
                    .findFirst());
  }

  private static Optional<Hindrance> backup(Observed observed, StudyHubRestore restore) {
    if (restore.getSpec().backupRef() == null) {
      return Optional.empty();
    }
    String name = restore.getSpec().backupRef().name();
    Optional<StudyHubBackup> backup = named(observed, restore);
    if (backup.isEmpty()) {
      return waits(
          "BackupMissing",
          "spec.backupRef: this hub has no StudyHubBackup "
              + name
              + "; kubectl get studyhubbackups lists those that there are");
    }
    if (backup.get().getSpec().type() == StudyHubBackupSpec.Type.BASE) {
      return forGood(
          "BackupNotUsable",
          "spec.backupRef: "
              + name
              + " is a base backup, which is restored to a moment: give at: in its place");
    }
    String succeeded =
        Optional.ofNullable(backup.get().getStatus())
            .map(it -> it.conditions())
            .flatMap(it -> it.stream().filter(one -> one.type().equals("Succeeded")).findFirst())
            .map(Condition::status)
            .orElse("Unknown");
    if (succeeded.equals("False")) {
      return forGood(
          "BackupNotUsable", "spec.backupRef: " + name + " did not succeed; name another");
    }
    if (succeeded.equals("True") && backup.get().getStatus().key() == null) {
      return forGood(
          "BackupNotUsable",
          "spec.backupRef: "
              + name
              + " is in the store, but what its run reported of it was lost; name another, or give"
              + " latest: true or at: in its place");
    }
    return succeeded.equals("True")
        ? Optional.empty()
        : waits("BackupRuns", "spec.backupRef: " + name + " is not made yet");
  }

  private static Optional<Hindrance> forGood(String reason, String message) {
    return Optional.of(new Hindrance(true, reason, message));
  }

  private static Optional<Hindrance> waits(String reason, String message) {
    return Optional.of(new Hindrance(false, reason, message));
  }
}
