package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.sanadflow.studyhub.api.v1alpha1.AppSpec;
import io.sanadflow.studyhub.api.v1alpha1.DatabaseSpec;
import io.sanadflow.studyhub.api.v1alpha1.Durations;
import io.sanadflow.studyhub.api.v1alpha1.ObjectStoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.PoolerSpec;
import io.sanadflow.studyhub.api.v1alpha1.RedisSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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

  private final List<Problem> problems = new ArrayList<>();

  private Resolver() {}

  /** Decides everything and checks it against what exists. */
  public static Resolution resolve(StudyHub studyHub, Facts facts) {
    Resolver resolver = new Resolver();
    Hub hub = resolver.hub(studyHub);
    List<Problem> problems = new ArrayList<>(resolver.problems);
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
    Hub.Database database = database(spec.database(), names);
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
            Optional.ofNullable(spec.objectStore()).map(Resolver::storePort),
            bytes("spec.budget.memory", spec.budget().memory()),
            spec.monitoring() == null
                ? Duration.ofSeconds(30)
                : duration("spec.monitoring.probeInterval", spec.monitoring().probeInterval()),
            spec.suspend(),
            spec.deletionPolicy() == StudyHubSpec.DeletionPolicy.DELETE,
            unsupported(spec));
    return withSurge(hub);
  }

  /** An update runs one pod more where memory, connections and Redis's volume allow it. */
  private static Hub withSurge(Hub hub) {
    int pods = hub.app().replicas() + 1;
    boolean memory = hub.fixedMemory() + pods * hub.appPodMemory() <= hub.memoryBudget();
    boolean connections =
        hub.database().external().isPresent()
            || pods * hub.pooler().maxDbConnections() + Checks.RESERVED_CONNECTIONS
                <= hub.database().maxConnections();
    boolean oneRedis = hub.redis().map(it -> !it.sidecar()).orElse(true);
    boolean surge = memory && connections && oneRedis;
    return surge ? hub.withSurge() : hub;
  }

  /** Fields of later versions: accepted, and said to be without effect. */
  private static List<String> unsupported(StudyHubSpec spec) {
    List<String> fields = new ArrayList<>();
    named(fields, "spec.objectStore", spec.objectStore());
    named(fields, "spec.backup", spec.backup());
    named(fields, "spec.offload", spec.offload());
    named(fields, "spec.notifications", spec.notifications());
    named(fields, "spec.database.bootstrap", spec.database().bootstrap());
    if (spec.monitoring() != null) {
      named(fields, "spec.monitoring.logs", spec.monitoring().logs());
      if ("Public".equals(spec.monitoring().statusPage())) {
        fields.add("spec.monitoring.statusPage");
      }
    }
    return List.copyOf(fields);
  }

  private static void named(List<String> fields, String field, @Nullable Object value) {
    if (value != null) {
      fields.add(field);
    }
  }

  private Hub.App app(AppSpec spec) {
    Hub.Resources resources =
        resources("spec.app.resources", spec.resources(), Quantity.parse("256Mi"));
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
                    duration("spec.app.migration.timeout", spec.migration().timeout()))),
        spec.media().enabled()
            ? Optional.of(
                new Hub.Media(
                    spec.media().mountPath(),
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

  private Hub.Database database(DatabaseSpec spec, Names names) {
    Hub.Resources resources =
        resources("spec.database.resources", spec.resources(), Quantity.parse("256Mi"));
    Map<String, String> user = map(spec.parameters());
    var settings = PostgresSettings.of(resources.memoryLimit(), user);
    return new Hub.Database(
        spec.image(),
        storage("spec.database.storage", spec.storage(), spec.storageClassName()),
        resources,
        settings,
        user,
        integer("spec.database.parameters.max_connections", settings.get("max_connections"), 50),
        list(spec.extensions()),
        Optional.ofNullable(spec.external()).map(it -> external(it, names)));
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
        PoolerSettings.of(spec, clients, user, verify),
        user,
        resources("spec.pooler.resources", spec.resources(), Quantity.parse("28Mi")));
  }

  private Optional<Hub.Redis> redis(RedisSpec spec) {
    if (!spec.enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        new Hub.Redis(
            spec.placement() == RedisSpec.Placement.SIDECAR,
            spec.image(),
            resources("spec.redis.resources", spec.resources(), Quantity.parse("48Mi")),
            spec.evictionPolicy(),
            spec.persistence()
                ? Optional.of(
                    storage("spec.redis.storage", spec.storage(), spec.storageClassName()))
                : Optional.empty()));
  }

  private static int storePort(ObjectStoreSpec spec) {
    if (spec.endpoint() == null) {
      return 443;
    }
    try {
      URI endpoint = URI.create(spec.endpoint());
      return endpoint.getPort() > 0
          ? endpoint.getPort()
          : "http".equals(endpoint.getScheme()) ? 80 : 443;
    } catch (IllegalArgumentException bad) {
      return 443;
    }
  }

  private Hub.Resources resources(String field, ResourceRequirements given, Quantity fallback) {
    Map<String, Quantity> limits =
        new HashMap<>(Optional.ofNullable(given.getLimits()).orElse(Map.of()));
    if (!limits.containsKey("memory")) {
      problems.add(
          new Problem(
              field + ".limits.memory",
              "is missing, and the hub's memory budget needs it; " + fallback + " is the default"));
      limits.put("memory", fallback);
    }
    Map<String, Quantity> requests =
        new HashMap<>(Optional.ofNullable(given.getRequests()).orElse(Map.of()));
    requests.putIfAbsent("memory", limits.get("memory"));
    long limit = bytes(field + ".limits.memory", limits.get("memory"));
    if (bytes(field + ".requests.memory", requests.get("memory")) > limit) {
      problems.add(
          new Problem(
              field + ".requests.memory",
              requests.get("memory")
                  + " is more than the limit; at most "
                  + limits.get("memory")
                  + " can be requested"));
    }
    return new Hub.Resources(
        new ResourceRequirementsBuilder(given).withLimits(limits).withRequests(requests).build(),
        limit);
  }

  private Hub.Storage storage(String field, Quantity size, @Nullable String className) {
    return new Hub.Storage(size, bytes(field, size), Optional.ofNullable(className));
  }

  private long bytes(String field, Quantity quantity) {
    try {
      return Quantity.getAmountInBytes(quantity).longValue();
    } catch (IllegalArgumentException | NullPointerException bad) {
      problems.add(new Problem(field, quantity + " is not a quantity such as 256Mi or 3Gi"));
      return 0;
    }
  }

  private Duration duration(String field, String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException bad) {
      problems.add(new Problem(field, bad.getMessage()));
      return Duration.ofSeconds(30);
    }
  }

  private int integer(String field, String text, int fallback) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException bad) {
      problems.add(
          new Problem(field, text + " is not a whole number; " + fallback + " is the default"));
      return fallback;
    }
  }

  private static <T> List<T> list(@Nullable List<T> given) {
    return given == null ? List.of() : List.copyOf(given);
  }

  private static Map<String, String> map(@Nullable Map<String, String> given) {
    return given == null ? Map.of() : Map.copyOf(given);
  }
}
