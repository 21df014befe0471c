package io.sanadflow.studyhub.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a request: {@code ?expires=SECONDS&signature=BASE64URL}, the HMAC-SHA-256 of
 * path, line break and expires, as docs/offload.md has it for apps.
 */
final class Signing {

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /** Signing with the text of the key's file. */
  Signing(String key) {
    this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /** The signature of a path until a second since 1970, without padding. */
  String sign(String path, long expires) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] sum = mac.doFinal((path + "\n" + expires).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(sum);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Until when a request is signed.
   *
   * @param query as it was sent
   * @return empty if it is not signed with the key, or its time is over
   */
  Optional<Instant> until(String path, String query, Instant now) {
    Optional<String> signature = parameter(query, "signature");
    Optional<Long> expires =
        parameter(query, "expires").filter(it -> it.matches("[0-9]{1,12}")).map(Long::valueOf);
    if (signature.isEmpty() || expires.isEmpty()) {
      return Optional.empty();
    }
    boolean same =
        MessageDigest.isEqual(
            sign(path, expires.get()).getBytes(StandardCharsets.UTF_8),
            signature.get().getBytes(StandardCharsets.UTF_8));
    return Optional.of(Instant.ofEpochSecond(expires.get())).filter(it -> same && it.isAfter(now));
  }

  private static Optional<String> parameter(String query, String name) {
    for (String part : query.split("&")) {
      if (part.startsWith(name + "=")) {
        return Optional.of(part.substring(name.length() + 1));
      }
    }
    return Optional.empty();
  }
}
