package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsSpec;
import io.sanadflow.studyhub.api.v1alpha1.SecretKeyRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.notify.Destination;
import io.sanadflow.studyhub.notify.Telling;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of receivers, which are credentials: read from their Secrets when something is
 * sent, and looked at once after each change, so that a bad one is told before it is needed.
 */
final class Addresses {

  /**
   * What is known of an address, without it.
   *
   * @param version of the Secrets that it was read from
   * @param unusable why it cannot be used
   * @param noFail whether the service has no signal for failures
   */
  record Checked(String version, Optional<String> unusable, boolean noFail) {}

  private final Surroundings surroundings;
  // By the hub's uid, then by receiver.
  private final Map<String, Map<String, Checked>> known = new ConcurrentHashMap<>();

  Addresses(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The receivers that a spec names. */
  static Map<String, SecretKeyRef> named(NotificationsSpec spec) {
    Map<String, SecretKeyRef> all = new HashMap<>();
    if (spec.slack() != null) {
      all.put(Telling.SLACK, spec.slack().webhookSecret());
    }
    if (spec.webhook() != null) {
      all.put(Telling.WEBHOOK, spec.webhook().urlSecret());
    }
    if (spec.heartbeat() != null) {
      all.put(Telling.HEARTBEAT, spec.heartbeat().urlSecret());
    }
    return all;
  }

  /** What is known of the address that a receiver has now. */
  Checked of(StudyHub studyHub, Hub hub, Watches watches, String receiver, SecretKeyRef reference) {
    @Nullable NotificationsSpec spec = studyHub.getSpec().notifications();
    String version =
        reference.key()
            + Surroundings.digest(
                watches,
                hub,
                Stream.concat(
                        Stream.of(reference.name()), authority(spec).map(NameRef::name).stream())
                    .toList());
    return Objects.requireNonNull(
        known
            .computeIfAbsent(studyHub.getMetadata().getUid(), it -> new ConcurrentHashMap<>())
            .compute(
                receiver,
                (name, last) ->
                    last != null && last.version().equals(version)
                        ? last
                        : check(hub, spec, reference, version)));
  }

  private Checked check(
      Hub hub, @Nullable NotificationsSpec spec, SecretKeyRef reference, String version) {
    try {
      return new Checked(version, Optional.empty(), Telling.noFail(read(hub, spec, reference)));
    } catch (Destination.UnusableException unusable) {
      return new Checked(
          version,
          Optional.of(
              "the value of key %s in Secret %s %s"
                  .formatted(reference.key(), reference.name(), unusable.getMessage())),
          true);
    }
  }

  /** Reads an address from its Secret. */
  Destination read(Hub hub, @Nullable NotificationsSpec spec, SecretKeyRef reference)
      throws Destination.UnusableException {
    return Destination.of(
        surroundings.content(hub, reference.name()).getOrDefault(reference.key(), ""),
        authority(spec).map(it -> surroundings.content(hub, it.name()).getOrDefault("ca.crt", "")));
  }

  private static Optional<NameRef> authority(@Nullable NotificationsSpec spec) {
    return Optional.ofNullable(spec).map(NotificationsSpec::caSecret);
  }

  /** The hub is gone. */
  void forget(String uid) {
    known.remove(uid);
  }
}
