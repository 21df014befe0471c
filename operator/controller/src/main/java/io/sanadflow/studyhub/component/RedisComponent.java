package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.RedisFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Redis: a StatefulSet of one with its Service, or the container that the app's pod takes in. */
public final class RedisComponent implements Component {

  /** The value of the component label. */
  public static final String NAME = "redis";

  private static final String DIRECTORY = "/etc/studyhub/redis";

  private static final String TLS = DIRECTORY + "/tls";

  private static final long USER = 999;

  /** The files that Redis reads again when it is told of them again. */
  public static final Map<String, String> TLS_FILES =
      Map.of("tls-cert-file", TLS + "/tls.crt", "tls-key-file", TLS + "/tls.key");

  private static final String PING =
      "REDISCLI_AUTH=$(cat "
          + DIRECTORY
          + "/auth/password) redis-cli --tls --cacert "
          + TLS
          + "/ca.crt -h localhost ping | grep -q PONG";

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    if (hub.redis().isEmpty()) {
      return List.of();
    }
    Hub.Redis redis = hub.redis().get();
    String name = hub.names().redis();
    List<HasMetadata> objects = new ArrayList<>();
    redis.storage().ifPresent(it -> objects.add(Volumes.claim(hub, name, NAME, it)));
    objects.add(
        new ConfigMapBuilder()
            .withMetadata(Metadata.owned(hub, hub.names().config(name), NAME).build())
            .withData(Map.of("redis.conf", settings(redis)))
            .build());
    if (!redis.sidecar()) {
      objects.add(Workloads.service(hub, name, NAME, 6379, "redis"));
      objects.add(server(hub, redis, material));
    }
    return objects;
  }

  /** The settings that can be changed while Redis runs, with the values that it reports. */
  public static Map<String, String> reloadable(Hub.Redis redis) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("maxmemory", String.valueOf(redis.maxMemory()));
    settings.put("maxmemory-policy", redis.evictionPolicy());
    settings.put("appendonly", redis.storage().isPresent() ? "yes" : "no");
    return settings;
  }

  private static String settings(Hub.Redis redis) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("bind", "* -::*");
    // TLS alone: no port without it.
    settings.put("port", "0");
    settings.put("tls-port", "6379");
    settings.putAll(new TreeMap<>(TLS_FILES));
    settings.put("tls-ca-cert-file", TLS + "/ca.crt");
    settings.put("tls-auth-clients", "no");
    settings.put("tls-protocols", "\"TLSv1.3\"");
    settings.put("dir", "/data");
    // A snapshot forks, which a small limit has no room for; the append-only file is the copy.
    settings.put("save", "\"\"");
    settings.put("appendfsync", "everysec");
    settings.put("auto-aof-rewrite-min-size", "16mb");
    settings.put("maxclients", "200");
    settings.putAll(reloadable(redis));
    settings.put("include", DIRECTORY + "/auth/auth.conf");
    return Metadata.lines(settings, " ");
  }

  private static StatefulSet server(Hub hub, Hub.Redis redis, Material material) {
    PodSpec pod =
        Pods.of(hub, USER)
            .withContainers(container(redis))
            .withVolumes(volumes(hub, redis))
            .build();
    return Workloads.single(
        hub,
        hub.names().redis(),
        NAME,
        Map.of(),
        Map.of(Labels.CREDENTIALS, Metadata.hash(material.credentials().redis())),
        pod);
  }

  /** The container; in the app's pod it is made a native sidecar. */
  static Container container(Hub.Redis redis) {
    return new ContainerBuilder()
        .withName("redis")
        .withImage(redis.image())
        .withArgs("redis-server", DIRECTORY + "/config/redis.conf")
        .addNewPort()
        .withName("redis")
        .withContainerPort(6379)
        .withProtocol("TCP")
        .endPort()
        .withResources(redis.resources().requirements())
        .withSecurityContext(Pods.container(USER))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        // Loading a large append-only file takes a while.
        .withStartupProbe(Pods.exec(2, 60, "sh", "-c", PING))
        .withReadinessProbe(Pods.exec(15, 2, "sh", "-c", PING))
        .withLivenessProbe(Pods.tcp("redis", 30, 6).build())
        .withVolumeMounts(
            Pods.mount("redis-config", DIRECTORY + "/config"),
            Pods.mount("redis-tls", TLS),
            Pods.mount("redis-auth", DIRECTORY + "/auth"),
            Pods.writable("redis-data", "/data"))
        .build();
  }

  /** The volumes of {@link #container}. */
  static List<Volume> volumes(Hub hub, Hub.Redis redis) {
    Names names = hub.names();
    String name = names.redis();
    return List.of(
        Pods.config("redis-config", names.config(name)),
        Pods.secret(
            "redis-tls",
            names.tls(name),
            List.of(AuthorityComponent.CERTIFICATE, AuthorityComponent.KEY, AuthorityComponent.CA)),
        Pods.secret("redis-auth", names.auth(name), List.of("password", "auth.conf")),
        redis.storage().isPresent()
            ? Pods.claim("redis-data", name)
            : Pods.scratch("redis-data", "64Mi"));
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    if (hub.redis().isEmpty()) {
      return Optional.of(
          health(Serving.YES, Phase.SETTLED, "Disabled", "spec.redis.enabled is false"));
    }
    Hub.Redis redis = hub.redis().get();
    if (redis.sidecar() && hub.app().replicas() == 0) {
      return Optional.of(
          health(
              Serving.NO,
              Phase.SETTLED,
              Health.SCALED_TO_ZERO,
              "spec.app.replicas is 0, and Redis is in the app's pod"));
    }
    if (!redis.sidecar()) {
      Optional<StatefulSet> set = observed.statefulSet(hub.names().redis());
      if (set.isEmpty()) {
        return Optional.of(
            health(Serving.NO, Phase.PROGRESSING, "Creating", "Redis is being created"));
      }
      Optional<Workloads.Trouble> trouble = Workloads.trouble(observed.pods(NAME));
      if (trouble.isPresent()) {
        return Optional.of(
            health(Serving.NO, Phase.STUCK, trouble.get().reason(), trouble.get().message()));
      }
    }
    return Optional.of(answered(redis, observed));
  }

  private static Health answered(Hub.Redis redis, Observed observed) {
    Optional<Answer<RedisFacts>> asked = observed.report().redis();
    if (asked.isEmpty() || !asked.get().ok()) {
      return health(
          asked.isEmpty() ? Serving.UNKNOWN : Serving.NO,
          Phase.PROGRESSING,
          "Starting",
          asked.map(Answer::failure).orElse("Redis starts"));
    }
    if (!asked.get().facts().get().config().entrySet().containsAll(reloadable(redis).entrySet())) {
      return health(Serving.YES, Phase.PROGRESSING, "Reloading", "Redis takes its new settings");
    }
    return health(Serving.YES, Phase.SETTLED, "Answers", "Redis answers PING over TLS 1.3");
  }

  private static Health health(Serving serving, Phase phase, String reason, String message) {
    return new Health(Optional.of(ConditionType.REDIS_READY), serving, phase, reason, message);
  }
}
