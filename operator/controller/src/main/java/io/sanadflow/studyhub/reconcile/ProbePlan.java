package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.sanadflow.studyhub.component.AppComponent;
import io.sanadflow.studyhub.component.DatabaseComponent;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.component.PoolerComponent;
import io.sanadflow.studyhub.component.RedisComponent;
import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.model.PoolerSettings;
import io.sanadflow.studyhub.pki.Signed;
import io.sanadflow.studyhub.probe.DatabasePlan;
import io.sanadflow.studyhub.probe.DatabaseTarget;
import io.sanadflow.studyhub.probe.PoolerTarget;
import io.sanadflow.studyhub.probe.RedisTarget;
import io.sanadflow.studyhub.probe.RolePlan;
import io.sanadflow.studyhub.probe.TlsTrust;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Whom to ask in a hub, and what they should answer: a part that answers otherwise is told to
 * reload. Equal plans ask the same.
 *
 * @param restart whether the database is about to restart or does, while which clients wait
 */
record ProbePlan(
    Optional<Database> database,
    Map<String, PoolerTarget> poolers,
    Hub hub,
    String poolerRevision,
    Optional<BigInteger> poolerSerial,
    Optional<Redis> redis,
    Optional<URI> app,
    Optional<URI> ingress,
    boolean restart,
    Duration interval) {

  /**
   * The database.
   *
   * @param incarnation changes when the server is another, which then has to be prepared anew
   */
  record Database(
      DatabaseTarget target,
      DatabasePlan plan,
      String incarnation,
      Optional<String> configHash,
      Optional<BigInteger> serial) {}

  /** Redis, with the settings that it should report. */
  record Redis(RedisTarget target, Map<String, String> settings, Optional<BigInteger> serial) {}

  static ProbePlan of(Hub hub, Material material, Observed observed) {
    Map<String, PoolerTarget> poolers = new TreeMap<>();
    List<Pod> serving = ready(observed, AppComponent.NAME).toList();
    for (Pod pod : serving) {
      poolers.put(pod.getMetadata().getName(), pooler(hub, material, address(pod).orElseThrow()));
    }
    Optional<URI> app =
        serving.isEmpty()
            ? Optional.empty()
            : observed
                .service(hub.names().app())
                .map(it -> it.getSpec() == null ? null : it.getSpec().getClusterIP())
                .map(it -> it.contains(":") ? "[" + it + "]" : it)
                .map(it -> URI.create("http://" + it + hub.app().healthPath()));
    return new ProbePlan(
        database(hub, material, observed),
        Map.copyOf(poolers),
        hub,
        PoolerComponent.revision(hub, material),
        serial(material.pooler()),
        redis(hub, material, observed),
        app,
        app.flatMap(it -> ingress(hub)),
        DatabaseComponent.restarts(hub, material, observed),
        hub.monitoring().probeInterval());
  }

  /** Where people come in, if it is not the Service alone. */
  private static Optional<URI> ingress(Hub hub) {
    return hub.app()
        .ingress()
        .map(
            it ->
                URI.create(
                    (it.tlsSecret().isPresent() ? "https://" : "http://")
                        + it.host()
                        + hub.app().healthPath()));
  }

  private static Optional<Database> database(Hub hub, Material material, Observed observed) {
    if (material.external().isPresent()) {
      Hub.External external = hub.database().external().orElseThrow();
      var login = material.external().get();
      TlsTrust trust = new TlsTrust(login.authority().orElse(""), external.host());
      DatabaseTarget target =
          new DatabaseTarget(
              external.host(),
              external.port(),
              trust,
              login.username(),
              login.password(),
              external.database());
      DatabasePlan plan =
          new DatabasePlan(
              external.database(),
              List.of(),
              login.username(),
              Optional.empty(),
              Optional.empty(),
              hub.database().extensions(),
              false,
              false);
      return Optional.of(
          new Database(target, plan, external.host(), Optional.empty(), Optional.empty()));
    }
    return ready(observed, DatabaseComponent.NAME).findFirst().map(pod -> own(hub, material, pod));
  }

  private static Database own(Hub hub, Material material, Pod pod) {
    Names names = hub.names();
    Credentials credentials = material.credentials();
    DatabaseTarget target =
        new DatabaseTarget(
            address(pod).orElseThrow(),
            5432,
            new TlsTrust(material.authority(), names.host(names.database())),
            "postgres",
            credentials.superuser(),
            "postgres");
    DatabasePlan plan =
        new DatabasePlan(
            Credentials.DATABASE,
            List.of(
                new RolePlan(Credentials.OWNER, credentials.owner()),
                new RolePlan(Credentials.APP, credentials.app()),
                new RolePlan(Credentials.MONITOR, credentials.monitor())),
            Credentials.OWNER,
            Optional.of(Credentials.APP),
            Optional.of(Credentials.MONITOR),
            hub.database().extensions(),
            true,
            hub.database().restoreFrom().isPresent());
    return new Database(
        target,
        plan,
        pod.getMetadata().getUid(),
        Optional.of(DatabaseComponent.configHash(hub)),
        serial(material.database()));
  }

  private static PoolerTarget pooler(Hub hub, Material material, String address) {
    Names names = hub.names();
    Credentials credentials = material.credentials();
    return new PoolerTarget(
        address,
        PoolerSettings.PORT,
        new TlsTrust(material.authority(), names.pooler()),
        PoolerComponent.database(hub),
        material.external().map(it -> it.username()).orElse(Credentials.MONITOR),
        material.external().map(it -> it.password()).orElse(credentials.monitor()),
        Credentials.POOLER_ADMIN,
        credentials.poolerAdmin());
  }

  private static Optional<Redis> redis(Hub hub, Material material, Observed observed) {
    if (hub.redis().isEmpty()) {
      return Optional.empty();
    }
    Hub.Redis redis = hub.redis().get();
    String part = redis.sidecar() ? AppComponent.NAME : RedisComponent.NAME;
    return ready(observed, part)
        .findFirst()
        .map(
            pod ->
                new Redis(
                    new RedisTarget(
                        address(pod).orElseThrow(),
                        6379,
                        new TlsTrust(material.authority(), hub.names().redis()),
                        material.credentials().redis()),
                    RedisComponent.reloadable(redis),
                    serial(material.redis())));
  }

  private static Optional<BigInteger> serial(Signed signed) {
    return Optional.of(signed.facts().serial());
  }

  private static Stream<Pod> ready(Observed observed, String part) {
    return observed.readyPods(part).stream().filter(it -> address(it).isPresent());
  }

  private static Optional<String> address(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .map(it -> it.getPodIP())
        .filter(it -> !it.isEmpty());
  }
}
