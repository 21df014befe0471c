package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreSpec;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.component.RestoreJobs;
import io.sanadflow.studyhub.component.RestoreView.Phase;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Sha256;
import io.sanadflow.studyhub.probe.SideDatabases;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has a new hub start from a backup. That one is due is written in the database system itself: its
 * database lets nobody in. So a volume that is replaced is filled again, and one with data never.
 */
final class Bootstrapping {

  /** On the StudyHubRestores that the operator makes for it. */
  private static final String LABEL = "sanadflow.io/bootstrap";

  private static final Duration RETRY = Duration.ofMinutes(5);

  private final KubernetesClient client;
  private final Clock clock;
  private final RestoreStatuses statuses;

  /** Servers that let people in, by the hub's uid. */
  private final Map<String, String> open = new ConcurrentHashMap<>();

  /** Servers that wait, by the hub's uid. */
  private final Map<String, String> waiting = new ConcurrentHashMap<>();

  Bootstrapping(KubernetesClient client, Clock clock, RestoreStatuses statuses) {
    this.client = client;
    this.clock = clock;
    this.statuses = statuses;
  }

  /** Forgets a hub that is gone. */
  void forget(String uid) {
    open.remove(uid);
    waiting.remove(uid);
  }

  /** Whether the operator made a restore to start a hub from. */
  static boolean is(StudyHubRestore restore) {
    Map<String, String> labels = restore.getMetadata().getLabels();
    return labels != null && Labels.ours(restore) && labels.containsKey(LABEL);
  }

  private static boolean wanted(Hub hub) {
    return hub.database().restoreFrom().isPresent() && hub.database().external().isEmpty();
  }

  /** Whether the server has to be asked. */
  boolean unknown(Hub hub, Optional<ProbePlan.Database> server) {
    return wanted(hub)
        && server.filter(it -> !it.incarnation().equals(open.get(hub.uid()))).isPresent();
  }

  /** Whether the app has to wait; a server that does not answer stops no app that runs. */
  boolean waits(Hub hub, Observed observed) {
    return wanted(hub)
        && (waiting.containsKey(hub.uid())
            || (!open.containsKey(hub.uid()) && observed.deployment(hub.names().app()).isEmpty()));
  }

  /** Makes the restore that a new hub starts from, and tells what is in its way. */
  Optional<Health> step(
      Hub hub,
      Observed observed,
      List<StudyHubRestore> all,
      Optional<ProbePlan.Database> server,
      Optional<SideDatabases> databases,
      boolean looked) {
    if (!wanted(hub)) {
      return Optional.empty();
    }
    if (looked && databases.isPresent()) {
      boolean awaits = databases.get().awaitsRestore();
      (awaits ? waiting : open).put(hub.uid(), server.orElseThrow().incarnation());
      (awaits ? open : waiting).remove(hub.uid());
    }
    if (databases.isEmpty() || !waiting.containsKey(hub.uid())) {
      return waits(hub, observed)
          ? health(Health.Phase.PROGRESSING, "WaitsForRestore", "the backup waits for the database")
          : Optional.empty();
    }
    Hub.Start start = hub.database().restoreFrom().orElseThrow();
    if (start.own() && !hub.objectStore().orElseThrow().adopt()) {
      return health(
          Health.Phase.STUCK,
          "AdoptionNeeded",
          "spec.database.bootstrap.restoreFrom reads the prefix that this hub writes its own backups"
              + " to; set spec.objectStore.existing to Adopt to go on with that archive, or give"
              + " spec.objectStore.prefix another value. Nothing was loaded");
    }
    String name =
        hub.names().hub() + "-bootstrap-" + Sha256.hex(databases.get().system() + start, 5);
    Optional<StudyHubRestore> made =
        all.stream().filter(it -> it.getMetadata().getName().equals(name)).findFirst();
    if (made.isEmpty()) {
      create(restore(hub, name, start));
      return health(Health.Phase.PROGRESSING, "Restoring", "StudyHubRestore " + name + " begins");
    }
    return statuses.phase(made.get()) == Phase.FAILED ? failed(made.get()) : Optional.empty();
  }

  private Optional<Health> failed(StudyHubRestore restore) {
    if (statuses.since(restore).plus(RETRY).isBefore(clock.instant())) {
      // It is made again with another uid, and so with other Jobs.
      client.resource(restore).delete();
      statuses.forget(restore.getMetadata().getUid());
    }
    Optional<Condition> condition = statuses.condition(restore);
    return health(
        Health.Phase.STUCK,
        condition.map(Condition::reason).orElse("BootstrapFailed"),
        "spec.database.bootstrap: "
            + condition.map(Condition::message).orElse("the restore failed")
            + "; it is tried again every five minutes, or at once when StudyHubRestore "
            + restore.getMetadata().getName()
            + " is deleted. Without spec.database.bootstrap the hub starts empty");
  }

  private void create(StudyHubRestore restore) {
    try {
      client.resource(restore).create();
    } catch (KubernetesClientException refused) {
      if (refused.getCode() != 409) {
        throw refused;
      }
    }
  }

  private static StudyHubRestore restore(Hub hub, String name, Hub.Start start) {
    StudyHubRestore restore = new StudyHubRestore();
    restore.setMetadata(RestoreJobs.bootstrap(hub, name).addToLabels(LABEL, "true").build());
    restore.setSpec(
        new StudyHubRestoreSpec(
            new NameRef(hub.names().hub()),
            null,
            start.at().isEmpty() ? true : null,
            start.at().orElse(null),
            start.store(),
            StudyHubRestoreSpec.Previous.DROP));
    return restore;
  }

  private static Optional<Health> health(Health.Phase phase, String reason, String message) {
    return Optional.of(new Health(Optional.empty(), Serving.UNKNOWN, phase, reason, message));
  }
}
