package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.Quantity;
import io.sanadflow.studyhub.api.v1alpha1.AppSpec;
import io.sanadflow.studyhub.api.v1alpha1.DatabaseSpec;
import io.sanadflow.studyhub.api.v1alpha1.PoolerSpec;
import io.sanadflow.studyhub.api.v1alpha1.RedisSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Hub} of a StudyHub whose defaults the schema has filled in. What cannot be read is
 * a problem, and a stand-in takes its place, so that there is always a hub to look at.
 */
public final class Resolver {

  /**
   * What came out.
   *
   * @param problems empty where the hub may be made
   */
  public record Resolution(Hub hub, List<Problem> problems) {}

  private static final int NODE_HEAP_PERCENT = 78;

  // An update of a big schema takes hours; more than a week is a Job that is forgotten.
  private static final Duration LEAST_MIGRATION = Duration.ofSeconds(10);
  private static final Duration MOST_MIGRATION = Duration.ofDays(7);

  // PgBouncer counts seconds, and to it 0 is never, or after each use.
  private static final Duration LEAST_POOLER_TIME = Duration.ofSeconds(1);
  private static final Duration MOST_POOLER_TIME = Duration.ofDays(30);

  private final Reading reading = new Reading();
  private final ContainerSizes containers = new ContainerSizes(reading);

  private Resolver() {}

  /** Decides everything and checks it against what exists. */
  public static Resolution resolve(StudyHub studyHub, Facts facts) {
    Resolver resolver = new Resolver();
    Hub hub = resolver.hub(studyHub);
    List<Problem> problems = new ArrayList<>(resolver.reading.problems());
    problems.addAll(Checks.of(studyHub.getSpec(), hub, facts));
    return new Resolution(hub, List.copyOf(problems));
  }

  private Hub hub(StudyHub studyHub) {
    StudyHubSpec spec = studyHub.getSpec();
    var metadata = studyHub.getMetadata();
    Names names =
        new Names(
            metadata.getName(), Optional.ofNullable(metadata.getNamespace()).orElse("default"));
    Optional<Hub.Redis> redis = redis(spec.redis());
    Optional<Hub.Backup> backup = BackupSettings.of(spec, reading);
    Optional<Hub.ObjectStore> store =
        Optional.ofNullable(spec.objectStore()).map(it -> BackupSettings.store(it, names));
    boolean archive = backup.map(Hub.Backup::wal).orElse(false);
    Hub.Database database =
        database(spec.database(), names, archive, BootstrapSettings.of(spec, names));
    Hub.App app = app(spec.app());
    Hub.Pooler pooler = pooler(spec.pooler(), database);
    Hub hub =
        new Hub(
            names,
            Optional.ofNullable(metadata.getUid()).orElse(""),
            Optional.ofNullable(metadata.getGeneration()).orElse(0L),
            app,
            database,
            pooler,
            redis,
            Optional.ofNullable(spec.certificates().issuerRef()),
            store,
            backup,
            OffloadSettings.of(spec, store, reading),
            Budget.of(spec.budget(), reading),
            MonitoringSettings.of(spec, reading),
            spec.suspend(),
            spec.deletionPolicy() == StudyHubSpec.DeletionPolicy.DELETE);
    return withSurge(hub);
  }

  /** An update runs one pod more where memory, connections and Redis's volume allow it. */
  private static Hub withSurge(Hub hub) {
    int pods = hub.app().replicas() + 1;
    boolean memory = hub.fixedMemory() + pods * hub.appPodMemory() <= hub.budget().memory();
    boolean connections =
        hub.database().external().isPresent()
            || pods * hub.pooler().maxDbConnections() + ConnectionChecks.RESERVED
                <= hub.database().maxConnections();
    boolean oneRedis = hub.redis().map(it -> !it.sidecar()).orElse(true);
    boolean surge = memory && connections && oneRedis;
    return surge ? hub.withSurge() : hub;
  }

