package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.pki.CertificateFacts;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.DatabasePlan;
import io.sanadflow.studyhub.probe.DatabaseSwap;
import io.sanadflow.studyhub.probe.DatabaseTarget;
import io.sanadflow.studyhub.probe.HttpFacts;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.probe.PoolerTarget;
import io.sanadflow.studyhub.probe.ProbeException;
import io.sanadflow.studyhub.probe.RedisFacts;
import io.sanadflow.studyhub.probe.RedisTarget;
import io.sanadflow.studyhub.probe.Served;
import io.sanadflow.studyhub.probe.SideDatabases;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers for servers that are not there: a ready pod's server has the settings and the certificate
 * that were mounted when it started or was last told to reload; one without a ready pod refuses.
 */
final class SimulatedProbe implements HubProbe {

  private static final Duration LATENCY = Duration.ofMillis(1);

  /** Settings of PostgreSQL that a reload does not change. */
  private static final Set<String> AT_START =
      Set.of(
          "archive_mode",
          "huge_pages",
          "max_connections",
          "max_replication_slots",
          "max_wal_senders",
          "max_worker_processes",
          "shared_buffers",
          "shared_memory_type",
          "superuser_reserved_connections",
          "wal_buffers",
          "wal_level");

  private final KubernetesClient client;

  /** What servers have loaded, by the pod's uid and the part's name. */
  private final Map<String, Loaded> servers = new ConcurrentHashMap<>();

  /**
   * A server's memory.
   *
   * @param settings in force
   * @param pending settings of the file that wait for a restart
   */
  private record Loaded(
      Map<String, String> settings, List<String> pending, Optional<Served> served) {}

  /** A server in a pod. */
  private record Server(Pod pod, Names names, String part) {
    String key() {
      return pod.getMetadata().getUid() + "/" + part;
    }
  }

