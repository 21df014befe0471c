package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.model.PostgresSettings;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.ProbeReport.Restart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** PostgreSQL: a StatefulSet of one with its Service, settings and volume. */
public final class DatabaseComponent implements Component {

  /** The value of the component label. */
  public static final String NAME = "database";

  private static final String DATA = "/var/lib/postgresql/data";

  private static final String CONFIG = "/etc/studyhub/config";

  /** Where segments of write-ahead log wait on the data volume, beside the server's files. */
  static final String SPOOL = "wal-spool";

  /** The official image's user; Debian's number, and Alpine's. */
  private static final long USER = 999;

  private static final long ALPINE_USER = 70;

  /**
   * Starts the server with the settings that are mounted, or, if it would not start with them, with
   * those of its last good start: a bad value must not take the database down at the next restart.
   * Then gives postgres the password of the Secret, if that is another than at the last start.
   */
  private static final String START =
      """
      set -eu
      settings=%1$s/postgresql.conf
      good=%2$s/last-good.conf
      if [ -s "$PGDATA/PG_VERSION" ]; then
        if postgres -D "$PGDATA" -c config_file="$settings" -C max_connections >/dev/null; then
          cp "$settings" "$good.part" && mv "$good.part" "$good"
        elif [ -s "$good" ]; then
          echo "studyhub: the settings are refused; starting with those of the last good start" >&2
          settings=$good
        fi
        wanted=$(sha256sum < /etc/studyhub/auth/superuser)
        if [ "$(cat %2$s/superuser.sha256 2>/dev/null)" != "$wanted" ]; then
          printf "ALTER ROLE postgres PASSWORD '%%s'\\n" "$(cat /etc/studyhub/auth/superuser)" |
            postgres --single -D "$PGDATA" -c config_file="$settings" -c log_statement=none \\
              -c log_min_duration_statement=-1 -c log_min_error_statement=panic postgres >/dev/null
          printf '%%s\\n' "$wanted" > %2$s/superuser.sha256
        fi
      fi
      exec docker-entrypoint.sh postgres -c config_file="$settings" -c hba_file=%1$s/pg_hba.conf
      """
          .formatted(CONFIG, DATA);

  /** Made by the server, so that it is the server's own. */
  private static final String MAKE_SPOOL = "mkdir -p " + DATA + "/" + SPOOL + "\n";

  /** Over the network TLS and SCRAM only; replication only for base backups. */
  private static String access(Hub hub) {
    return """
      local   all  postgres  peer
      hostssl all  postgres  all  scram-sha-256
      hostssl %s  %s,%s,%s  all  scram-sha-256
      """
            .formatted(
                Credentials.DATABASE, Credentials.OWNER, Credentials.APP, Credentials.MONITOR)
        + (archives(hub) ? "hostssl replication  postgres  all  scram-sha-256\n" : "");
  }

  private static boolean archives(Hub hub) {
    return hub.backup().map(Hub.Backup::wal).orElse(false);
  }

  /** Whether nothing is wanted of the server's archive, or the server that serves archives. */
  static boolean archives(Hub hub, Material material, Observed observed) {
    return !archives(hub) || serves(observed) && !restarts(hub, material, observed);
  }

