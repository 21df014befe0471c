package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.PoolerSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a PgBouncer reads at its start and at a reload: settings, users, and the authority of its
 * database. They are in one Secret, so that the kubelet brings all of them at once.
 *
 * @param revision a hash over all of them, which is among the settings: a PgBouncer that shows it
 *     has read these very files
 * @param content by file name
 */
record PoolerFiles(String revision, Map<String, String> content) {

  /** The setting that shows the revision; nothing is sent to syslog, so nobody else reads it. */
  static final String REVISION = "syslog_ident";

  private static final String SETTINGS = "settings.ini";

  private static final String USERS = "userlist.txt";

  static PoolerFiles of(Hub hub, Material material) {
    String users = users(hub, material);
    Map<String, String> content = new LinkedHashMap<>();
    content.put(USERS, users);
    String authority = "";
    if (DatabaseAccess.hasAuthority(hub)) {
      authority =
          hub.database().external().isEmpty()
              ? material.authority()
              : material.external().flatMap(Material.ExternalLogin::authority).orElse("");
      content.put(PoolerSettings.AUTHORITY, authority);
    }
    SortedMap<String, String> settings =
        new TreeMap<>(PoolerSettings.reloadable(hub.pooler().settings()));
    String revision = "studyhub-" + Metadata.hash(settings, sections(hub), users, authority);
    settings.put(REVISION, revision);
    // The pooler's own section comes first, since the file that includes this one has opened it.
    content.put(SETTINGS, Metadata.lines(settings, " = ") + sections(hub));
    return new PoolerFiles(revision, content);
  }

  /** The names of the files. */
  static List<String> names(Hub hub) {
    return DatabaseAccess.hasAuthority(hub)
        ? List.of(SETTINGS, USERS, PoolerSettings.AUTHORITY)
        : List.of(SETTINGS, USERS);
  }

  private static String sections(Hub hub) {
    String host =
        hub.database()
            .external()
            .map(Hub.External::host)
            .orElseGet(() -> hub.names().host(hub.names().database()));
    int port = hub.database().external().map(Hub.External::port).orElse(5432);
    String database = PoolerComponent.database(hub);
    // A name here cannot be quoted; Checks holds it to what PgBouncer reads.
    String text =
        "\n[databases]\n%s = host=%s port=%d dbname='%s'\n"
            .formatted(database, host, port, database.replace("'", "''"));
    if (hub.database().external().isPresent()) {
      return text;
    }
    // The operator's question takes one connection for one transaction, beside the app's pool.
    return text
        + "\n[users]\n"
        + Credentials.MONITOR
        + " = pool_mode=transaction max_user_connections=1\n";
  }

  private static String users(Hub hub, Material material) {
    Map<String, String> users = new LinkedHashMap<>();
    Credentials credentials = material.credentials();
    if (material.external().isPresent()) {
      users.put(material.external().get().username(), material.external().get().password());
    } else {
      users.put(Credentials.APP, credentials.app());
      users.put(Credentials.OWNER, credentials.owner());
      users.put(Credentials.MONITOR, credentials.monitor());
    }
    users.put(Credentials.POOLER_ADMIN, credentials.poolerAdmin());
    return users.entrySet().stream()
        .map(it -> quoted(it.getKey()) + " " + quoted(it.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
