package io.sanadflow.studyhub.notify;

import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Heartbeat;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Message;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the receivers of one hub know and are told: made of the status that was written last, of how
 * the hub stands, and of what came of the attempts to send.
 */
public final class Telling {

  /** The receiver that is a Slack webhook. */
  public static final String SLACK = "slack";

  /** The receiver that is any webhook. */
  public static final String WEBHOOK = "webhook";

  /** The receiver of heartbeats. */
  public static final String HEARTBEAT = "heartbeat";

  /** The reason for being Degraded of a hub of which a receiver is not reached for long. */
  public static final String FAILS = "NotificationsFail";

  /** A receiver that is not reached for this time is a fault, and no hiccup. */
  public static final Duration FAILS_AFTER = Duration.ofHours(1);

  /** An attempt that fails is told from this one on: others are hiccups. */
  private static final int TOLD_FROM_ATTEMPT = 3;

  private final String namespace;
  private final String hub;
  private final String uid;
  private final Map<String, Settling> settling = new HashMap<>();
  private final Map<String, Sender.Result> results = new HashMap<>();

  /** Of a hub. */
  public Telling(String namespace, String hub, String uid) {
    this.namespace = namespace;
    this.hub = hub;
    this.uid = uid;
  }

  /**
   * A step of a receiver.
   *
   * @param receiver what the status is to say of it
   * @param lookAgain when something may be told that may not yet
   */
  public record Step(Receiver receiver, Optional<Instant> lookAgain) {}

  /** What came of an attempt. */
  public synchronized void came(String receiver, Sender.Result result) {
    results.put(receiver, result);
  }

  /** What the status of before says of a receiver. */
  public static Receiver receiver(@Nullable NotificationsStatus before, String name) {
    return Optional.ofNullable(before)
        .map(NotificationsStatus::receivers)
        .orElse(List.of())
        .stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseGet(() -> new Receiver(name, null, null, null, null, null));
  }

  /**
   * One step of a receiver of messages.
   *
   * @param unusable why its address cannot be used
   */
  public synchronized Step step(
      Receiver before, Situation situation, Optional<String> unusable, Instant now) {
    Receiver after = applied(before, unusable, now);
    // That it is not reached cannot be told to it.
    Situation told = after.failingSince() == null ? situation : situation.without(FAILS);
    Outbox.Step step =
        new Outbox(told, settling.computeIfAbsent(before.name(), it -> new Settling()), now, uid)
            .step(after);
    return new Step(step.receiver(), step.lookAgain());
  }

  private Receiver applied(Receiver before, Optional<String> unusable, Instant now) {
    List<Message> pending = before.pending() == null ? List.of() : before.pending();
    Optional<Sender.Result> result =
        Optional.ofNullable(results.get(before.name()))
            .filter(it -> !pending.isEmpty() && it.id().equals(pending.get(0).id()));
    if (result.filter(it -> it.failure().isEmpty()).isPresent()) {
      List<Message> left = pending.subList(1, pending.size());
      return new Receiver(
          before.name(),
          before.told(),
          seconds(result.get().time()),
          null,
          null,
          left.isEmpty() ? null : List.copyOf(left));
    }
    Optional<String> failure = unusable.or(() -> result.flatMap(Telling::lasting));
    boolean mended = unusable.isEmpty() && pending.isEmpty();
    return new Receiver(
        before.name(),
        before.told(),
        before.lastSent(),
        failure.orElse(mended ? null : before.lastError()),
        failingSince(before.failingSince(), failure.isPresent(), mended, now),
        before.pending());
  }

  private static Optional<String> lasting(Sender.Result result) {
    return result.attempt() < TOLD_FROM_ATTEMPT ? Optional.empty() : result.failure();
  }

  private static @Nullable String failingSince(
      @Nullable String before, boolean fails, boolean mended, Instant now) {
    return mended ? null : before != null || !fails ? before : seconds(now);
  }

