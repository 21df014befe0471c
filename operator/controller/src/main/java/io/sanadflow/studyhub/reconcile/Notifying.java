package io.sanadflow.studyhub.reconcile;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsSpec;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Heartbeat;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Receiver;
import io.sanadflow.studyhub.api.v1alpha1.SecretKeyRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.notify.Delivery;
import io.sanadflow.studyhub.notify.Destination;
import io.sanadflow.studyhub.notify.Sender;
import io.sanadflow.studyhub.notify.Situation;
import io.sanadflow.studyhub.notify.Situation.Fact;
import io.sanadflow.studyhub.notify.Telling;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells receivers how their hub fares. What they are to be told is in the status first, and sent
 * when the server has it; what they have taken is in the next status. The reconciler is called when
 * an attempt has ended.
 */
final class Notifying extends AbstractEventSource<Sender.Result, StudyHub> {

  /** What was written is sent when the server is known to have it. */
  private static final Duration WRITTEN = Duration.ofSeconds(1);

  /**
   * What the status is to say.
   *
   * @param again when to look again, if there is anything to look for
   */
  record Told(@Nullable NotificationsStatus status, Optional<Duration> again) {}

  private final Sender sender;
  private final EventRecorder events;
  private final Clock clock;
  private final Addresses addresses;
  private final Map<String, Telling> hubs = new ConcurrentHashMap<>();

  Notifying(Sender sender, Surroundings surroundings, EventRecorder events, Clock clock) {
    super(Sender.Result.class, "notifying");
    this.sender = sender;
    this.addresses = new Addresses(surroundings);
    this.events = events;
    this.clock = clock;
  }

  /** That somebody is not told, as a fault of the hub: at once where an address cannot be used. */
  Optional<Health> health(
      StudyHub studyHub, Hub hub, Watches watches, Optional<StudyHubStatus> before) {
    @Nullable NotificationsSpec spec = studyHub.getSpec().notifications();
    if (spec == null) {
      forget(studyHub);
      return Optional.empty();
    }
    return Addresses.named(spec).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(
            it ->
                addresses.of(studyHub, hub, watches, it.getKey(), it.getValue()).unusable().stream()
                    .map(why -> it.getKey() + ": " + why))
        .findFirst()
        .or(
            () ->
                Telling.fails(
                        before.map(StudyHubStatus::notifications).orElse(null), clock.instant())
                    .map(
                        it ->
                            it
                                + " for more than an hour. Nothing is lost meanwhile: see that it"
                                + " runs, or give the Secret in spec.notifications another URL"))
        .map(
            it ->
                new Health(
                    Optional.empty(),
                    Serving.UNKNOWN,
                    Phase.LACKING,
                    Telling.FAILS,
                    "spec.notifications." + it));
  }

  /**
   * Decides who is told what, and has sent what the server knows of.
   *
   * @param drafted the status that is about to be written, of which receivers are told
   */
  Told step(
      StudyHub studyHub, Hub hub, Watches watches, StudyHubStatus drafted, List<Health> healths) {
    @Nullable NotificationsSpec spec = studyHub.getSpec().notifications();
    if (spec == null) {
      return new Told(null, Optional.empty());
    }
    Instant now = clock.instant();
    Telling telling = telling(studyHub);
    Situation situation = situation(drafted, healths);
    Map<String, SecretKeyRef> wanted = Addresses.named(spec);
    List<Receiver> receivers = new ArrayList<>();
    @Nullable Duration again = null;
    @Nullable NotificationsStatus stored =
        studyHub.getStatus() == null ? null : studyHub.getStatus().notifications();
    for (String name : List.of(Telling.SLACK, Telling.WEBHOOK)) {
      if (!wanted.containsKey(name)) {
        sender.forget(telling.key(name));
        continue;
      }
      Addresses.Checked checked = addresses.of(studyHub, hub, watches, name, wanted.get(name));
      Telling.Step step =
          telling.step(
              Telling.receiver(drafted.notifications(), name), situation, checked.unusable(), now);
      receivers.add(step.receiver());
      boolean waits =
          step.receiver().pending() != null
              && checked.unusable().isEmpty()
              && !send(
                  studyHub,
                  hub,
                  name,
                  wanted.get(name),
                  checked,
                  it ->
                      telling.delivery(
                          Telling.receiver(stored, name), step.receiver(), checked.version(), it));
      again = sooner(again, waits ? Optional.of(now.plus(WRITTEN)) : Optional.empty(), now);
      again = sooner(again, step.lookAgain(), now);
    }
    @Nullable Heartbeat heartbeat =
        heartbeat(studyHub, hub, watches, drafted, telling, wanted.get(Telling.HEARTBEAT), now);
    NotificationsStatus after =
        new NotificationsStatus(receivers.isEmpty() ? null : List.copyOf(receivers), heartbeat);
    return new Told(
        receivers.isEmpty() && heartbeat == null ? null : after, Optional.ofNullable(again));
  }