  /** Whom the database's image runs as. */
  static long user(Hub hub) {
    return hub.database().image().contains("alpine") ? ALPINE_USER : USER;
  }

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    if (hub.database().external().isPresent()) {
      return List.of();
    }
    String name = hub.names().database();
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(Volumes.claim(hub, name, NAME, hub.database().storage()));
    objects.add(settings(hub));
    objects.add(Workloads.service(hub, name, NAME, 5432, "postgres"));
    StatefulSet server = server(hub, material, observed);
    if (!due(hub, server, observed) || observed.report().restart() == Restart.DRAINED) {
      objects.add(server);
    }
    return objects;
  }

  @Override
  public List<ObjectKey> kept(Hub hub, Observed observed) {
    // Until its clients wait it goes on as it is.
    return hub.database().external().isPresent()
        ? List.of()
        : List.of(new ObjectKey("StatefulSet", hub.names().database()));
  }

  /** Whether the server is about to restart, by the operator's doing, or does. */
  public static boolean restarts(Hub hub, Material material, Observed observed) {
    if (hub.database().external().isPresent() || hub.suspended()) {
      return false;
    }
    boolean rolling =
        observed.statefulSet(hub.names().database()).map(Workloads::rolling).orElse(false);
    return rolling || due(hub, server(hub, material, observed), observed);
  }

  /** Whether a server that serves would give way to this one. */
  private static boolean due(Hub hub, StatefulSet server, Observed observed) {
    Optional<String> now =
        observed.annotation(
            new ObjectKey("StatefulSet", server.getMetadata().getName()), Labels.TEMPLATE);
    return !hub.suspended()
        && serves(observed)
        && now.isPresent()
        && !now.get().equals(server.getMetadata().getAnnotations().get(Labels.TEMPLATE));
  }

  /**
   * The hash of the settings that should be in force; the server has it as a setting of its own.
   */
  public static String configHash(Hub hub) {
    return Metadata.hash(hub.database().parameters(), access(hub));
  }

  private static ConfigMap settings(Hub hub) {
    var quoted = new TreeMap<String, String>();
    hub.database()
        .parameters()
        .forEach((key, value) -> quoted.put(key, PostgresSettings.quoted(value)));
    quoted.put("studyhub.config_hash", "'" + configHash(hub) + "'");
    Map<String, String> files = new TreeMap<>();
    files.put("postgresql.conf", Metadata.lines(quoted, " = "));
    files.put("pg_hba.conf", access(hub));
    if (archives(hub)) {
      files.put("archive.sh", AgentContainers.script("archive.sh"));
    }
    return new ConfigMapBuilder()
        .withMetadata(Metadata.owned(hub, hub.names().config(hub.names().database()), NAME).build())
        .withData(files)
        .build();
  }

  /**
   * What makes the server start anew: it changes when the settings that are in force say that some
   * of them wait for a restart, so never before the server has accepted them.
   */
  private static String restart(Hub hub, Observed observed) {
    String name = hub.names().database();
    Optional<String> now = observed.annotation(new ObjectKey("StatefulSet", name), Labels.RESTART);
    boolean due =
        answer(observed)
            .filter(it -> it.configHash().equals(Optional.of(configHash(hub))))
            .map(it -> !it.pendingRestart().isEmpty())
            .orElse(false);
    return due || now.isEmpty() ? configHash(hub) : now.get();
  }

  private static StatefulSet server(Hub hub, Material material, Observed observed) {
    Names names = hub.names();
    String name = names.database();
    long user = user(hub);
    Map<String, String> restart =
        Map.of(
            Labels.RESTART,
            restart(hub, observed),
            Labels.CREDENTIALS,
            Metadata.hash(material.credentials().superuser()));
    PodSpec pod =
        Pods.of(hub, user)
            // A fast shutdown writes a checkpoint, which a small disk takes its time for.
            .withTerminationGracePeriodSeconds(120L)
            .withContainers(container(hub, user))
            .withVolumes(
                Pods.claim("data", name),
                Pods.config("config", names.config(name)),
                Pods.secret(
                    "tls",
                    names.tls(name),
                    List.of(
                        AuthorityComponent.CERTIFICATE,
                        AuthorityComponent.KEY,
                        AuthorityComponent.CA)),
                Pods.secret("auth", names.auth(name), List.of("superuser")),
                Pods.scratch("run", "1Mi"),
                Pods.scratch("tmp", "64Mi"))
            .build();
    Map<String, String> annotations = new TreeMap<>(restart);
    annotations.put(Labels.TEMPLATE, Metadata.hash(new TreeMap<>(restart), pod));
    return Workloads.single(hub, name, NAME, annotations, restart, pod);
  }

  private static Container container(Hub hub, long user) {
    String[] query = {"psql", "-h", "/var/run/postgresql", "-U", "postgres", "-qtAXc", "SELECT 1"};
    String[] accepts = {"pg_isready", "-q", "-h", "/var/run/postgresql", "-U", "postgres"};
    return new ContainerBuilder()
        .withName("postgres")
        .withImage(hub.database().image())
        .withCommand("sh", "-c", archives(hub) ? MAKE_SPOOL + START : START)
        .addNewEnv()
        .withName("PGDATA")
        .withValue(DATA + "/pgdata")
        .endEnv()
        .addNewEnv()
        .withName("POSTGRES_PASSWORD_FILE")
        .withValue("/etc/studyhub/auth/superuser")
        .endEnv()
        .addNewEnv()
        .withName("POSTGRES_INITDB_ARGS")
        .withValue("--encoding=UTF8 --locale=C.UTF-8 --data-checksums")
        .endEnv()
        .addNewPort()
        .withName("postgres")
        .withContainerPort(5432)
        .withProtocol("TCP")
        .endPort()
        .withResources(hub.database().resources().requirements())
        .withSecurityContext(Pods.container(user))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        // Recovery after a crash may take minutes.
        .withStartupProbe(Pods.exec(2, 300, accepts))
        .withReadinessProbe(Pods.exec(10, 3, query))
        .withLivenessProbe(Pods.exec(30, 10, accepts))
        .withVolumeMounts(
            Pods.writable("data", DATA),
            Pods.mount("config", CONFIG),
            Pods.mount("tls", PostgresSettings.TLS_DIRECTORY),
            Pods.mount("auth", "/etc/studyhub/auth"),
            Pods.writable("run", "/var/run/postgresql"),
            Pods.writable("tmp", "/tmp"))
        .build();
  }

  private static Optional<DatabaseFacts> answer(Observed observed) {
    return observed.report().database().flatMap(Answer::facts);
  }

  /** Whether it answered when it was last asked. */
  static boolean serves(Observed observed) {
    return answer(observed).isPresent();
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return Optional.of(DatabaseHealth.of(hub, observed));
  }
}
