package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Span;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.status.Availability;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A hub as it is known at the moment.
 *
 * @param resource as the cache has it, status included
 * @param hub the same with everything decided, once its parts were asked
 * @param report what its parts answered
 * @param asked when they were asked last
 * @param lastDump the status of the newest good dump
 * @param absences when no operator ran
 * @param now the moment of this look
 */
public record WatchedHub(
    StudyHub resource,
    Optional<Hub> hub,
    ProbeReport report,
    Optional<Instant> asked,
    Optional<StudyHubBackupStatus> lastDump,
    List<Span> absences,
    Instant now) {

  /** Its namespace. */
  public String namespace() {
    return resource.getMetadata().getNamespace();
  }

  /** Its name. */
  public String name() {
    return resource.getMetadata().getName();
  }

  /** What was written of it last. */
  public Optional<StudyHubStatus> status() {
    return Optional.ofNullable(resource.getStatus());
  }

  /** Its conditions; none before the first visit. */
  public List<Condition> conditions() {
    return status().map(StudyHubStatus::conditions).orElse(List.of());
  }

  /** One of its conditions. */
  public Optional<Condition> condition(ConditionType type) {
    return conditions().stream().filter(it -> it.type().equals(type.text())).findFirst();
  }

  /** What the status says of uptime, once the app has answered. */
  public Optional<StudyHubStatus.Uptime> uptime() {
    return status().map(StudyHubStatus::uptime);
  }

  /** How long it was up, as far as that is known. */
  public Optional<Availability> availability() {
    return uptime()
        .flatMap(it -> hub.map(known -> Availability.of(it, known.monitoring(), absences, now)));
  }
}
