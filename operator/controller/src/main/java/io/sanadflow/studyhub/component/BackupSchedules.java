package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The CronJobs of a hub: backups, drills, the log, and what retention would delete. */
final class BackupSchedules {

  private BackupSchedules() {}

  static List<CronJob> of(
      Hub hub, Material material, Observed observed, boolean proven, boolean first) {
    Hub.Backup backup = hub.backup().orElseThrow();
    List<CronJob> schedules = new ArrayList<>();
    Map<String, String> known = new TreeMap<>();
    if (proven) {
      known.put(Labels.PROVEN, BackupComponent.place(hub, observed));
    }
    if (first) {
      known.put(Labels.FIRST_BACKUP, BackupComponent.firstOf(hub, observed));
    }
    boolean stopped = hub.suspended() || !proven || observed.restoring().holdsBackups();
    schedules.add(
        cron(
            hub,
            hub.names().backup(),
            "backup",
            backup.schedule().times().toString(),
            Optional.of(backup.schedule().zone().getId()),
            stopped || backup.schedule().suspended(),
            known,
            BackupComponent.pods(hub, material, observed).backup(BackupComponent.everything(hub))));
    schedules.add(
        cron(
            hub,
            hub.names().drill(),
            "drill",
            backup.drill().times().toString(),
            Optional.of(backup.drill().zone().getId()),
            stopped || backup.drill().suspended(),
            Map.of(),
            BackupComponent.pods(hub, material, observed).drill()));
    // For `kubectl create job --from`: what a run would delete can be seen before it does.
    schedules.add(
        cron(
            hub,
            hub.names().prune(),
            "prune",
            backup.schedule().times().toString(),
            Optional.of(backup.schedule().zone().getId()),
            true,
            Map.of(),
            BackupComponent.pods(hub, material, observed).prune()));
    if (backup.wal() && DatabaseComponent.archives(hub, material, observed)) {
      schedules.add(
          cron(
              hub,
              hub.names().wal(),
              "wal",
              everyQuarter(hub),
              Optional.empty(),
              stopped,
              Map.of(),
              BackupComponent.pods(hub, material, observed).wal()));
    }
    return schedules;
  }

  /** Every quarter of an hour, each hub at minutes of its own. */
  private static String everyQuarter(Hub hub) {
    int minute =
        Math.floorMod(Metadata.hash(hub.names().namespace(), hub.names().hub()).hashCode(), 15);
    return "%d,%d,%d,%d * * * *".formatted(minute, minute + 15, minute + 30, minute + 45);
  }

  /** A CronJob of an agent. */
  static CronJob cron(
      Hub hub,
      String name,
      String run,
      String schedule,
      Optional<String> zone,
      boolean suspended,
      Map<String, String> annotations,
      JobSpec spec) {
    return new CronJobBuilder()
        .withMetadata(
            Metadata.owned(hub, name, AgentPods.COMPONENT).withAnnotations(annotations).build())
        .withNewSpec()
        .withSchedule(schedule)
        .withTimeZone(zone.orElse(null))
        .withSuspend(suspended)
        .withConcurrencyPolicy("Forbid")
        // After a night without power the backup is made up for; one that is older is not.
        .withStartingDeadlineSeconds(
            run.equals("wal") || run.equals(MediaPlace.RUN) ? 600L : 43_200L)
        .withSuccessfulJobsHistoryLimit(1)
        .withFailedJobsHistoryLimit(1)
        .withNewJobTemplate()
        .withNewMetadata()
        .withLabels(AgentPods.labels(hub, run))
        .endMetadata()
        .withSpec(spec)
        .endJobTemplate()
        .endSpec()
        .build();
  }
}
