package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreStatus;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.component.RestoreJobs;
import io.sanadflow.studyhub.component.RestoreMachine;
import io.sanadflow.studyhub.component.RestoreMachine.Action;
import io.sanadflow.studyhub.component.RestoreView;
import io.sanadflow.studyhub.component.RestoreView.Hindrance;
import io.sanadflow.studyhub.component.RestoreView.Phase;
import io.sanadflow.studyhub.component.RestoreView.Run;
import io.sanadflow.studyhub.model.BackupSettings;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.RestoreNames;
import io.sanadflow.studyhub.model.RestoreNames.Step;
import io.sanadflow.studyhub.probe.DatabaseSwap;
import io.sanadflow.studyhub.probe.SideDatabases;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One visit to a hub's restores: what is seen, and the one step of each that follows from it. */
final class RestorePass {

  private static final Logger log = LoggerFactory.getLogger(RestorePass.class);

  /** Databases that cannot change their names for this long are not going to. */
  private static final Duration SWAP_TRIED = Duration.ofMinutes(3);

  private final KubernetesClient client;
  private final DatabaseSteps steps;
  private final Clock clock;
  private final RestoreStatuses statuses;
  private final Map<String, Instant> swapFails;
  private final Hub hub;
  private final Material material;
  final Observed observed;
  final List<StudyHubRestore> all;
  final Optional<ProbePlan.Database> server;
  Optional<SideDatabases> databases = Optional.empty();

  RestorePass(
      Restores restores, Hub hub, Material material, Observed observed, List<StudyHubRestore> all) {
    this.client = restores.client;
    this.steps = restores.steps;
    this.clock = restores.clock;
    this.statuses = restores.statuses;
    this.swapFails = restores.swapFails;
    this.hub = hub;
    this.material = material;
    this.observed = observed;
    this.all = all;
    boolean answers = observed.report().database().filter(it -> it.ok()).isPresent();
    this.server =
        answers && hub.database().external().isEmpty()
            ? ProbePlan.of(hub, material, observed).database()
            : Optional.empty();
  }

  void look() {
    databases = server.flatMap(it -> steps.look(hub, it));
  }

  Phase phase(StudyHubRestore restore) {
    return statuses.phase(restore);
  }

  /** Whose turn it is: the one that is under way, else the oldest that can begin. */
  Optional<StudyHubRestore> turn() {
    return all.stream()
        .filter(it -> phase(it).active())
        .findFirst()
        .or(
            () ->
                all.stream()
                    .filter(it -> phase(it) == Phase.WAITING)
                    .filter(it -> RestoreViews.hindrance(hub, observed, it).isEmpty())
                    .findFirst());
  }

  private Optional<Hindrance> hindrance(StudyHubRestore restore, Optional<StudyHubRestore> turn) {
    return RestoreViews.hindrance(hub, observed, restore)
        .or(
            () ->
                turn.filter(it -> it != restore)
                    .map(
                        it ->
                            new Hindrance(
                                false,
                                "AnotherRestore",
                                "waits for StudyHubRestore " + it.getMetadata().getName())));
  }

  private RestoreView view(StudyHubRestore restore, Optional<StudyHubRestore> turn) {
    RestoreNames names = names(restore);
    Optional<StudyHubRestoreStatus> status = statuses.of(restore);
    return new RestoreView(
        names,
        phase(restore),
        hub.app().media().isPresent(),
        hindrance(restore, turn),
        RestoreViews.runs(names, observed),
        status.map(StudyHubRestoreStatus::key).isPresent(),
        databases.map(SideDatabases::names),
        RestoreViews.backupRuns(observed),
        RestoreViews.appGone(hub, observed),
        Optional.ofNullable(swapFails.get(restore.getMetadata().getUid()))
            .filter(it -> it.plus(SWAP_TRIED).isBefore(clock.instant()))
            .map(it -> "the databases could not change their names"),
        restore.getSpec().previous() == StudyHubRestoreSpec.Previous.DROP,
        status.map(StudyHubRestoreStatus::previousDatabase).isPresent());
  }

  private RestoreNames names(StudyHubRestore restore) {
    return RestoreNames.of(hub.names().hub(), restore.getMetadata().getUid());
  }

  void step(StudyHubRestore restore, Optional<StudyHubRestore> turn) {
    RestoreView view = view(restore, turn);
    Action action = RestoreMachine.next(view);
    Phase phase = view.phase();
    if (action instanceof Action.Wait wait) {
      if (!phase.ended()) {
        statuses.tell(restore, phase, wait.reason(), wait.message());
      }
    } else if (action instanceof Action.Enter enter) {
      enter(restore, view, enter.phase());
    } else if (action instanceof Action.Note note) {
      statuses.note(restore, note.report());
    } else if (action instanceof Action.Start start) {
      start(restore, start.step());
    } else if (action instanceof Action.Again again) {
      observed.job(view.names().job(again.step())).ifPresent(it -> client.resource(it).delete());
    } else if (action instanceof Action.Swap) {
      swap(restore, view.names());
    } else if (action instanceof Action.DropDatabase drop) {
      drop(drop.name());
    } else if (action instanceof Action.Forget) {
      statuses.succeeded(restore, null, clock.instant(), restored(restore));
    } else if (action instanceof Action.Fail fail) {
      statuses.tell(restore, Phase.FAILED, fail.reason(), fail.message());
    }
  }