  private Hub.App app(AppSpec spec) {
    Hub.Resources resources =
        containers.of("spec.app.resources", spec.resources(), ContainerSizes.APP);
    int heap =
        Optional.ofNullable(spec.nodeHeapMiB())
            .orElse(
                (int) Math.round(resources.memoryLimit() / 1048576.0 * NODE_HEAP_PERCENT / 100));
    return new Hub.App(
        spec.image(),
        spec.replicas(),
        false,
        spec.port(),
        list(spec.command()),
        list(spec.args()),
        list(spec.env()),
        list(spec.envFrom()),
        list(spec.imagePullSecrets()),
        Optional.ofNullable(spec.securityContext()),
        resources,
        heap,
        spec.healthPath(),
        spec.migration().command().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Hub.Migration(
                    spec.migration().command(),
                    reading.duration(
                        "spec.app.migration.timeout",
                        spec.migration().timeout(),
                        LEAST_MIGRATION,
                        MOST_MIGRATION))),
        spec.media().enabled()
            ? Optional.of(
                new Hub.Media(
                    MountPath.normal(spec.media().mountPath()),
                    storage(
                        "spec.app.media.storage",
                        spec.media().storage(),
                        spec.media().storageClassName())))
            : Optional.empty(),
        Optional.ofNullable(spec.ingress()).map(Resolver::ingress));
  }

  private static Hub.Ingress ingress(AppSpec.Ingress spec) {
    Optional<AppSpec.IngressTls> tls = Optional.ofNullable(spec.tls());
    return new Hub.Ingress(
        spec.host(),
        Optional.ofNullable(spec.className()),
        tls.map(it -> it.secretName() == null ? spec.host() + "-tls" : it.secretName()),
        tls.map(AppSpec.IngressTls::issuerRef));
  }

  private Hub.Database database(
      DatabaseSpec spec, Names names, boolean archive, Optional<Hub.Start> start) {
    Hub.Resources resources =
        containers.of("spec.database.resources", spec.resources(), ContainerSizes.DATABASE);
    Map<String, String> user = map(spec.parameters());
    var settings = PostgresSettings.of(resources.memoryLimit(), user, archive);
    return new Hub.Database(
        spec.image(),
        storage("spec.database.storage", spec.storage(), spec.storageClassName()),
        resources,
        settings,
        user,
        reading.integer(
            "spec.database.parameters." + PostgresSettings.written("max_connections", user),
            settings.get("max_connections"),
            50),
        list(spec.extensions()),
        Optional.ofNullable(spec.external()).map(it -> external(it, names)),
        start);
  }

  private static Hub.External external(DatabaseSpec.External spec, Names names) {
    if (spec.cloudNativePG() != null) {
      String cluster = spec.cloudNativePG().name();
      return new Hub.External(
          names.host(cluster + "-rw"),
          5432,
          Optional.ofNullable(spec.database()).orElse("app"),
          cluster + "-app",
          Optional.of(cluster + "-ca"));
    }
    return new Hub.External(
        Optional.ofNullable(spec.host()).orElse(""),
        spec.port(),
        Optional.ofNullable(spec.database()).orElse("app"),
        spec.credentialsSecret() == null ? "" : spec.credentialsSecret().name(),
        Optional.ofNullable(spec.caSecret()).map(it -> it.name()));
  }

  private Hub.Pooler pooler(PoolerSpec spec, Hub.Database database) {
    int clients =
        Optional.ofNullable(spec.maxClientConnections())
            .orElse(spec.mode() == PoolerSpec.Mode.SESSION ? 50 : 100);
    Map<String, String> user = map(spec.parameters());
    boolean verify =
        database.external().isEmpty() || database.external().get().authoritySecret().isPresent();
    return new Hub.Pooler(
        spec.image(),
        spec.mode(),
        spec.maxDbConnections(),
        spec.defaultPoolSize() + spec.reservePoolSize(),
        PoolerSettings.of(
            spec,
            clients,
            poolerTime("spec.pooler.serverIdleTimeout", spec.serverIdleTimeout()),
            poolerTime("spec.pooler.serverLifetime", spec.serverLifetime()),
            user,
            verify),
        user,
        containers.of("spec.pooler.resources", spec.resources(), ContainerSizes.POOLER));
  }

  private Optional<Hub.Redis> redis(RedisSpec spec) {
    if (!spec.enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        new Hub.Redis(
            spec.placement() == RedisSpec.Placement.SIDECAR,
            spec.image(),
            containers.of("spec.redis.resources", spec.resources(), ContainerSizes.REDIS),
            spec.evictionPolicy(),
            spec.persistence()
                ? Optional.of(
                    storage("spec.redis.storage", spec.storage(), spec.storageClassName()))
                : Optional.empty()));
  }

  private Duration poolerTime(String field, String text) {
    return reading.duration(field, text, LEAST_POOLER_TIME, MOST_POOLER_TIME);
  }

  private Hub.Storage storage(String field, Quantity size, @Nullable String className) {
    return new Hub.Storage(
        size, reading.bytes(field, size, Reading.MOST_BYTES), Optional.ofNullable(className));
  }

  private static <T> List<T> list(@Nullable List<T> given) {
    return given == null ? List.of() : List.copyOf(given);
  }

  private static Map<String, String> map(@Nullable Map<String, String> given) {
    return given == null ? Map.of() : Map.copyOf(given);
  }
}
