package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Offload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Offload: an agent that looks each hour, and at once whenever the app has come to where it is to
 * keep its media. Each run is one step of what the ledger in the bucket says.
 */
public final class OffloadComponent implements Component {

  private static final Duration KEPT = Duration.ofHours(1);

  /** When a step at once that failed is tried again, rather than at the next hour. */
  static final Duration AGAIN = Duration.ofMinutes(5);

  /** Below this share of all that the volumes hold, moving media would not help. */
  private static final int LEAST_MEDIA_PERCENT = 10;

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    if (hub.offload().isEmpty() || !hub.backsUp()) {
      return List.of();
    }
    boolean may =
        !hub.suspended()
            && BackupComponent.proven(hub, observed)
            && DatabaseComponent.serves(observed)
            && !observed.restoring().holdsBackups();
    boolean settled = MediaPlace.settled(hub, observed);
    JobSpec spec = step(hub, material, observed);
    String run = run(hub, observed);
    List<HasMetadata> objects = new ArrayList<>();
    boolean done = done(hub, observed, run);
    objects.add(
        BackupSchedules.cron(
            hub,
            hub.names().offload(),
            MediaPlace.RUN,
            minute(hub) + (rests(hub, observed) ? " */4" : " *") + " * * *",
            Optional.empty(),
            // While the app moves there is no one place where it keeps its media.
            !may || !settled,
            done ? Map.of(Labels.OFFLOAD_RUN, run) : Map.of(),
            spec));
    // For `kubectl create job --from`: what a step would do can be seen before it does.
    objects.add(
        BackupSchedules.cron(
            hub,
            hub.names().offloadPlan(),
            "offload-plan",
            minute(hub) + " * * * *",
            Optional.empty(),
            true,
            Map.of(),
            BackupComponent.pods(hub, material, observed)
                .offload("offload-plan", List.of("offload", "plan"))));
    if (may && settled && !done && observed.job(name(hub, run)).isEmpty()) {
      objects.add(BackupComponent.job(hub, name(hub, run), MediaPlace.RUN, KEPT, spec));
    }
    return objects;
  }

  @Override
  public List<ObjectKey> kept(Hub hub, Observed observed) {
    if (hub.offload().isEmpty()) {
      return List.of();
    }
    String job = name(hub, run(hub, observed));
    return Workloads.failedBefore(observed, job, AGAIN)
        ? List.of()
        : List.of(new ObjectKey("Job", job));
  }

  private static JobSpec step(Hub hub, Material material, Observed observed) {
    return BackupComponent.pods(hub, material, observed)
        .offload(MediaPlace.RUN, List.of("offload", place(hub, observed)));
  }

  /** Where the app keeps media, as the agent is told. */
  private static String place(Hub hub, Observed observed) {
    return MediaPlace.gateway(hub)
        ? "Gateway"
        : MediaPlace.inBucket(hub, observed) ? "Bucket" : "Volume";
  }

  /** What a step at once is due for: what is wanted, and where the app has come to. */
  private static String run(Hub hub, Observed observed) {
    Offload offload = hub.offload().orElseThrow();
    return Metadata.hash(
        offload.mode(),
        offload.threshold(),
        offload.store().bucket(),
        BackupComponent.place(hub, observed),
        MediaPlace.gateway(hub) ? "Gateway" : MediaPlace.inBucket(hub, observed));
  }

  private static String name(Hub hub, String run) {
    return hub.names().offload() + "-" + run;
  }

  private static boolean done(Hub hub, Observed observed, String run) {
    return observed
            .annotation(new ObjectKey("CronJob", hub.names().offload()), Labels.OFFLOAD_RUN)
            .filter(run::equals)
            .isPresent()
        || BackupComponent.complete(observed, name(hub, run));
  }

  /** Whether a look every four hours will do: nothing moves, and requests are to be spared. */
  private static boolean rests(Hub hub, Observed observed) {
    return Spending.sparing(hub, observed)
        && MediaPlace.newest(observed)
            .map(Report.Offload::phase)
            .filter(
                it ->
                    it == OffloadPhase.LOCAL
                        || it == OffloadPhase.OFFLOADED
                        || it == OffloadPhase.MIRRORED)
            .isPresent();
  }

  /** Whether a step at once has ended, well or not. */
  static boolean asked(Hub hub, Observed observed) {
    String run = run(hub, observed);
    return done(hub, observed, run)
        || observed.job(name(hub, run)).filter(it -> Workloads.is(it, "Failed")).isPresent();
  }

  /** Each hub at a minute of its own. */
  private static int minute(Hub hub) {
    return Math.floorMod(Metadata.hash(hub.names().hub(), hub.names().namespace()).hashCode(), 60);
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    if (hub.offload().isEmpty() || hub.suspended()) {
      return Optional.empty();
    }
    Optional<Report> report = AgentRuns.newest(observed.ended(), MediaPlace.RUN).map(Ended::report);
    return report
        .filter(it -> !it.succeeded())
        .map(it -> lacks("OffloadFailed", "offload: " + it.reason() + ": " + it.message()))
        .or(() -> report.map(Report::storage).flatMap(it -> beyondHelp(hub, it)));
  }

  /** More than the threshold, and not by what could be moved. */
  private static Optional<Health> beyondHelp(Hub hub, Report.Storage storage) {
    long threshold = hub.offload().orElseThrow().threshold();
    long media = storage.volume(Report.Volume.MEDIA).map(Report.Volume::usedBytes).orElse(0L);
    if (storage.bytes() < threshold || media * 100 / storage.bytes() >= LEAST_MEDIA_PERCENT) {
      return Optional.empty();
    }
    String tables =
        storage.tables().stream()
            .map(
                it ->
                    it.name()
                        + " "
                        + Backups.size(it.bytes())
                        + (it.deadPercent() >= 20
                            ? " (" + it.deadPercent() + " % of its rows are dead)"
                            : ""))
            .collect(Collectors.joining(", "));
    return Optional.of(
        lacks(
            "DatabaseLarge",
            "the volumes hold "
                + Backups.size(storage.bytes())
                + ", more than spec.offload.threshold, and it is the database that does, which"
                + " cannot be moved; the largest tables are "
                + tables
                + "; delete what is not needed, VACUUM FULL what has many dead rows, or raise the"
                + " threshold and spec.database.storage"));
  }

  private static Health lacks(String reason, String message) {
    return new Health(Optional.empty(), Serving.UNKNOWN, Phase.LACKING, reason, message);
  }
}
