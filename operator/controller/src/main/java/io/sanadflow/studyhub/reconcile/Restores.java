package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreStatus;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.component.RestoreJobs;
import io.sanadflow.studyhub.component.RestoreMachine;
import io.sanadflow.studyhub.component.RestoreMachine.Action;
import io.sanadflow.studyhub.component.RestoreView;
import io.sanadflow.studyhub.component.RestoreView.Hindrance;
import io.sanadflow.studyhub.component.RestoreView.Phase;
import io.sanadflow.studyhub.component.RestoreView.Run;
import io.sanadflow.studyhub.component.Restoring;
import io.sanadflow.studyhub.model.BackupSettings;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.RestoreNames;
import io.sanadflow.studyhub.model.RestoreNames.Step;
import io.sanadflow.studyhub.probe.DatabaseSwap;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.ProbeException;
import io.sanadflow.studyhub.probe.SideDatabases;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a hub's restores one step further at each visit. What was done is known from Jobs and
 * databases, so that a step that was cut off is taken again.
 */
final class Restores {

  private static final Logger log = LoggerFactory.getLogger(Restores.class);

  /** Databases that cannot change their names for this long are not going to. */
  private static final Duration SWAP_TRIED = Duration.ofMinutes(3);

  private final KubernetesClient client;
  private final HubProbe probe;
  private final Clock clock;
  private final RestoreStatuses statuses;
  private final Bootstrapping bootstrapping;

  /** Since when a swap fails, by the restore's uid. */
  private final Map<String, Instant> swapFails = new ConcurrentHashMap<>();

  /** The restores and Jobs at the last look that found nothing to clean up, by the hub's uid. */
  private final Map<String, String> clean = new ConcurrentHashMap<>();

  Restores(KubernetesClient client, HubProbe probe, Clock clock, EventRecorder events) {
    this.client = client;
    this.probe = probe;
    this.clock = clock;
    this.statuses = new RestoreStatuses(client, clock, events);
    this.bootstrapping = new Bootstrapping(client, clock, statuses);
  }

  /** One pass over a hub's restores. */
  private final class Pass {
    private final Hub hub;
    private final Material material;
    private final Observed observed;
    private final List<StudyHubRestore> all;
    private final Optional<ProbePlan.Database> server;
    private Optional<SideDatabases> databases = Optional.empty();

    private Pass(Hub hub, Material material, Observed observed, List<StudyHubRestore> all) {
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

    private void look() {
      databases =
          server.flatMap(
              it -> {
                try {
                  return Optional.of(probe.sideDatabases(it.target(), it.plan()));
                } catch (ProbeException failed) {
                  log.info("{}: {}", hub.names().hub(), failed.getMessage());
                  return Optional.empty();
                }
              });
    }

    private Phase phase(StudyHubRestore restore) {
      return statuses.phase(restore);
    }

    /** Whose turn it is: the one that is under way, else the oldest that can begin. */
    private Optional<StudyHubRestore> turn() {
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

    private void step(StudyHubRestore restore, Optional<StudyHubRestore> turn) {
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
      ProbePlan.Database database = server.orElseThrow();
      String uid = restore.getMetadata().getUid();
      boolean bootstrap = Bootstrapping.is(restore);
      try {
        probe.swap(
            database.target(),
            database.plan(),
            new DatabaseSwap(names.sideDatabase(), names.previousDatabase(), bootstrap));
        swapFails.remove(uid);
        log.info("{}: {} is in place", hub.names().hub(), names.sideDatabase());
      } catch (ProbeException failed) {
        swapFails.putIfAbsent(uid, clock.instant());
        statuses.tell(restore, Phase.SWAPPING, "SwapRefused", String.valueOf(failed.getMessage()));
      }
    }

    private void drop(String name) {
      try {
        probe.dropDatabase(server.orElseThrow().target(), name);
        log.info("{}: dropped database {}", hub.names().hub(), name);
      } catch (ProbeException failed) {
        log.warn("{}: {}", hub.names().hub(), failed.getMessage());
      }
    }

    /** Cleans up after restores that were deleted before they ended; the Jobs that do. */
    private Set<ObjectKey> clean() {
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

  /**
   * One step of each of a hub's restores.
   *
   * @return what they ask of the hub's parts now
   */
  Restoring step(Hub hub, Material material, Observed observed, List<StudyHubRestore> all) {
    Pass pass = new Pass(hub, material, observed, all);
    boolean active = all.stream().anyMatch(it -> !pass.phase(it).ended() || drops(it));
    String signature = signature(pass);
    boolean looked =
        active
            || bootstrapping.unknown(hub, pass.server)
            || !signature.equals(clean.get(hub.uid()));
    if (looked) {
      pass.look();
    }
    Optional<Health> start =
        bootstrapping.step(hub, observed, all, pass.server, pass.databases, looked);
    Optional<StudyHubRestore> turn = pass.turn();
    all.forEach(it -> pass.step(it, turn));
    Set<ObjectKey> jobs = pass.clean();
    if (looked && pass.databases.isPresent() && jobs.isEmpty() && !active) {
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
        health, stopsApp, bootstrapping.waits(hub, observed), newest(hub, all), jobs);
  }

  private boolean drops(StudyHubRestore restore) {
    return restore.getSpec().previous() == StudyHubRestoreSpec.Previous.DROP
        && statuses.of(restore).map(StudyHubRestoreStatus::previousDatabase).isPresent();
  }

  private String signature(Pass pass) {
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
  boolean soon(List<StudyHubRestore> all, Restoring now) {
    return now.stopsApp()
        || now.waits()
        || !now.jobs().isEmpty()
        || all.stream().anyMatch(it -> !statuses.phase(it).ended() || drops(it));
  }
}
