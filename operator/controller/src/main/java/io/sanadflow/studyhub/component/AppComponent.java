package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The app: a Deployment with its sidecars, a Service, and the Secret with its URLs. */
public final class AppComponent implements Component {

  /** The value of the component label. */
  public static final String NAME = "app";

  // Long enough for the endpoints to be taken out everywhere before the app stops listening.
  private static final long PRE_STOP_SECONDS = 5;

  private static final String DATABASE_URL = "DATABASE_URL";

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    Names names = hub.names();
    List<HasMetadata> objects = new ArrayList<>();
    hub.app()
        .media()
        .ifPresent(
            it ->
                objects.add(
                    Volumes.claim(
                        hub,
                        names.media(),
                        NAME,
                        it.storage(),
                        MediaPlace.annotations(hub, observed))));
    Map<String, String> access = access(hub, material);
    objects.add(Secrets.of(Metadata.owned(hub, secret(hub), NAME).build(), access));
    objects.add(Workloads.service(hub, names.app(), NAME, 80, "http"));
    boolean there = observed.deployment(names.app()).isPresent();
    if (observed.restoring().stopsApp()
        ? there
        : hub.suspended()
            || (MigrationComponent.done(hub, observed)
                && !observed.restoring().waits()
                && !MediaPlace.waits(hub, observed))) {
      objects.add(deployment(hub, material, access, observed));
    }
    return objects;
  }

  @Override
  public List<ObjectKey> kept(Hub hub, Observed observed) {
    // Until the migration is done the pods of before go on as they are.
    return List.of(new ObjectKey("Deployment", hub.names().app()));
  }

  private static String secret(Hub hub) {
    return hub.names().access();
  }

  private static Map<String, String> access(Hub hub, Material material) {
    Map<String, String> access = new LinkedHashMap<>();
    access.put(DATABASE_URL, DatabaseAccess.pooled(hub, material));
    hub.redis()
        .ifPresent(
            redis -> {
              String host = redis.sidecar() ? "localhost" : hub.names().host(hub.names().redis());
              String password = material.credentials().redis();
              access.put("REDIS_URL", "rediss://:" + password + "@" + host + ":6379");
              access.put("REDIS_HOST", host);
              access.put("REDIS_PORT", "6379");
              access.put("REDIS_PASSWORD", password);
            });
    MediaAccess.authorities(hub, material).ifPresent(it -> access.put(MediaAccess.AUTHORITIES, it));
    return access;
  }

  static List<EnvVar> redisAccess(Hub hub) {
    return List.of("REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD").stream()
        .map(it -> AppPod.secret(it, secret(hub), it))
        .toList();
  }

  private static Deployment deployment(
      Hub hub, Material material, Map<String, String> access, Observed observed) {
    Names names = hub.names();
    // Suspended before its migration: the mark stays that of the pods that were there.
    String migrated =
        MigrationComponent.done(hub, observed)
            ? MigrationComponent.hash(hub, observed)
            : observed
                .annotation(new ObjectKey("Deployment", names.app()), Labels.MIGRATION)
                .orElse("");
    Map<String, String> annotations = new TreeMap<>();
    if (!migrated.isEmpty()) {
      annotations.put(Labels.MIGRATION, migrated);
    }
    String restored = RestoreComponent.restored(hub, observed);
    if (!restored.isEmpty()) {
      annotations.put(Labels.RESTORED, restored);
    }
    if (observed.restoring().stopsApp()) {
      annotations.put(Labels.STOPPED, "true");
    }
    boolean surge = hub.app().surge();
    boolean bucket = MediaPlace.inBucket(hub, observed);
    Map<String, String> labels = new TreeMap<>(Labels.of(names.hub(), NAME));
    if (bucket) {
      labels.put(Labels.MEDIA, Labels.IN_BUCKET);
    }
    return new DeploymentBuilder()
        .withMetadata(Metadata.owned(hub, names.app(), NAME).withAnnotations(annotations).build())
        .withNewSpec()
        .withReplicas(hub.suspended() || observed.restoring().stopsApp() ? 0 : hub.app().replicas())
        .withRevisionHistoryLimit(3)
        .withStrategy(Workloads.rolling(surge))
        .withNewSelector()
        .withMatchLabels(Labels.selector(names.hub(), NAME))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(
            Map.of(
                Labels.RESTART,
                bucket
                    ? Metadata.hash(
                        new TreeMap<>(access),
                        material.authority(),
                        observed.secretsDigest(),
                        observed.storeDigest())
                    : Metadata.hash(urls(access), material.authority(), observed.secretsDigest())))
        .endMetadata()
        .withSpec(
            Pods.of(hub, AppPod.group(hub))
                .withTerminationGracePeriodSeconds(45L)
                .withAffinity(AppPod.together(hub).orElse(null))
                .withInitContainers(sidecars(hub))
                .withContainers(container(hub, bucket))
                .withVolumes(volumes(hub, bucket))
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static List<Container> sidecars(Hub hub) {
    List<Container> sidecars = new ArrayList<>();
    sidecars.add(PoolerComponent.container(hub));
    hub.redis()
        .filter(Hub.Redis::sidecar)
        .ifPresent(it -> sidecars.add(AppPod.sidecar(RedisComponent.container(it))));
    return sidecars;
  }

  /** What an app reads that knows of no bucket. */
  private static Map<String, String> urls(Map<String, String> access) {
    Map<String, String> urls = new TreeMap<>(access);
    urls.remove(MediaAccess.AUTHORITIES);
    return urls;
  }

  private static boolean trusts(Hub hub, boolean bucket) {
    return bucket && hub.offload().orElseThrow().store().authoritySecret().isPresent();
  }

  private static List<Volume> volumes(Hub hub, boolean bucket) {
    List<Volume> volumes = new ArrayList<>(AppPod.volumes(hub));
    if (trusts(hub, bucket)) {
      volumes.add(MediaAccess.volume(hub));
    }
    volumes.addAll(PoolerComponent.volumes(hub));
    hub.redis()
        .filter(Hub.Redis::sidecar)
        .ifPresent(it -> volumes.addAll(RedisComponent.volumes(hub, it)));
    return volumes;
  }

  private static Container container(Hub hub, boolean bucket) {
    List<EnvVar> access = new ArrayList<>();
    access.add(AppPod.secret(DATABASE_URL, secret(hub), DATABASE_URL));
    if (hub.redis().isPresent()) {
      access.addAll(redisAccess(hub));
    }
    if (bucket) {
      access.addAll(MediaAccess.environment(hub.offload().orElseThrow()));
    }
    access.addAll(GatewayComponent.environment(hub));
    var container = AppPod.container(hub, "app", access);
    if (trusts(hub, bucket)) {
      container.addToVolumeMounts(MediaAccess.mount());
    }
    return container
        .withCommand(hub.app().command())
        .withArgs(hub.app().args())
        .addNewPort()
        .withName("http")
        .withContainerPort(hub.app().port())
        .withProtocol("TCP")
        .endPort()
        // The app has two minutes to listen; the thirty seconds are its grace after that.
        .withStartupProbe(Pods.tcp("http", 2, 60).build())
        .withReadinessProbe(Pods.tcp("http", 15, 3).build())
        .withLivenessProbe(Pods.tcp("http", 15, 3).withInitialDelaySeconds(30).build())
        .withNewLifecycle()
        .withNewPreStop()
        .withNewSleep(PRE_STOP_SECONDS)
        .endPreStop()
        .endLifecycle()
        .build();
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return Optional.of(AppHealth.of(hub, observed));
  }
}
