package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Job that brings the schema to the image's version before pods of that image start.
 *
 * <p>Its name holds a hash of what it runs. That it succeeded is known from the Job, and later from
 * the annotation on the Deployment that followed it, so a deleted Job is not run again.
 */
public final class MigrationComponent implements Component {

  /** The value of the component label. */
  public static final String NAME = "migration";

  private static final String SECRET_KEY = "DIRECT_DATABASE_URL";

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    if (hub.app().migration().isEmpty()) {
      return List.of();
    }
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(
        Secrets.of(
            Metadata.owned(hub, hub.names().migration(), NAME).build(),
            Map.of(SECRET_KEY, DatabaseAccess.direct(hub, material))));
    boolean held = observed.restoring().stopsApp() || observed.restoring().waits();
    boolean due =
        !held && !hub.suspended() && !done(hub, observed) && DatabaseComponent.serves(observed);
    // A Job's template is immutable, and it is the one that its name tells.
    if (due && job(hub, observed).isEmpty()) {
      objects.add(newJob(hub, observed));
    }
    return objects;
  }

  @Override
  public List<ObjectKey> kept(Hub hub, Observed observed) {
    return hub.app().migration().isEmpty()
        ? List.of()
        : List.of(new ObjectKey("Job", jobName(hub, observed)));
  }

  /** Whether the schema is at the version that the app's image wants. */
  static boolean done(Hub hub, Observed observed) {
    if (hub.app().migration().isEmpty()) {
      return true;
    }
    return observed
            .annotation(new ObjectKey("Deployment", hub.names().app()), Labels.MIGRATION)
            .filter(hash(hub, observed)::equals)
            .isPresent()
        || job(hub, observed).filter(it -> Workloads.is(it, "Complete")).isPresent();
  }

  /** What is run, in short, and on which data: those of a restore may be of an older schema. */
  static String hash(Hub hub, Observed observed) {
    String restored = RestoreComponent.restored(hub, observed);
    String run = hash(hub);
    return run.isEmpty() || restored.isEmpty() ? run : Metadata.hash(run, restored);
  }

  /** What is run, in short: image, command and environment. */
  static String hash(Hub hub) {
    return hub.app()
        .migration()
        .map(
            it ->
                Metadata.hash(
                    hub.app().image(),
                    Metadata.json(it.command()),
                    Metadata.json(hub.app().env()),
                    Metadata.json(hub.app().envFrom()),
                    hub.database().external().map(MigrationComponent::where).orElse("")))
        .orElse("");
  }

  private static String where(Hub.External external) {
    return Metadata.json(
        List.of(
            external.host(),
            external.port(),
            external.database(),
            external.credentialsSecret(),
            external.authoritySecret().orElse("")));
  }

  private static String jobName(Hub hub, Observed observed) {
    return hub.names().migration() + "-" + hash(hub, observed);
  }

  private static Optional<Job> job(Hub hub, Observed observed) {
    return observed.job(jobName(hub, observed));
  }

  private static Job newJob(Hub hub, Observed observed) {
    Names names = hub.names();
    Hub.Migration migration = hub.app().migration().orElseThrow();
    List<Volume> volumes = new ArrayList<>(AppPod.volumes(hub));
    List<EnvVar> access = new ArrayList<>();
    access.add(AppPod.secret("DIRECT_DATABASE_URL", names.migration(), SECRET_KEY));
    // There is no pooler in this pod: what asks for the app's URL gets the direct one as well.
    access.add(AppPod.secret("DATABASE_URL", names.migration(), SECRET_KEY));
    if (hub.sharedRedis()) {
      access.addAll(AppComponent.redisAccess(hub));
    }
    var container = AppPod.container(hub, "migrate", access).withCommand(migration.command());
    if (DatabaseAccess.hasAuthority(hub)) {
      volumes.add(DatabaseAccess.authority(hub));
      container.addToVolumeMounts(Pods.mount("database-ca", DatabaseAccess.AUTHORITY_DIRECTORY));
    }
    return new JobBuilder()
        .withMetadata(Metadata.owned(hub, jobName(hub, observed), NAME).build())
        .withNewSpec()
        .withBackoffLimit(2)
        .withActiveDeadlineSeconds(migration.timeout().toSeconds())
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Labels.of(names.hub(), NAME))
        .endMetadata()
        .withSpec(
            Pods.of(hub, AppPod.group(hub))
                .withRestartPolicy("Never")
                .withAffinity(AppPod.nearby(hub).orElse(null))
                .withContainers(container.build())
                .withVolumes(volumes)
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    if (done(hub, observed) || hub.suspended()) {
      return Optional.empty();
    }
    Optional<Job> job = job(hub, observed);
    if (job.isEmpty()) {
      return Optional.of(
          health(Phase.PROGRESSING, "MigrationWaits", "the migration waits for the database"));
    }
    List<Pod> pods =
        observed.pods(NAME).stream()
            .filter(
                it ->
                    jobName(hub, observed)
                        .equals(it.getMetadata().getLabels().get("batch.kubernetes.io/job-name")))
            .toList();
    if (Workloads.is(job.get(), "Failed")) {
      return Optional.of(health(Phase.STUCK, "MigrationFailed", failed(hub, job.get(), pods)));
    }
    return Optional.of(
        Workloads.trouble(pods)
            .map(
                it ->
                    health(
                        Phase.STUCK,
                        it.reason(),
                        "the migration of " + hub.app().image() + ": " + it.message()))
            .orElseGet(
                () ->
                    health(
                        Phase.PROGRESSING,
                        "Migrating",
                        "the migration of " + hub.app().image() + " runs")));
  }

  private static String failed(Hub hub, Job job, List<Pod> pods) {
    String words =
        pods.stream()
            .filter(it -> it.getStatus() != null && it.getStatus().getContainerStatuses() != null)
            .max(Comparator.comparing(it -> it.getMetadata().getCreationTimestamp()))
            .flatMap(
                it ->
                    it.getStatus().getContainerStatuses().stream()
                        .filter(MigrationComponent::ended)
                        .findFirst())
            .map(Workloads::lastWords)
            .orElse("took longer than spec.app.migration.timeout or was removed");
    return "the migration of "
        + hub.app().image()
        + " "
        + words
        + "; what served before goes on. Mend spec.app.image, env or migration.command"
        + " ([] if the image has none), or delete Job "
        + job.getMetadata().getName()
        + " to run it again";
  }

  private static boolean ended(ContainerStatus container) {
    return container.getState() != null && container.getState().getTerminated() != null;
  }

  private static Health health(Phase phase, String reason, String message) {
    return new Health(Optional.empty(), Serving.UNKNOWN, phase, reason, message);
  }
}
