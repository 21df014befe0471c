package io.sanadflow.studyhub.component;

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
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.model.PoolerSettings;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.PoolerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** PgBouncer: its files, and the native sidecar that the app's pod takes in. */
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
        '%include /etc/studyhub/pooler/settings.ini' > /run/pgbouncer/pgbouncer.ini
      exec pgbouncer /run/pgbouncer/pgbouncer.ini
      """;

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    PoolerFiles files = PoolerFiles.of(hub, material);
    return List.of(
        Secrets.of(
            Metadata.owned(hub, hub.names().pooler(), NAME)
                .withAnnotations(Map.of(Labels.REVISION, files.revision()))
                .build(),
            files.content()));
  }

  /** What the pooler's files are, in one word; a PgBouncer that has read them shows it. */
  public static String revision(Hub hub, Material material) {
    return PoolerFiles.of(hub, material).revision();
  }

  /** The database as clients of the pooler name it. */
  public static String database(Hub hub) {
    return hub.database().external().map(Hub.External::database).orElse(Credentials.DATABASE);
  }

  /** The native sidecar: it is up before the app starts and there until the app has ended. */
  static Container container(Hub hub) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(Pods.mount("pooler-files", PoolerSettings.DIRECTORY));
    mounts.add(Pods.mount("pooler-tls", PoolerSettings.TLS_DIRECTORY));
    mounts.add(Pods.writable("pooler-run", "/run/pgbouncer"));
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

  /** The volumes of {@link #container}. */
  static List<Volume> volumes(Hub hub) {
    Names names = hub.names();
    String name = names.pooler();
    return List.of(
        Pods.secret("pooler-files", name, PoolerFiles.names(hub)),
        Pods.secret(
            "pooler-tls",
            names.tls(name),
            List.of(AuthorityComponent.CERTIFICATE, AuthorityComponent.KEY)),
        Pods.scratch("pooler-run", "1Mi"));
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    List<Pod> serving = observed.readyPods(AppComponent.NAME);
    if (hub.app().replicas() == 0) {
      return Optional.of(
          health(
              Serving.NO,
              Phase.SETTLED,
              Health.SCALED_TO_ZERO,
              "spec.app.replicas is 0, and each app pod has a pooler"));
    }
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
    if (answers.values().stream().anyMatch(PoolerFacts::saysPaused)) {
      return Optional.of(
          health(
              Serving.NO,
              Phase.PROGRESSING,
              "Paused",
              "clients wait in PgBouncer while PostgreSQL restarts"));
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
    Optional<String> revision =
        observed.annotation(new ObjectKey("Secret", hub.names().pooler()), Labels.REVISION);
    boolean reloaded =
        answers.values().stream()
            .flatMap(it -> it.facts().stream())
            .allMatch(it -> revision.isPresent() && asWanted(hub, revision.get(), it));
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

  /**
   * Whether a PgBouncer has read its newest files, and has the settings that it can take by a
   * reload: one that it refuses stays as it was.
   */
  public static boolean asWanted(Hub hub, String revision, PoolerFacts facts) {
    return same(revision, facts.config().get(PoolerFiles.REVISION))
        && PoolerSettings.reloadable(hub.pooler().settings()).entrySet().stream()
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
