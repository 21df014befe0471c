package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The CronJobs of a hub: backups, drills, the log, and what retention would delete. */
final class BackupSchedules {

  private static final int USUAL_MINUTES = 15;

  private static final List<Integer> SPARING_MINUTES = List.of(60, 30);

  private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,9})(s|min)?");

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
              times(hub, observed),
              Optional.empty(),
              stopped,
              Map.of(),
              BackupComponent.pods(hub, material, observed).wal()));
    }
    return schedules;
  }

  /** Each hub at minutes of its own. */
  private static String times(Hub hub, Observed observed) {
    int every = minutes(hub, observed);
    int minute =
        Math.floorMod(Metadata.hash(hub.names().namespace(), hub.names().hub()).hashCode(), 15);
    return IntStream.range(0, 60 / every)
            .mapToObj(it -> String.valueOf(minute + it * every))
            .collect(Collectors.joining(","))
        + " * * * *";
  }

  /**
   * Minutes between two pushes of log: fewer requests where they are to be spared, but never so few
   * that more than the RPO could be lost with the volume, nor where log may fill the volume.
   */
  private static int minutes(Hub hub, Observed observed) {
    boolean full =
        BackupFindings.of(hub, observed).stream()
            .anyMatch(it -> it.reason().equals(BackupFindings.VOLUME_NEARLY_FULL));
    if (full || !Spending.sparing(hub, observed)) {
      return USUAL_MINUTES;
    }
    Duration rpo = hub.backup().orElseThrow().rpo();
    return segment(hub)
        .flatMap(
            segment ->
                SPARING_MINUTES.stream()
                    .filter(it -> segment.plusMinutes(it).compareTo(rpo) <= 0)
                    .findFirst())
        .orElse(USUAL_MINUTES);
  }

  /** How long log may wait for its segment to end; empty if there is no end, or who knows when. */
  private static Optional<Duration> segment(Hub hub) {
    Matcher timeout =
        TIMEOUT.matcher(hub.database().parameters().getOrDefault("archive_timeout", "0"));
    if (!timeout.matches()) {
      return Optional.empty();
    }
    long seconds = Long.parseLong(timeout.group(1)) * ("min".equals(timeout.group(2)) ? 60 : 1);
    return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
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