  private static Situation situation(StudyHubStatus drafted, List<Health> healths) {
    return Situation.of(
        Objects.requireNonNull(drafted.conditions()),
        healths.stream()
            .filter(it -> it.phase() == Phase.LACKING)
            .map(it -> new Fact(it.reason(), it.message()))
            .toList(),
        Optional.ofNullable(drafted.offload())
            .filter(it -> it.phase() != null)
            .map(it -> new Fact(it.phase(), Objects.toString(it.message(), ""))));
  }

  private @Nullable Heartbeat heartbeat(
      StudyHub studyHub,
      Hub hub,
      Watches watches,
      StudyHubStatus drafted,
      Telling telling,
      @Nullable SecretKeyRef wanted,
      Instant now) {
    if (wanted == null) {
      sender.forget(telling.key(Telling.HEARTBEAT));
      return null;
    }
    Addresses.Checked checked = addresses.of(studyHub, hub, watches, Telling.HEARTBEAT, wanted);
    StudyHubStatus.@Nullable Backup backup = drafted.backup();
    @Nullable String good = backup == null ? null : backup.lastSuccessTime();
    @Nullable String failed = backup == null ? null : backup.lastFailureTime();
    @Nullable Heartbeat before =
        drafted.notifications() == null ? null : drafted.notifications().heartbeat();
    Heartbeat after =
        telling.heartbeat(before, good, failed, checked.unusable(), checked.noFail(), now);
    if (before != null && checked.unusable().isEmpty()) {
      send(
          studyHub,
          hub,
          Telling.HEARTBEAT,
          wanted,
          checked,
          it -> telling.delivery(after, good, failed, checked.version(), it));
    }
    return after;
  }

  private interface Made {
    Optional<Delivery> to(Destination destination);
  }

  /** Returns whether there was something to send. */
  private boolean send(
      StudyHub studyHub,
      Hub hub,
      String receiver,
      SecretKeyRef reference,
      Addresses.Checked checked,
      Made made) {
    // Made once without the address, which takes a request, to see whether it is under way.
    Optional<Delivery> due = made.to(Destination.UNREAD);
    if (due.isEmpty()) {
      return false;
    }
    boolean underWay =
        sender
            .underWay(due.get().key())
            .filter(it -> it.id().equals(due.get().id()))
            .filter(it -> it.version().equals(checked.version()))
            .isPresent();
    if (!underWay) {
      ResourceID id = ResourceID.fromResource(studyHub);
      Telling telling = telling(studyHub);
      try {
        made.to(addresses.read(hub, studyHub.getSpec().notifications(), reference))
            .ifPresent(
                delivery ->
                    sender.offer(
                        delivery,
                        it -> {
                          telling.came(receiver, it);
                          getEventHandler().handleEvent(new Event(id));
                        }));
      } catch (Destination.UnusableException changed) {
        // Its Secret has changed this very moment, and calls for another visit.
        return true;
      }
    }
    return true;
  }

  /** Tells by an Event that a receiver is not reached any more, or again. */
  void transitions(StudyHub hub, Optional<StudyHubStatus> before, StudyHubStatus after) {
    @Nullable NotificationsStatus was = before.map(StudyHubStatus::notifications).orElse(null);
    for (Receiver is : all(after.notifications())) {
      boolean failed = Telling.receiver(was, is.name()).failingSince() != null;
      if (!failed && is.failingSince() != null) {
        events.tell(
            hub,
            "Warning",
            "NotificationNotTaken",
            "spec.notifications.%s: %s; what it misses waits until it is taken"
                .formatted(is.name(), is.lastError()));
      } else if (failed && is.failingSince() == null) {
        events.tell(
            hub, "Normal", "NotificationTaken", "spec.notifications." + is.name() + " is reached");
      }
    }
  }

  private static List<Receiver> all(@Nullable NotificationsStatus status) {
    return status == null || status.receivers() == null ? List.of() : status.receivers();
  }

  private Telling telling(StudyHub hub) {
    var metadata = hub.getMetadata();
    return hubs.computeIfAbsent(
        metadata.getUid(), it -> new Telling(metadata.getNamespace(), metadata.getName(), it));
  }

  /** The hub is gone, or tells nobody any more. */
  void forget(StudyHub gone) {
    String uid = gone.getMetadata().getUid();
    addresses.forget(uid);
    @Nullable Telling telling = hubs.remove(uid);
    if (telling != null) {
      Stream.of(Telling.SLACK, Telling.WEBHOOK, Telling.HEARTBEAT)
          .forEach(it -> sender.forget(telling.key(it)));
    }
  }

  private static @Nullable Duration sooner(
      @Nullable Duration one, Optional<Instant> other, Instant now) {
    // Not a moment too early, or one more visit finds the same.
    Optional<Duration> wait = other.map(it -> Duration.between(now, it).plusMillis(50));
    return wait.filter(it -> one == null || it.compareTo(one) < 0).orElse(one);
  }

  @Override
  public Set<Sender.Result> getSecondaryResources(StudyHub hub) {
    return Set.of();
  }
}
