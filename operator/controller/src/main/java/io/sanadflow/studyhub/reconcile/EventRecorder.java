package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.model.Labels;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an Event when a condition that people act on changes, and only then. */
final class EventRecorder {

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** The longest note that the API server takes. */
  private static final int NOTE_LIMIT = 1024;

  /** The conditions that are told, and the status that is good news. */
  private static final Map<String, String> TOLD =
      Map.of(
          ConditionType.READY.text(), "True",
          ConditionType.STALLED.text(), "False",
          ConditionType.DEGRADED.text(), "False",
          ConditionType.SUSPENDED.text(), "");

  /** Reasons for not being ready that are the user's own word. */
  private static final Set<String> AS_WANTED = Set.of("Suspended", Health.SCALED_TO_ZERO);

  /** Where the media of a hub are of which nothing is said yet. */
  private static final String LOCAL = "Local";

  private final KubernetesClient client;
  private final Clock clock;
  private final String instance;
  // As client-go names events: the object's name and a number that grows.
  private final AtomicLong unique;

  EventRecorder(KubernetesClient client, Clock clock, String instance) {
    this.client = client;
    this.clock = clock;
    this.instance = instance;
    this.unique = new AtomicLong(clock.millis() << 20);
  }

  /** Tells what changed from one status to the next. */
  void transitions(StudyHub hub, Optional<StudyHubStatus> before, List<Condition> after) {
    Map<String, Condition> last =
        before.map(StudyHubStatus::conditions).orElse(List.of()).stream()
            .collect(Collectors.toMap(Condition::type, it -> it, (a, b) -> b));
    for (Condition condition : after) {
      if (TOLD.containsKey(condition.type()) && news(last.get(condition.type()), condition)) {
        boolean warning =
            !TOLD.get(condition.type()).isEmpty()
                && !condition.status().equals(TOLD.get(condition.type()))
                && !AS_WANTED.contains(condition.reason())
                // That a new hub is not ready yet is no failure.
                && !(condition.type().equals(ConditionType.READY.text())
                    && last.get(condition.type()) == null);
        record(hub, warning ? "Warning" : "Normal", condition);
      }
    }
  }

  /** Tells that media have come to another phase of their way. */
  void moves(StudyHub hub, Optional<StudyHubStatus> before, StudyHubStatus after) {
    StudyHubStatus.Offload now = after.offload();
    String last =
        before.map(StudyHubStatus::offload).map(StudyHubStatus.Offload::phase).orElse(LOCAL);
    if (now != null && !last.equals(now.phase())) {
      tell(hub, "Normal", "Media" + now.phase(), now.message());
    }
  }

  private static boolean news(Condition before, Condition now) {
    boolean quiet = "False".equals(now.status()) && !now.type().equals(ConditionType.READY.text());
    if (before == null) {
      return !quiet && !now.type().equals(ConditionType.READY.text());
    }
    boolean changed = !before.status().equals(now.status());
    boolean stillBad =
        !quiet && "True".equals(now.status()) && !now.type().equals(ConditionType.READY.text());
    return changed || (stillBad && !before.reason().equals(now.reason()));
  }

  private void record(StudyHub hub, String type, Condition condition) {
    tell(
        hub,
        type,
        condition.reason(),
        condition.type() + "=" + condition.status() + ": " + condition.message());
  }

  /**
   * Tells of one of the operator's own resources.
   *
   * @param type Normal or Warning
   * @param reason one word in CamelCase
   */
  void tell(HasMetadata about, String type, String reason, String note) {
    var metadata = about.getMetadata();
    String now = MICROS.format(clock.instant());
    try {
      client
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withName(metadata.getName() + "." + Long.toHexString(unique.incrementAndGet()))
                  .withNamespace(metadata.getNamespace())
                  .endMetadata()
                  .withEventTime(new MicroTime(now))
                  .withReportingController(StudyHub.GROUP + "/" + Labels.OPERATOR)
                  .withReportingInstance(instance)
                  .withAction("Reconcile")
                  .withReason(reason)
                  .withType(type)
                  .withNote(
                      note.length() <= NOTE_LIMIT
                          ? note
                          : note.substring(0, NOTE_LIMIT - 3) + "...")
                  .withRegarding(
                      new ObjectReferenceBuilder()
                          .withApiVersion(StudyHub.GROUP + "/" + StudyHub.VERSION)
                          .withKind(about.getKind())
                          .withName(metadata.getName())
                          .withNamespace(metadata.getNamespace())
                          .withUid(metadata.getUid())
                          .build())
                  .build())
          .create();
    } catch (KubernetesClientException refused) {
      // An event is a courtesy: the condition says the same.
      log.warn("no event for {}: {}", metadata.getName(), refused.getMessage());
    }
  }
}