  /**
   * One step of the heartbeat monitor.
   *
   * @param noFail whether the service has no signal for failures
   */
  public synchronized Heartbeat heartbeat(
      @Nullable Heartbeat before,
      @Nullable String lastSuccess,
      @Nullable String lastFailure,
      Optional<String> unusable,
      boolean noFail,
      Instant now) {
    if (before == null) {
      // What was before there was a monitor is not its business: it counts from the next one.
      return new Heartbeat(seconds(now), seconds(now), null, unusable.orElse(null), null);
    }
    Optional<Beat> beat = Beat.next(before, lastSuccess, lastFailure);
    if (beat.isEmpty()) {
      return new Heartbeat(
          before.toldSuccess(),
          before.toldFailure(),
          before.lastSent(),
          unusable.orElse(null),
          unusable.isEmpty() ? null : failingSince(before.failingSince(), true, false, now));
    }
    if (!beat.get().good() && noFail && unusable.isEmpty()) {
      return beat.get().told(before, null);
    }
    Optional<Sender.Result> result =
        Optional.ofNullable(results.get(HEARTBEAT)).filter(it -> it.id().equals(beat.get().id()));
    if (result.filter(it -> it.failure().isEmpty()).isPresent()) {
      return beat.get().told(before, seconds(result.get().time()));
    }
    Optional<String> failure = unusable.or(() -> result.flatMap(Telling::lasting));
    return new Heartbeat(
        before.toldSuccess(),
        before.toldFailure(),
        before.lastSent(),
        failure.orElse(before.lastError()),
        failingSince(before.failingSince(), failure.isPresent(), false, now));
  }

  /** The message that a receiver is sent now, if one is stored under this id on the server too. */
  public Optional<Delivery> delivery(
      Receiver stored, Receiver receiver, String version, Destination destination) {
    return Optional.ofNullable(receiver.pending())
        .map(it -> it.get(0))
        .filter(
            it ->
                stored.pending() != null
                    && stored.pending().stream().anyMatch(one -> one.id().equals(it.id())))
        .map(
            it ->
                new Delivery(
                    key(receiver.name()),
                    it.id(),
                    version,
                    destination,
                    Map.of("Idempotency-Key", it.id()),
                    Optional.of(
                        receiver.name().equals(SLACK)
                            ? Bodies.slack(namespace + "/" + hub, it)
                            : Bodies.webhook(namespace, hub, it))));
  }

  /** The signal that the heartbeat monitor is sent now. */
  public Optional<Delivery> delivery(
      Heartbeat stored,
      @Nullable String lastSuccess,
      @Nullable String lastFailure,
      String version,
      Destination destination) {
    return Beat.next(stored, lastSuccess, lastFailure)
        .map(
            it ->
                new Delivery(
                    key(HEARTBEAT),
                    it.id(),
                    version,
                    it.good() ? destination : destination.under("fail"),
                    Map.of(),
                    Optional.empty()));
  }

  /** Whether a service has no signal for failures. */
  public static boolean noFail(Destination destination) {
    return !Beat.hasFail(destination.uri());
  }

  /** The key of a receiver's deliveries, which no other has. */
  public String key(String receiver) {
    return namespace + "/" + hub + " " + receiver + " " + uid;
  }

  /** Whether a receiver of before is not reached for long. */
  public static Optional<String> fails(@Nullable NotificationsStatus before, Instant now) {
    if (before == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(before.receivers()).orElse(List.of()).stream()
        .filter(it -> forLong(it.failingSince(), now))
        .map(it -> it.name() + " " + Objects.toString(it.lastError(), "is not reached"))
        .findFirst()
        .or(
            () ->
                Optional.ofNullable(before.heartbeat())
                    .filter(it -> forLong(it.failingSince(), now))
                    .map(
                        it ->
                            HEARTBEAT + " " + Objects.toString(it.lastError(), "is not reached")));
  }

  private static boolean forLong(@Nullable String since, Instant now) {
    return since != null && Instant.parse(since).plus(FAILS_AFTER).isBefore(now);
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
