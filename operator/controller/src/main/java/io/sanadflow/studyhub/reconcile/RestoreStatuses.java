package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestoreStatus;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.Backups;
import io.sanadflow.studyhub.component.RestoreView.Phase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the statuses of restores, whose only writer it is: what it wrote is known before
 * the cache has it.
 */
final class RestoreStatuses {

  private static final String SUCCEEDED = "Succeeded";

  private final KubernetesClient client;
  private final Clock clock;
  private final EventRecorder events;
  private final Map<String, StudyHubRestoreStatus> written = new ConcurrentHashMap<>();

  RestoreStatuses(KubernetesClient client, Clock clock, EventRecorder events) {
    this.client = client;
    this.clock = clock;
    this.events = events;
  }

  /** The newest status; empty before the first visit. */
  Optional<StudyHubRestoreStatus> of(StudyHubRestore restore) {
    return Optional.ofNullable(written.get(restore.getMetadata().getUid()))
        .or(() -> Optional.ofNullable(restore.getStatus()));
  }

  Phase phase(StudyHubRestore restore) {
    return Phase.of(of(restore).map(StudyHubRestoreStatus::phase).orElse(""));
  }

  /** The condition; empty before the first visit. */
  Optional<Condition> condition(StudyHubRestore restore) {
    return of(restore)
        .map(StudyHubRestoreStatus::conditions)
        .flatMap(it -> it.stream().filter(one -> one.type().equals(SUCCEEDED)).findFirst());
  }

  /** When the condition last changed from one status to another. */
  Instant since(StudyHubRestore restore) {
    return condition(restore)
        .map(it -> Instant.parse(it.lastTransitionTime()))
        .orElse(Instant.EPOCH);
  }

  /** Forgets a restore that is gone. */
  void forget(String uid) {
    written.remove(uid);
  }

  /** Forgets those that are gone. */
  void forgetAllBut(List<StudyHubRestore> there) {
    written
        .keySet()
        .retainAll(there.stream().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet()));
  }

  /** Tells where a restore is. */
  void tell(StudyHubRestore restore, Phase phase, String reason, String message) {
    write(restore, phase, reason, message, of(restore).orElse(null));
  }

  /** Writes what was loaded. */
  void note(StudyHubRestore restore, Report report) {
    Report.Restore loaded = Objects.requireNonNull(report.restore());
    StudyHubRestoreStatus last = of(restore).orElse(null);
    write(
        restore,
        Phase.LOADING,
        "Loaded",
        report.message(),
        new StudyHubRestoreStatus(
            restore.getMetadata().getGeneration(),
            last == null ? null : last.conditions(),
            Phase.LOADING.text(),
            loaded.backup().key(),
            loaded.until().toString(),
            null,
            loaded.tables(),
            loaded.rows(),
            null,
            null));
  }

  /** Writes how many media files were fetched. */
  void files(StudyHubRestore restore, long files) {
    StudyHubRestoreStatus last = of(restore).orElseThrow();
    Condition now = condition(restore).orElseThrow();
    if (last.files() == null || last.files() != files) {
      write(
          restore,
          Phase.of(String.valueOf(last.phase())),
          now.reason(),
          now.message(),
          new StudyHubRestoreStatus(
              last.observedGeneration(),
              last.conditions(),
              last.phase(),
              last.key(),
              last.restoredTo(),
              last.previousDatabase(),
              last.tables(),
              last.rows(),
              files,
              last.duration()));
    }
  }

  /** Writes that the hub has the data of the backup; {@code previous} is null once deleted. */
  void succeeded(
      StudyHubRestore restore, @Nullable String previous, Instant begun, String message) {
    StudyHubRestoreStatus last = of(restore).orElseThrow();
    String duration =
        last.duration() != null
            ? last.duration()
            : Backups.duration(Math.max(0, Duration.between(begun, clock.instant()).toSeconds()));
    write(
        restore,
        Phase.SUCCEEDED,
        "Restored",
        message,
        new StudyHubRestoreStatus(
            last.observedGeneration(),
            last.conditions(),
            Phase.SUCCEEDED.text(),
            last.key(),
            last.restoredTo(),
            previous,
            last.tables(),
            last.rows(),
            last.files(),
            duration));
  }

  /**
   * The conditions of a phase: Succeeded, and for kstatus what is under way or needs help, which is
   * said by these being there.
   *
   * @param before those of the last status, whose times stay where nothing changed
   */
  static List<Condition> conditions(
      List<Condition> before,
      Phase phase,
      long generation,
      String reason,
      String message,
      Instant now) {
    Map<String, String> statuses = new LinkedHashMap<>();
    switch (phase) {
      case SUCCEEDED -> statuses.put(SUCCEEDED, "True");
      case FAILED -> {
        statuses.put(SUCCEEDED, "False");
        statuses.put(ConditionType.STALLED.text(), "True");
      }
      default -> {
        statuses.put(SUCCEEDED, "Unknown");
        statuses.put(ConditionType.RECONCILING.text(), "True");
      }
    }
    List<Condition> after = new ArrayList<>();
    statuses.forEach(
        (type, status) ->
            after.add(
                new Condition(
                    type,
                    status,
                    generation,
                    before.stream()
                        .filter(it -> it.type().equals(type) && it.status().equals(status))
                        .findFirst()
                        .map(Condition::lastTransitionTime)
                        .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString()),
                    reason,
                    message)));
    return List.copyOf(after);
  }

  private void write(
      StudyHubRestore restore,
      Phase phase,
      String reason,
      String message,
      @Nullable StudyHubRestoreStatus base) {
    Optional<Condition> before = condition(restore);
    boolean failed = phase == Phase.FAILED;
    List<Condition> conditions =
        conditions(
            of(restore).map(StudyHubRestoreStatus::conditions).orElse(List.of()),
            phase,
            restore.getMetadata().getGeneration(),
            reason,
            message,
            clock.instant());
    StudyHubRestoreStatus after =
        new StudyHubRestoreStatus(
            restore.getMetadata().getGeneration(),
            conditions,
            phase.text(),
            base == null ? null : base.key(),
            base == null || failed ? null : base.restoredTo(),
            base == null ? null : base.previousDatabase(),
            base == null ? null : base.tables(),
            base == null ? null : base.rows(),
            base == null ? null : base.files(),
            base == null ? null : base.duration());
    if (of(restore).filter(after::equals).isPresent()) {
      return;
    }
    StudyHubRestore patch = new StudyHubRestore();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(restore.getMetadata().getName())
            .withNamespace(restore.getMetadata().getNamespace())
            // Never one that has taken its name since.
            .withUid(restore.getMetadata().getUid())
            .build());
    patch.setStatus(after);
    client.resource(patch).subresource("status").patch(Applier.APPLY);
    written.put(restore.getMetadata().getUid(), after);
    if (before.filter(it -> it.reason().equals(reason)).isEmpty()) {
      events.tell(restore, failed ? "Warning" : "Normal", reason, message);
    }
  }
}
