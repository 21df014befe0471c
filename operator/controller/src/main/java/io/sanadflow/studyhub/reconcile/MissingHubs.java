package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.component.BackupStatuses;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says it to a StudyHubBackup or StudyHubRestore that its hub is not there. Nothing else would look
 * at it, since it is the hubs that are reconciled. It looks at the caches alone until it finds one.
 */
final class MissingHubs extends AbstractEventSource<StudyHubBackup, StudyHub> {

  private static final Logger log = LoggerFactory.getLogger(MissingHubs.class);

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final EventSourceContext<StudyHub> context;
  private final Watches watches;
  private final KubernetesClient client;
  private final BackupObjects backups;
  private final RestoreStatuses restores;
  private final Clock clock;
  private @Nullable ScheduledExecutorService executor;

  MissingHubs(
      EventSourceContext<StudyHub> context,
      Watches watches,
      KubernetesClient client,
      BackupObjects backups,
      RestoreStatuses restores,
      Clock clock) {
    super(StudyHubBackup.class, "missing-hubs");
    this.context = context;
    this.watches = watches;
    this.client = client;
    this.backups = backups;
    this.restores = restores;
    this.clock = clock;
  }

  @Override
  public void start() {
    super.start();
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "missing-hubs");
              thread.setDaemon(true);
              return thread;
            });
    started.scheduleWithFixedDelay(
        this::look, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    executor = started;
  }

  private void look() {
    try {
      watches.backupsOfPeople().filter(this::lonely).forEach(this::tell);
      List<StudyHubRestore> all = watches.restores().toList();
      all.stream().filter(this::lonely).forEach(this::tell);
      restores.forgetAllBut(all);
    } catch (RuntimeException unexpected) {
      // Thrown on, it would end the schedule; the next look tries again.
      log.warn("what has no hub: {}", unexpected.getMessage());
    }
  }

  private boolean lonely(StudyHubRestore restore) {
    return !restores.phase(restore).ended()
        && context
            .getPrimaryCache()
            .get(
                new ResourceID(
                    restore.getSpec().hubRef().name(), restore.getMetadata().getNamespace()))
            .isEmpty();
  }

  private void tell(StudyHubRestore restore) {
    String name = restore.getSpec().hubRef().name();
    String namespace = restore.getMetadata().getNamespace();
    boolean told =
        restores.condition(restore).filter(it -> it.reason().equals("HubMissing")).isPresent();
    if (told || there(namespace, name)) {
      return;
    }
    try {
      restores.tell(
          restore,
          restores.phase(restore),
          "HubMissing",
          "spec.hubRef.name: there is no StudyHub "
              + name
              + " in namespace "
              + namespace
              + "; create it, or name one that is there in another StudyHubRestore. For a hub that"
              + " is to start from a backup, spec.database.bootstrap.restoreFrom of the StudyHub"
              + " does without a StudyHubRestore");
      log.info("StudyHubRestore {} has no hub", restore.getMetadata().getName());
    } catch (KubernetesClientException gone) {
      if (gone.getCode() != 404) {
        throw gone;
      }
    }
  }

  /** The cache may have yet to hear of a new hub. */
  private boolean there(String namespace, String name) {
    return client.resources(StudyHub.class).inNamespace(namespace).withName(name).get() != null;
  }

  private boolean lonely(StudyHubBackup backup) {
    String hub = backup.getSpec().hubRef().name();
    return !BackupStatuses.ended(backup)
        && context
            .getPrimaryCache()
            .get(new ResourceID(hub, backup.getMetadata().getNamespace()))
            .isEmpty();
  }

  private void tell(StudyHubBackup backup) {
    StudyHubBackup told =
        BackupStatuses.with(backup, BackupStatuses.hubMissing(backup, clock.instant()));
    if (Objects.equals(told.getStatus(), backup.getStatus())) {
      return;
    }
    if (there(backup.getMetadata().getNamespace(), backup.getSpec().hubRef().name())) {
      return;
    }
    try {
      backups.status(told);
      log.info("StudyHubBackup {} has no hub", backup.getMetadata().getName());
    } catch (KubernetesClientException gone) {
      if (gone.getCode() != 404) {
        throw gone;
      }
    }
  }

  @Override
  public void stop() {
    if (executor != null) {
      executor.shutdownNow();
    }
    super.stop();
  }

  @Override
  public Set<StudyHubBackup> getSecondaryResources(StudyHub hub) {
    return Set.of();
  }
}
