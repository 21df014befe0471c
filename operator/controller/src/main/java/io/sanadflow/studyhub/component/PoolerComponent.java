package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.model.PoolerSettings;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.PoolerFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** PgBouncer: its settings and users, and the native sidecar that the app's pod takes in. */
public final class PoolerComponent implements Component {

  /** The value of the component label. */
  public static final String NAME = "pooler";

  /** The edoburu image's user is named, not numbered; this is its number. */
  private static final long USER = 70;

  /**
   * listen_addr is known only in the pod: loopback for the app, the pod's address for the operator.
   */
  private static final String START =
      """
      printf '%s\\n' '[pgbouncer]' "listen_addr = 127.0.0.1,$POD_IP" "$POOLER_SETTINGS" \\
        '%include /etc/studyhub/config/settings.ini' > /run/pgbouncer/pgbouncer.ini
      exec pgbouncer /run/pgbouncer/pgbouncer.ini
      """;

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    String name = hub.names().pooler();
    return List.of(
        new ConfigMapBuilder()
            .withMetadata(Metadata.owned(hub, hub.names().config(name), NAME).build())
            .withData(Map.of("settings.ini", settings(hub)))
            .build(),
        Secrets.of(
            Metadata.owned(hub, name, NAME).build(), Map.of("userlist.txt", users(hub, material))));
  }

  /** The database as clients of the pooler name it. */
  public static String database(Hub hub) {
    return hub.database().external().map(Hub.External::database).orElse(Credentials.DATABASE);
  }

  private static String settings(Hub hub) {
    String host =
        hub.database()
            .external()
            .map(Hub.External::host)
            .orElseGet(() -> hub.names().host(hub.names().database()));
    int port = hub.database().external().map(Hub.External::port).orElse(5432);
    String database = database(hub);
    // A name here cannot be quoted; Checks holds it to what PgBouncer reads.
    // The pooler's own section comes first, since the file that includes this one has opened it.
    String text =
        Metadata.lines(PoolerSettings.reloadable(hub.pooler().settings()), " = ")
            + "\n[databases]\n%s = host=%s port=%d dbname='%s'\n"
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

  /** The native sidecar: it is up before the app starts and there until the app has ended. */
  static Container container(Hub hub) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(Pods.mount("pooler-config", "/etc/studyhub/config"));
    mounts.add(Pods.mount("pooler-auth", "/etc/studyhub/auth"));
    mounts.add(Pods.mount("pooler-tls", PoolerSettings.TLS_DIRECTORY));
    mounts.add(Pods.writable("pooler-run", "/run/pgbouncer"));
    if (DatabaseAccess.hasAuthority(hub)) {
      mounts.add(Pods.mount("database-ca", DatabaseAccess.AUTHORITY_DIRECTORY));
    }
    return new ContainerBuilder()
        .withName("pooler")
        .withImage(hub.pooler().image())
        .withRestartPolicy("Always")
        .withCommand("sh", "-ec", START)
        .addNewEnv()
        .withName("POOLER_SETTINGS")
        .withValue(
            Metadata.lines(PoolerSettings.fixedAtStart(hub.pooler().settings()), " = ").strip())
        .endEnv()
        .addNewEnv()
        .withName("POD_IP")
        .withNewValueFrom()
        .withNewFieldRef()
        .withApiVersion("v1")
        .withFieldPath("status.podIP")
        .endFieldRef()
        .endValueFrom()
        .endEnv()
        .addNewPort()
        .withName("pooler")
        .withContainerPort(PoolerSettings.PORT)
        .withProtocol("TCP")
        .endPort()
        .withResources(hub.pooler().resources().requirements())
        .withSecurityContext(Pods.container(USER))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withStartupProbe(Pods.tcp("pooler", 1, 60).build())
        .withLivenessProbe(Pods.tcp("pooler", 30, 4).build())
        .withVolumeMounts(mounts)
        .build();
  }

  /** The volumes of {@link #container}, but for the database's authority. */
  static List<Volume> volumes(Names names) {
    String name = names.pooler();
    return List.of(
        Pods.config("pooler-config", names.config(name)),
        Pods.secret("pooler-auth", name, List.of("userlist.txt")),
        Pods.secret(
            "pooler-tls",
            names.tls(name),
            List.of(AuthorityComponent.CERTIFICATE, AuthorityComponent.KEY)),
        Pods.scratch("pooler-run", "1Mi"));
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    List<Pod> serving = observed.readyPods(AppComponent.NAME);
    if (serving.isEmpty()) {
      return Optional.of(
          health(Serving.NO, Phase.PROGRESSING, "NoPods", "no app pod serves, so no pooler does"));
    }
    Map<String, Answer<PoolerFacts>> answers = new TreeMap<>(observed.report().poolers());
    answers.keySet().retainAll(serving.stream().map(it -> it.getMetadata().getName()).toList());
    for (Map.Entry<String, Answer<PoolerFacts>> answer : answers.entrySet()) {
      if (!answer.getValue().ok()) {
        return Optional.of(
            health(
                Serving.NO,
                Phase.PROGRESSING,
                "NoAnswer",
                answer.getKey() + ": " + answer.getValue().failure()));
      }
    }
    if (answers.size() < serving.size()) {
      // A pod that has just come says nothing yet, and nothing against those that answered.
      return Optional.of(
          health(
              answers.isEmpty() ? Serving.UNKNOWN : Serving.YES,
              Phase.PROGRESSING,
              "NotAskedYet",
              "asking the poolers of new pods"));
    }
    boolean reloaded =
        answers.values().stream()
            .flatMap(it -> it.facts().stream())
            .allMatch(it -> asWanted(hub, it));
    if (!reloaded) {
      return Optional.of(
          health(Serving.YES, Phase.PROGRESSING, "Reloading", "PgBouncer reloads its settings"));
    }
    return Optional.of(
        health(
            Serving.YES,
            Phase.SETTLED,
            "Answers",
            "a query through PgBouncer was answered in " + serving.size() + " of the app's pods"));
  }

  /** Whether a PgBouncer has the settings that it can take by a reload. */
  public static boolean asWanted(Hub hub, PoolerFacts facts) {
    return PoolerSettings.reloadable(hub.pooler().settings()).entrySet().stream()
        .allMatch(it -> same(it.getValue(), facts.config().get(it.getKey())));
  }

  /** PgBouncer shows switches as 0 and 1, and a setting that it does not show cannot differ. */
  private static boolean same(String wanted, String shown) {
    return shown == null || plain(wanted).equals(plain(shown));
  }

  private static String plain(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "yes", "on", "true" -> "1";
      case "no", "off", "false" -> "0";
      default -> value.matches("[0-9]+\\.0+") ? value.substring(0, value.indexOf('.')) : value;
    };
  }

  private static Health health(Serving serving, Phase phase, String reason, String message) {
    return new Health(Optional.of(ConditionType.POOLER_READY), serving, phase, reason, message);
  }
}
