package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes passwords and keys where there are none yet. */
final class Passwords {

  private static final int BYTES = 24;

  private final SecureRandom random = new SecureRandom();

  /**
   * The passwords of a hub.
   *
   * @param secrets the hub's own Secrets by name, decoded
   * @param last what they were before
   */
  Credentials of(
      Names names,
      Function<String, Optional<Map<String, String>>> secrets,
      Optional<Credentials> last) {
    Map<String, String> database = secrets.apply(names.auth(names.database())).orElse(Map.of());
    Map<String, String> redis = secrets.apply(names.auth(names.redis())).orElse(Map.of());
    return new Credentials(
        password(database.get("superuser"), last.map(Credentials::superuser)),
        password(database.get("owner"), last.map(Credentials::owner)),
        password(database.get("app"), last.map(Credentials::app)),
        password(database.get("monitor"), last.map(Credentials::monitor)),
        password(database.get("pooler-admin"), last.map(Credentials::poolerAdmin)),
        password(redis.get("password"), last.map(Credentials::redis)));
  }

  /** The key that requests for media are signed with. */
  String signingKey(
      Names names,
      Function<String, Optional<Map<String, String>>> secrets,
      Optional<Material> before) {
    return password(
        secrets.apply(names.auth(names.media())).orElse(Map.of()).get("key"),
        before.flatMap(Material::gateway).map(Material.Gateway::signingKey));
  }

  /** Hex, so that it needs no quoting in a URL or a file. */
  private String password(@Nullable String stored, Optional<String> last) {
    if (stored != null && stored.matches("[A-Za-z0-9]{16,128}")) {
      return stored;
    }
    return last.orElseGet(
        () -> {
          byte[] bytes = new byte[BYTES];
          random.nextBytes(bytes);
          return HexFormat.of().formatHex(bytes);
        });
  }
}