  SimulatedProbe(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public DatabaseFacts database(DatabaseTarget target, DatabasePlan plan) throws ProbeException {
    Optional<Server> server = find(target.host(), "-db");
    if (server.isEmpty() && !target.host().startsWith("10.42.")) {
      // Somebody else's, of which nothing is known: let it serve.
      return facts("16 (simulated)", new Loaded(Map.of(), List.of(), Optional.empty()));
    }
    Server there = server.orElseThrow(() -> refused(target.host(), target.port()));
    return facts(version(there), loaded(there));
  }

  private static DatabaseFacts facts(String version, Loaded loaded) {
    return new DatabaseFacts(
        version,
        Optional.ofNullable(loaded.settings().get("studyhub.config_hash")),
        loaded.pending(),
        Map.of(),
        Map.of(),
        LATENCY,
        loaded.served(),
        1,
        Optional.empty());
  }

  private static String version(Server server) {
    String image = server.pod().getSpec().getContainers().get(0).getImage();
    return image.substring(image.lastIndexOf(':') + 1) + " (simulated)";
  }

  @Override
  public void reloadDatabase(DatabaseTarget target) throws ProbeException {
    reload(target.host(), target.port(), "-db");
  }

  @Override
  public SideDatabases sideDatabases(DatabaseTarget target, DatabasePlan plan) {
    return new SideDatabases("simulated", Set.of(), false);
  }

  @Override
  public void swap(DatabaseTarget target, DatabasePlan plan, DatabaseSwap swap)
      throws ProbeException {
    throw new ProbeException("a simulated server has no databases to swap");
  }

  @Override
  public void dropDatabase(DatabaseTarget target, String name) {
    // There is none.
  }

  @Override
  public PoolerFacts pooler(PoolerTarget target) throws ProbeException {
    Server server =
        find(target.host(), "-pooler").orElseThrow(() -> refused(target.host(), target.port()));
    Loaded loaded = loaded(server);
    return new PoolerFacts(loaded.settings(), false, LATENCY, loaded.served());
  }

  @Override
  public boolean pausePooler(PoolerTarget target) {
    return true;
  }

  @Override
  public void resumePooler(PoolerTarget target) {
    // It is never paused.
  }

  @Override
  public void checkpoint(DatabaseTarget target) {
    // It has nothing in memory.
  }

  @Override
  public void reloadPooler(PoolerTarget target) throws ProbeException {
    reload(target.host(), target.port(), "-pooler");
  }

  @Override
  public RedisFacts redis(RedisTarget target, List<String> configNames) throws ProbeException {
    Server server =
        find(target.host(), "-redis").orElseThrow(() -> refused(target.host(), target.port()));
    Loaded loaded = loaded(server);
    Map<String, String> config = new HashMap<>(loaded.settings());
    config.keySet().retainAll(configNames);
    return new RedisFacts(config, LATENCY, loaded.served());
  }

  @Override
  public void configureRedis(RedisTarget target, Map<String, String> settings)
      throws ProbeException {
    Server server =
        find(target.host(), "-redis").orElseThrow(() -> refused(target.host(), target.port()));
    Map<String, String> now = new HashMap<>(loaded(server).settings());
    now.putAll(settings);
    servers.put(server.key(), new Loaded(Map.copyOf(now), List.of(), read(server).served()));
  }

  @Override
  public Optional<HttpFacts> entrance(URI uri) {
    // There is no ingress controller.
    return Optional.empty();
  }

  @Override
  public HttpFacts http(URI uri) throws ProbeException {
    Service service =
        client.services().inAnyNamespace().list().getItems().stream()
            .filter(it -> uri.getHost().equals(it.getSpec().getClusterIP()))
            .findFirst()
            .orElseThrow(() -> refused(uri.getHost(), 80));
    boolean serves =
        client
            .pods()
            .inNamespace(service.getMetadata().getNamespace())
            .withLabels(service.getSpec().getSelector())
            .list()
            .getItems()
            .stream()
            .anyMatch(PodLife::ready);
    if (!serves) {
      throw refused(uri.getHost(), 80);
    }
    return new HttpFacts(true, 200, "", LATENCY);
  }

  private static ProbeException refused(String host, int port) {
    return new ProbeException("%s:%d (simulated): connection refused".formatted(host, port));
  }

  private Optional<Server> find(String host, String suffix) {
    return client.pods().inAnyNamespace().list().getItems().stream()
        .filter(PodLife::ready)
        .filter(it -> host.equals(it.getStatus().getPodIP()))
        .findFirst()
        .map(
            pod -> {
              String hub =
                  Objects.requireNonNull(pod.getMetadata().getLabels().get(Labels.HUB), Labels.HUB);
              Names names = new Names(hub, pod.getMetadata().getNamespace());
              return new Server(pod, names, hub + suffix);
            });
  }

  private Loaded loaded(Server server) {
    return servers.computeIfAbsent(server.key(), it -> read(server));
  }

  private void reload(String host, int port, String suffix) throws ProbeException {
    Server server = find(host, suffix).orElseThrow(() -> refused(host, port));
    Loaded before = loaded(server);
    Loaded file = read(server);
    Map<String, String> now = new TreeMap<>(file.settings());
    List<String> pending =
        AT_START.stream()
            .filter(it -> !Objects.equals(before.settings().get(it), file.settings().get(it)))
            .sorted()
            .toList();
    pending.forEach(it -> now.put(it, before.settings().getOrDefault(it, "")));
    servers.put(server.key(), new Loaded(Map.copyOf(now), pending, file.served()));
  }

  /** What is mounted now. */
  private Loaded read(Server server) {
    String namespace = server.names().namespace();
    ConfigMap config =
        client
            .configMaps()
            .inNamespace(namespace)
            .withName(server.names().config(server.part()))
            .get();
    Map<String, String> settings = new TreeMap<>();
    if (config != null) {
      for (String file : List.of("postgresql.conf", "redis.conf")) {
        settings.putAll(settings(config.getData().getOrDefault(file, "")));
      }
    }
    Secret files = client.secrets().inNamespace(namespace).withName(server.part()).get();
    if (files != null && files.getData().containsKey("settings.ini")) {
      settings.putAll(
          settings(
              new String(
                  Base64.getDecoder().decode(files.getData().get("settings.ini")),
                  StandardCharsets.UTF_8)));
    }
    Secret tls =
        client.secrets().inNamespace(namespace).withName(server.names().tls(server.part())).get();
    return new Loaded(
        Map.copyOf(settings),
        List.of(),
        Optional.ofNullable(tls)
            .map(it -> it.getData().get("tls.crt"))
            .map(it -> new String(Base64.getDecoder().decode(it), StandardCharsets.UTF_8))
            .map(CertificateFacts::read)
            .map(it -> new Served(it.serial(), it.notAfter())));
  }

  /** Reads lines of a name and a value, up to the next section of an ini file. */
  private static Map<String, String> settings(String text) {
    Map<String, String> settings = new TreeMap<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("[")) {
        break;
      }
      String[] parts = line.split("\\s*=\\s*|\\s+", 2);
      if (parts.length == 2 && !line.startsWith("#")) {
        settings.put(parts[0], parts[1].replaceAll("^(['\"])(.*)\\1$", "$2"));
      }
    }
    return settings;
  }
}
