package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.model.Hub;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens that open the details of hubs' health. They are not in the caches, which keep hashes
 * of what is the user's; each is read when it is asked for, at most every half minute.
 */
final class HealthTokens {

  private static final Duration KEPT = Duration.ofSeconds(30);

  private record Token(String secret, Optional<String> value, Instant read) {}

  private final Map<String, Token> tokens = new ConcurrentHashMap<>();
  private final Surroundings surroundings;
  private final Clock clock;

  HealthTokens(Surroundings surroundings, Clock clock) {
    this.surroundings = surroundings;
    this.clock = clock;
  }

  /** Whether this is the hub's token; nothing is where there is none. */
  boolean isOf(Hub hub, String given) {
    Optional<Hub.EncryptionKey> key = hub.monitoring().token();
    if (key.isEmpty()) {
      return false;
    }
    Token known =
        tokens.compute(
            hub.uid(),
            (uid, last) ->
                last != null
                        && last.secret().equals(key.get().toString())
                        && last.read().plus(KEPT).isAfter(clock.instant())
                    ? last
                    : read(hub, key.get()));
    return known
        .value()
        .map(
            it ->
                MessageDigest.isEqual(
                    it.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8)))
        .orElse(false);
  }

  private Token read(Hub hub, Hub.EncryptionKey key) {
    Optional<String> value;
    try {
      value =
          Optional.ofNullable(surroundings.content(hub, key.secret()).get(key.key()))
              .map(String::strip)
              .filter(it -> !it.isEmpty());
    } catch (KubernetesClientException unreadable) {
      value = Optional.empty();
    }
    return new Token(key.toString(), value, clock.instant());
  }

  /** The hub is gone. */
  void forget(String uid) {
    tokens.remove(uid);
  }
}
