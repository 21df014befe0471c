package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.RestoreNames;
import io.sanadflow.studyhub.model.RestoreNames.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The Jobs of restores. They go with the StudyHubRestore, and until then tell how far it got. */
public final class RestoreJobs {

  /** The value of the label that tells what an agent runs. */
  public static final String RUN = "restore";

  private RestoreJobs() {}

  /**
   * The Job of one step.
   *
   * @param hub with the object store that the backup is in
   * @param ownArchive whether that is the hub's own, to which its newest log belongs
   * @param backup the arguments that choose the backup; nothing for steps that need none
   */
  public static Job of(
      Hub hub,
      Material material,
      Observed observed,
      StudyHubRestore restore,
      Step step,
      boolean ownArchive,
      List<String> backup) {
    RestoreNames names = RestoreNames.of(hub.names().hub(), restore.getMetadata().getUid());
    OwnerReference owner =
        new OwnerReference(
            StudyHub.GROUP + "/" + StudyHub.VERSION,
            true,
            true,
            restore.getKind(),
            restore.getMetadata().getName(),
            restore.getMetadata().getUid());
    AgentPods pods = new AgentPods(hub, Optional.of(material), observed);
    JobSpec spec =
        step == Step.LOAD
            ? pods.load(
                arguments("load", List.of("--database", names.sideDatabase()), backup),
                ownArchive
                    && hub.backup().map(Hub.Backup::wal).orElse(false)
                    && backup.contains("--at"))
            : pods.media(media(step, names, backup));
    return job(hub, names.job(step), spec, owner);
  }

  /** The Job that puts back or deletes what a restore that is gone has left beside the media. */
  public static Job cleaning(
      Hub hub, Material material, Observed observed, RestoreNames names, Step step) {
    JobSpec spec =
        new AgentPods(hub, Optional.of(material), observed).media(media(step, names, List.of()));
    return new JobBuilder()
        .withMetadata(
            Metadata.owned(hub, names.job(step), AgentPods.COMPONENT)
                .addToLabels(AgentPods.labels(hub, RUN))
                .build())
        .withSpec(spec)
        .build();
  }

  /** The metadata of the restore that a new hub starts from; it goes with the hub. */
  public static ObjectMetaBuilder bootstrap(Hub hub, String name) {
    return Metadata.owned(hub, name, AgentPods.COMPONENT);
  }

  private static List<String> media(Step step, RestoreNames names, List<String> backup) {
    return arguments(
        "media", List.of(step.name().toUpperCase(Locale.ROOT), "--id", names.id()), backup);
  }

  private static List<String> arguments(String what, List<String> first, List<String> then) {
    List<String> arguments = new ArrayList<>(List.of("restore", what));
    arguments.addAll(first);
    arguments.addAll(then);
    return List.copyOf(arguments);
  }

  private static Job job(Hub hub, String name, JobSpec spec, OwnerReference owner) {
    return new JobBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(hub.names().namespace())
                .withLabels(AgentPods.labels(hub, RUN))
                .withOwnerReferences(owner)
                .build())
        .withSpec(spec)
        .build();
  }
}
