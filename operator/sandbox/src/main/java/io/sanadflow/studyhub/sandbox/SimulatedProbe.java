package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.DatabasePlan;
import io.sanadflow.studyhub.probe.DatabaseTarget;
import io.sanadflow.studyhub.probe.HttpFacts;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.probe.PoolerTarget;
import io.sanadflow.studyhub.probe.ProbeException;
import io.sanadflow.studyhub.probe.RedisFacts;
import io.sanadflow.studyhub.probe.RedisTarget;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers for servers that do not run, as they would with the settings that they were given. */
final class SimulatedProbe implements HubProbe {

  private static final Duration SOME_TIME = Duration.ofMillis(1);

  private final KubernetesClient client;

  SimulatedProbe(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public DatabaseFacts database(DatabaseTarget target, DatabasePlan plan) throws ProbeException {
    Optional<String> hash = Optional.empty();
    if (plan.managed() || target.user().equals("postgres")) {
      Map<String, String> settings =
          settings(hubOf(target.host(), "PostgreSQL"), "-db-config", "postgresql.conf", " = ");
      hash =
          Optional.ofNullable(settings.get("studyhub.config_hash")).map(it -> it.replace("'", ""));
    }
    return new DatabaseFacts(
        "16.0 (simulated)", hash, List.of(), Map.of(), Map.of(), SOME_TIME, Optional.empty(), 1);
  }

  @Override
  public void reloadDatabase(DatabaseTarget target) {
    // Its settings are read anew at every question.
  }

  @Override
  public PoolerFacts pooler(PoolerTarget target) throws ProbeException {
    Pod pod = hubOf(target.host(), "PgBouncer");
    return new PoolerFacts(
        settings(pod, "-pooler-config", "settings.ini", " = "), SOME_TIME, Optional.empty());
  }

  @Override
  public void reloadPooler(PoolerTarget target) {
    // Its settings are read anew at every question.
  }

  @Override
  public RedisFacts redis(RedisTarget target, List<String> configNames) throws ProbeException {
    Map<String, String> settings =
        settings(hubOf(target.host(), "Redis"), "-redis-config", "redis.conf", " ");
    settings.keySet().retainAll(configNames);
    return new RedisFacts(settings, SOME_TIME, Optional.empty());
  }

  @Override
  public void configureRedis(RedisTarget target, Map<String, String> settings) {
    // Its settings are read anew at every question.
  }

  @Override
  public HttpFacts http(URI uri) {
    return new HttpFacts(true, 200, "", SOME_TIME);
  }

  private Pod hubOf(String address, String what) throws ProbeException {
    return client.pods().inAnyNamespace().list().getItems().stream()
        .filter(it -> it.getStatus() != null && address.equals(it.getStatus().getPodIP()))
        .findFirst()
        .orElseThrow(() -> new ProbeException(what + ": the connection is refused"));
  }

  private Map<String, String> settings(Pod pod, String map, String file, String separator)
      throws ProbeException {
    String hub = pod.getMetadata().getLabels().get(Labels.HUB);
    var config =
        client.configMaps().inNamespace(pod.getMetadata().getNamespace()).withName(hub + map).get();
    if (config == null) {
      throw new ProbeException("there is no ConfigMap " + hub + map);
    }
    Map<String, String> settings = new HashMap<>();
    for (String line : config.getData().get(file).split("\n")) {
      if (line.startsWith("[")) {
        break;
      }
      int end = line.indexOf(separator);
      if (end > 0) {
        settings.put(line.substring(0, end), line.substring(end + separator.length()));
      }
    }
    return settings;
  }
}