  private void enter(StudyHubRestore restore, RestoreView view, Phase phase) {
    switch (phase) {
      case SWAPPING -> {
        Optional.ofNullable(view.runs().get(Step.STAGE))
            .flatMap(Run::report)
            .map(Report::restore)
            .ifPresent(it -> statuses.files(restore, it.files()));
        statuses.tell(restore, phase, "Swapping", "the app is stopped and the data are swapped");
      }
      case SUCCEEDED -> {
        Instant begun =
            observed
                .job(view.names().job(Step.LOAD))
                .map(it -> Instant.parse(it.getMetadata().getCreationTimestamp()))
                .orElseGet(() -> statuses.since(restore));
        statuses.succeeded(restore, view.names().previousDatabase(), begun, restored(restore));
      }
      default -> statuses.tell(restore, phase, "Loading", "the backup is being loaded");
    }
  }

  private String restored(StudyHubRestore restore) {
    return "the hub has the data of "
        + statuses.of(restore).map(StudyHubRestoreStatus::restoredTo).orElse("the backup");
  }

  private void start(StudyHubRestore restore, Step step) {
    StudyHubRestoreSpec spec = restore.getSpec();
    Hub from =
        spec.objectStore() == null
            ? hub
            : hub.withStore(BackupSettings.store(spec.objectStore(), hub.names()));
    List<String> backup =
        switch (step) {
          case LOAD -> chosen(restore);
          case STAGE ->
              spec.at() != null
                  ? List.of("--at", RestoreViews.instant(spec.at()).toString())
                  : List.of("--key", statuses.of(restore).orElseThrow().key());
          default -> List.of();
        };
    boolean own = from.objectStore().equals(hub.objectStore());
    create(RestoreJobs.of(from, material, observed, restore, step, own, backup));
  }

  private List<String> chosen(StudyHubRestore restore) {
    StudyHubRestoreSpec spec = restore.getSpec();
    if (spec.at() != null) {
      return List.of("--at", RestoreViews.instant(spec.at()).toString());
    }
    return RestoreViews.named(observed, restore)
        .map(it -> List.of("--key", String.valueOf(it.getStatus().key())))
        .orElse(List.of("--latest"));
  }

  private void swap(StudyHubRestore restore, RestoreNames names) {
    String uid = restore.getMetadata().getUid();
    boolean bootstrap = Bootstrapping.is(restore);
    steps.swap(
        hub,
        server.orElseThrow(),
        new DatabaseSwap(names.sideDatabase(), names.previousDatabase(), bootstrap),
        () -> swapFails.remove(uid),
        failed -> {
          swapFails.putIfAbsent(uid, clock.instant());
          statuses.tell(restore, Phase.SWAPPING, "SwapRefused", failed);
        });
  }

  private void drop(String name) {
    steps.drop(hub, server.orElseThrow(), name);
  }

  /** Whether the server was seen to have nothing that is loaded beside the hub's database. */
  boolean tidy() {
    return databases
        .filter(it -> it.names().stream().allMatch(name -> RestoreNames.idOf(name).isEmpty()))
        .isPresent();
  }

  /** Cleans up after restores that were deleted before they ended; the Jobs that do. */
  Set<ObjectKey> clean() {
    Set<ObjectKey> jobs = new HashSet<>();
    Set<String> named = all.stream().map(it -> names(it).id()).collect(Collectors.toSet());
    for (String database : databases.map(SideDatabases::names).orElse(Set.of())) {
      RestoreNames.idOf(database)
          .filter(it -> !named.contains(it))
          .map(it -> new RestoreNames(hub.names().hub(), it))
          .ifPresent(
              names -> {
                jobs.add(new ObjectKey("Job", names.job(Step.UNDO)));
                jobs.add(new ObjectKey("Job", names.job(Step.DROP)));
                clean(names);
              });
    }
    return jobs;
  }

  private void clean(RestoreNames names) {
    Map<Step, Run> runs = RestoreViews.runs(names, observed);
    for (Step step : List.of(Step.UNDO, Step.DROP)) {
      Optional<Run> run = Optional.ofNullable(runs.get(step));
      if (hub.app().media().isPresent()
          && run.filter(it -> it.state() == Run.State.SUCCEEDED).isEmpty()) {
        if (run.isEmpty()) {
          create(RestoreJobs.cleaning(hub, material, observed, names, step));
        } else if (run.get().state() == Run.State.FAILED) {
          observed.job(names.job(step)).ifPresent(it -> client.resource(it).delete());
        }
        return;
      }
    }
    drop(names.sideDatabase());
  }

  private void create(Job job) {
    try {
      client.resource(job).create();
      log.info("created {}", ObjectKey.of(job));
    } catch (KubernetesClientException refused) {
      if (refused.getCode() != 409) {
        throw refused;
      }
    }
  }
}
