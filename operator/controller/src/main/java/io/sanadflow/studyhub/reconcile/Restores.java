package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreStatus;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.component.RestoreJobs;
import io.sanadflow.studyhub.component.RestoreView.Phase;
import io.sanadflow.studyhub.component.Restoring;
import io.sanadflow.studyhub.model.BackupSettings;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.RestoreNames;
import io.sanadflow.studyhub.probe.HubProbe;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes a hub's restores one step further at each visit. What was done is known from Jobs and
 * databases, so that a step that was cut off is taken again.
 */
final class Restores {

  /** How long a visit waits for a hub's database server. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  final KubernetesClient client;
  final DatabaseSteps steps;
  final Clock clock;
  final RestoreStatuses statuses;
  private final Bootstrapping bootstrapping;

  /** Since when a swap fails, by the restore's uid. */
  final Map<String, Instant> swapFails = new ConcurrentHashMap<>();

  /** The Jobs that clean up, as of the last look, by the hub's uid. */
  private final Map<String, Set<ObjectKey>> cleaning = new ConcurrentHashMap<>();

  /** The restores and Jobs at the last look that found nothing to clean up, by the hub's uid. */
  private final Map<String, String> clean = new ConcurrentHashMap<>();

  Restores(KubernetesClient client, HubProbe probe, Clock clock, EventRecorder events) {
    this.client = client;
    this.steps = new DatabaseSteps(probe, PATIENCE);
    this.clock = clock;
    this.statuses = new RestoreStatuses(client, clock, events);
    this.bootstrapping = new Bootstrapping(client, clock, statuses);
  }

  /** What says it to restores and backups that their hub is not there. */
  MissingHubs missingHubs(
      EventSourceContext<StudyHub> context, Watches watches, BackupObjects backups) {
    return new MissingHubs(context, watches, client, backups, statuses, clock);
  }

  /**
   * One step of each of a hub's restores.
   *
   * @return what they ask of the hub's parts now
   */
  Restoring step(Hub hub, Material material, Observed observed, List<StudyHubRestore> all) {
    RestorePass pass = new RestorePass(this, hub, material, observed, all);
    boolean active = all.stream().anyMatch(it -> !pass.phase(it).ended() || drops(it));
    String signature = signature(pass);
    // Whatever is known now is over when what is under way has ended.
    boolean busy = steps.busy(hub);
    boolean looked =
        !busy
            && (active
                || bootstrapping.unknown(hub, pass.server)
                || !signature.equals(clean.get(hub.uid())));
    if (looked) {
      pass.look();
    }
    Optional<Health> start =
        bootstrapping.step(hub, observed, all, pass.server, pass.databases, looked);
    if (!busy) {
      Optional<StudyHubRestore> turn = pass.turn();
      all.forEach(it -> pass.step(it, turn));
    }
    if (pass.databases.isPresent()) {
      cleaning.put(hub.uid(), pass.clean());
    }
    Set<ObjectKey> jobs = cleaning.getOrDefault(hub.uid(), Set.of());
    if (looked && pass.tidy() && !active) {
      clean.put(hub.uid(), signature);
    }
    boolean stopsApp =
        all.stream().anyMatch(it -> pass.phase(it) == Phase.SWAPPING)
            || (!jobs.isEmpty() && RestoreViews.stopped(hub, observed));
    Optional<Health> health =
        all.stream()
            .filter(it -> pass.phase(it).active())
            .findFirst()
            .map(this::running)
            .or(() -> start);
    return new Restoring(
        health,
        stopsApp,
        bootstrapping.waits(hub, observed),
        newest(hub, all),
        jobs,
        all.stream()
            .filter(it -> pass.phase(it).active() && it.getSpec().objectStore() != null)
            .findFirst()
            .map(it -> BackupSettings.store(it.getSpec().objectStore(), hub.names())));
  }

  private boolean drops(StudyHubRestore restore) {
    return restore.getSpec().previous() == StudyHubRestoreSpec.Previous.DROP
        && statuses.of(restore).map(StudyHubRestoreStatus::previousDatabase).isPresent();
  }

  private String signature(RestorePass pass) {
    List<String> parts = new ArrayList<>();
    pass.all.forEach(it -> parts.add(it.getMetadata().getUid() + pass.phase(it)));
    pass.observed.objects().values().stream()
        .filter(Job.class::isInstance)
        .filter(it -> RestoreJobs.RUN.equals(it.getMetadata().getLabels().get(Labels.RUN)))
        .map(HasMetadata::getMetadata)
        .forEach(it -> parts.add(it.getUid()));
    pass.server.ifPresent(it -> parts.add(it.incarnation()));
    return String.join(" ", parts.stream().sorted().toList());
  }

  private Health running(StudyHubRestore restore) {
    return new Health(
        Optional.empty(),
        Serving.UNKNOWN,
        Health.Phase.PROGRESSING,
        "Restoring",
        "StudyHubRestore "
            + restore.getMetadata().getName()
            + ": "
            + statuses.condition(restore).map(Condition::message).orElse("begins"));
  }

  private String newest(Hub hub, List<StudyHubRestore> all) {
    return all.stream()
        .filter(it -> statuses.phase(it) == Phase.SUCCEEDED)
        .max(java.util.Comparator.comparing(statuses::since))
        .map(it -> RestoreNames.of(hub.names().hub(), it.getMetadata().getUid()).id())
        .orElse("");
  }

  /** Whether to come again soon, without an event. */
  boolean soon(Hub hub, List<StudyHubRestore> all, Restoring now) {
    return now.stopsApp()
        || steps.busy(hub)
        || now.waits()
        || !now.jobs().isEmpty()
        || all.stream().anyMatch(it -> !statuses.phase(it).ended() || drops(it));
  }

  /** Forgets a hub that is gone. */
  void forget(String uid) {
    clean.remove(uid);
    cleaning.remove(uid);
    bootstrapping.forget(uid);
  }
}
