package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Volume;
import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.PoolerSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The URLs by which the app and its migration reach the database. */
final class DatabaseAccess {

  /** Where a container finds what signs the database's certificate. */
  static final String AUTHORITY_DIRECTORY = "/etc/studyhub/database-ca";

  /** Where a container finds what signs the hub's own certificates. */
  static final String HUB_AUTHORITY_DIRECTORY = "/etc/studyhub/ca";

  // Half of a pod's pool, so that a rolling update finds connections; Prisma reads it from the URL.
  private static final int CONNECTION_LIMIT = 5;

  private DatabaseAccess() {}

  /** Whether the database's authority is a private one, which is given; else it is public. */
  static boolean hasAuthority(Hub hub) {
    return hub.database().external().isEmpty()
        || hub.database().external().get().authoritySecret().isPresent();
  }

  /** The volume that {@link #AUTHORITY_DIRECTORY} is mounted from. */
  static Volume authority(Hub hub) {
    String secret =
        hub.database()
            .external()
            .flatMap(Hub.External::authoritySecret)
            .orElseGet(() -> hub.names().authority());
    return Pods.secret("database-ca", secret, List.of(AuthorityComponent.CA));
  }

  /** Through the pooler in the app's own pod. */
  static String pooled(Hub hub, Material material) {
    // An app without a migration makes its own tables, so it connects as their owner.
    boolean owner = hub.app().migration().isEmpty();
    String user =
        material.external().isPresent()
            ? material.external().get().username()
            : owner ? Credentials.OWNER : Credentials.APP;
    String password =
        material.external().isPresent()
            ? material.external().get().password()
            : owner ? material.credentials().owner() : material.credentials().app();
    return url(
        user,
        password,
        "localhost",
        PoolerSettings.PORT,
        PoolerComponent.database(hub),
        "sslmode=verify-full&sslrootcert="
            + HUB_AUTHORITY_DIRECTORY
            + "/"
            + AuthorityComponent.CA
            + "&connection_limit="
            + CONNECTION_LIMIT
            + "&connect_timeout=30");
  }

  /** Past the pooler, as the owner: a migration needs one session and may need to wait in it. */
  static String direct(Hub hub, Material material) {
    // Without sslrootcert the client takes the public authorities that it knows.
    String tls =
        hasAuthority(hub)
            ? "sslmode=verify-full&sslrootcert=" + AUTHORITY_DIRECTORY + "/" + AuthorityComponent.CA
            : "sslmode=verify-full";
    if (material.external().isPresent()) {
      Hub.External external = hub.database().external().orElseThrow();
      return url(
          material.external().get().username(),
          material.external().get().password(),
          external.host(),
          external.port(),
          external.database(),
          tls + "&connection_limit=1");
    }
    return url(
        Credentials.OWNER,
        material.credentials().owner(),
        hub.names().host(hub.names().database()),
        5432,
        Credentials.DATABASE,
        tls + "&connection_limit=1");
  }

  private static String url(
      String user, String password, String host, int port, String database, String parameters) {
    return "postgresql://"
        + encoded(user)
        + ":"
        + encoded(password)
        + "@"
        + host
        + ":"
        + port
        + "/"
        + encoded(database)
        + "?"
        + parameters;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
