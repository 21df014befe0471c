package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupSpec;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Backups: a Job that tries the object store before it is trusted, a first backup as soon as it
 * works, CronJobs for backups, write-ahead log and restore drills, and a Job for each
 * StudyHubBackup that a person makes.
 *
 * <p>That a store works, and that the first backup was made, is known from the Jobs, and later from
 * annotations on the CronJob, so that neither is done again when the Jobs are gone.
 */
public final class BackupComponent implements Component {

  /** A Job of a probe that is gone is made anew. */
  private static final Duration PROBE_KEPT = Duration.ofDays(1);

  private static final Duration PROBE_KEPT_SPARING = Duration.ofDays(7);

  /** When a store that did not work is tried again. */
  static final Duration PROBE_AGAIN = Duration.ofMinutes(15);

  private static final Duration FAILURE_KEPT = Duration.ofHours(1);

  private static final Duration BACKUP_KEPT = Duration.ofDays(7);

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    if (!hub.backsUp()) {
      return List.of();
    }
    Hub.Backup backup = hub.backup().orElseThrow();
    List<HasMetadata> objects = new ArrayList<>();
    backup
        .localVolume()
        .ifPresent(
            it ->
                objects.add(
                    Volumes.claim(hub, hub.names().localCopies(), AgentPods.COMPONENT, it)));
    objects.add(NetworkComponent.agents(hub));
    boolean proven = proven(hub, observed);
    boolean first = first(hub, observed);
    if (!hub.suspended()) {
      if (hub.objectStore().isPresent() && observed.job(probeName(hub, observed)).isEmpty()) {
        objects.add(
            job(
                hub,
                probeName(hub, observed),
                "probe",
                Spending.sparing(hub, observed) ? PROBE_KEPT_SPARING : PROBE_KEPT,
                pods(hub, material, observed).probe()));
      }
      // What is there before a restore is not what is to be backed up.
      boolean held = observed.restoring().holdsBackups();
      if (proven
          && !held
          && !first
          && !backup.schedule().suspended()
          && DatabaseComponent.serves(observed)
          && DatabaseComponent.archives(hub, material, observed)
          && observed.job(firstName(hub, observed)).isEmpty()) {
        JobSpec spec = pods(hub, material, observed).backup(everything(hub));
        objects.add(job(hub, firstName(hub, observed), "backup", FAILURE_KEPT, spec));
      }
      if (proven && !held) {
        AskedBackups.wanted(hub, observed).stream()
            .filter(it -> observed.job(onDemandName(hub, it)).isEmpty())
            .forEach(it -> objects.add(onDemand(hub, material, observed, it)));
      }
    }
    objects.addAll(BackupSchedules.of(hub, material, observed, proven, first));
    return objects;
  }

  @Override
  public List<ObjectKey> kept(Hub hub, Observed observed) {
    if (!hub.backsUp()) {
      return List.of();
    }
    List<ObjectKey> kept = new ArrayList<>();
    if (!Workloads.failedBefore(observed, probeName(hub, observed), PROBE_AGAIN)) {
      kept.add(new ObjectKey("Job", probeName(hub, observed)));
    }
    kept.add(new ObjectKey("Job", firstName(hub, observed)));
    observed.backups().stream()
        .filter(it -> !Labels.ours(it))
        .forEach(it -> kept.add(new ObjectKey("Job", onDemandName(hub, it))));
    if (hub.backup().orElseThrow().wal()) {
      // Not made before the server archives, and there from then on.
      kept.add(new ObjectKey("CronJob", hub.names().wal()));
    }
    return kept;
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return BackupHealth.of(hub, observed);
  }

  static AgentPods pods(Hub hub, Material material, Observed observed) {
    return new AgentPods(hub, Optional.of(material), observed);
  }

  static String everything(Hub hub) {
    return hub.backup().orElseThrow().wal() ? "Dump,Base" : "Dump";
  }

  /** What tells one place for backups from another, in short. */
  static String place(Hub hub, Observed observed) {
    return Metadata.hash(
        hub.objectStore()
            .map(
                it ->
                    Metadata.json(
                        List.of(
                            it.endpoint(),
                            it.region(),
                            it.bucket(),
                            it.prefix(),
                            it.credentialsSecret(),
                            it.authoritySecret().orElse(""))))
            .orElse(""),
        observed.storeDigest(),
        hub.backup().orElseThrow().localVolume().isPresent());
  }

  /** The Job that tries the store. */
  static String probeName(Hub hub, Observed observed) {
    return hub.names().storeProbe() + "-" + place(hub, observed);
  }

  /** What a first backup is due for: a place, and the data of a restore. */
  static String firstOf(Hub hub, Observed observed) {
    String restored = RestoreComponent.restored(hub, observed);
    String place = place(hub, observed);
    return restored.isEmpty() ? place : Metadata.hash(place, restored);
  }

  private static String firstName(Hub hub, Observed observed) {
    return hub.names().backup() + "-first-" + firstOf(hub, observed);
  }

  /** The Job of a StudyHubBackup that a person made. */
  public static String onDemandName(Hub hub, StudyHubBackup asked) {
    return hub.names().backup() + "-" + Metadata.hash(asked.getMetadata().getUid());
  }

  /** Whether the store, as the spec has it now, was found to work. */
  static boolean proven(Hub hub, Observed observed) {
    return hub.objectStore().isEmpty()
        || annotated(hub, observed, Labels.PROVEN, place(hub, observed))
        || complete(observed, probeName(hub, observed));
  }

  private static boolean first(Hub hub, Observed observed) {
    return annotated(hub, observed, Labels.FIRST_BACKUP, firstOf(hub, observed))
        || complete(observed, firstName(hub, observed));
  }

  private static boolean annotated(Hub hub, Observed observed, String annotation, String value) {
    return observed
        .annotation(new ObjectKey("CronJob", hub.names().backup()), annotation)
        .filter(value::equals)
        .isPresent();
  }

  /** Whether a Job that is there has come to a good end. */
  static boolean complete(Observed observed, String job) {
    return observed.job(job).filter(it -> Workloads.is(it, "Complete")).isPresent();
  }

  private static Job onDemand(Hub hub, Material material, Observed observed, StudyHubBackup asked) {
    String what = asked.getSpec().type() == StudyHubBackupSpec.Type.BASE ? "Base" : "Dump";
    JobSpec spec =
        new JobSpecBuilder(pods(hub, material, observed).backup(what)).withBackoffLimit(0).build();
    return job(hub, onDemandName(hub, asked), "backup", BACKUP_KEPT, spec);
  }

  /** The Job of an agent, which is kept so long after its end. */
  static Job job(Hub hub, String name, String run, Duration kept, JobSpec spec) {
    return new JobBuilder()
        .withMetadata(
            Metadata.owned(hub, name, AgentPods.COMPONENT).addToLabels(Labels.RUN, run).build())
        .withSpec(
            new JobSpecBuilder(spec).withTtlSecondsAfterFinished((int) kept.toSeconds()).build())
        .build();
  }
}
