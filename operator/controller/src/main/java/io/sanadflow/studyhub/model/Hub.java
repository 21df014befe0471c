package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.sanadflow.studyhub.api.v1alpha1.IssuerRef;
import io.sanadflow.studyhub.api.v1alpha1.ObjectStoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.PoolerSpec;
import io.sanadflow.studyhub.backup.AgentConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A hub with everything decided: what the spec says, what its schema defaults, and what follows
 * from both. Sizes of memory are in bytes.
 */
public record Hub(
    Names names,
    String uid,
    long generation,
    App app,
    Database database,
    Pooler pooler,
    Optional<Redis> redis,
    Optional<IssuerRef> issuer,
    Optional<ObjectStore> objectStore,
    Optional<Backup> backup,
    Optional<Offload> offload,
    Budget budget,
    Monitoring monitoring,
    boolean suspended,
    boolean deleteData) {

  /** A volume: its size as written and in bytes, and its class if one is named. */
  public record Storage(Quantity size, long bytes, Optional<String> className) {}

  /** CPU and memory of a container; the memory request is filled in, the limit also in bytes. */
  public record Resources(ResourceRequirements requirements, long memoryLimit) {}

  /** The app. {@code surge} is whether an update may run a pod more than wanted. */
  public record App(
      String image,
      int replicas,
      boolean surge,
      int port,
      List<String> command,
      List<String> args,
      List<EnvVar> env,
      List<EnvFromSource> envFrom,
      List<LocalObjectReference> imagePullSecrets,
      Optional<SecurityContext> securityContext,
      Resources resources,
      int heapMiB,
      String healthPath,
      Optional<Migration> migration,
      Optional<Media> media,
      Optional<Ingress> ingress) {

    private App withSurge() {
      return new App(
          image,
          replicas,
          true,
          port,
          command,
          args,
          env,
          envFrom,
          imagePullSecrets,
          securityContext,
          resources,
          heapMiB,
          healthPath,
          migration,
          media,
          ingress);
    }

    /** Whether the user gave the variable, which then wins over the operator's. */
    public boolean sets(String variable) {
      return env.stream().anyMatch(it -> it.getName().equals(variable));
    }
  }

  /** The migration's command and how long it may take. */
  public record Migration(List<String> command, Duration timeout) {}

  /** The media volume. */
  public record Media(String mountPath, Storage storage) {}

  /** The way in. */
  public record Ingress(
      String host,
      Optional<String> className,
      Optional<String> tlsSecret,
      Optional<IssuerRef> issuer) {}

  /** The database: {@code parameters} are all of postgresql.conf, the user's merged. */
  public record Database(
      String image,
      Storage storage,
      Resources resources,
      SortedMap<String, String> parameters,
      Map<String, String> userParameters,
      int maxConnections,
      List<String> extensions,
      Optional<External> external,
      Optional<Start> restoreFrom) {}

  /**
   * The backup that a new database starts from.
   *
   * @param at the moment wanted; the newest backup where there is none
   * @param store where the backup is
   * @param own whether the hub writes its own backups to the same prefix
   */
  public record Start(Optional<String> at, ObjectStoreSpec store, boolean own) {}

  /** A database elsewhere. */
  public record External(
      String host,
      int port,
      String database,
      String credentialsSecret,
      Optional<String> authoritySecret) {}

  /** PgBouncer: {@code settings} are all of its [pgbouncer] section that can be reloaded. */
  public record Pooler(
      String image,
      PoolerSpec.Mode mode,
      int maxDbConnections,
      int backends,
      SortedMap<String, String> settings,
      Map<String, String> userSettings,
      Resources resources) {}

  /** Redis. */
  public record Redis(
      boolean sidecar,
      String image,
      Resources resources,
      String evictionPolicy,
      Optional<Storage> storage) {

    /** What Redis may hold: the rest of the limit is for the process and for a fork's copies. */
    public long maxMemory() {
      return resources.memoryLimit() * 6 / 10;
    }
  }

  /**
   * A bucket.
   *
   * @param port of the endpoint
   * @param prefix what all keys start with, without slashes at its ends
   * @param credentialsSecret with accessKeyId and secretAccessKey
   * @param authoritySecret with the ca.crt of an endpoint of a private authority
   * @param adopt whether another database's backups under the prefix are taken over
   */
  public record ObjectStore(
      String endpoint,
      int port,
      String region,
      String bucket,
      String prefix,
      String credentialsSecret,
      Optional<String> authoritySecret,
      boolean adopt) {

    /** Another bucket of the same store, with other credentials if there are any. */
    ObjectStore withBucket(String bucket, Optional<String> credentials) {
      return new ObjectStore(
          endpoint,
          port,
          region,
          bucket,
          prefix,
          credentials.orElse(credentialsSecret),
          authoritySecret,
          adopt);
    }

    /** The bucket as the agent is told of it. */
    public AgentConfig.Bucket bucketOf() {
      return new AgentConfig.Bucket(endpoint, region, bucket, prefix, adopt);
    }
  }

  /**
   * Backups. They need a place: a bucket, a local volume, or both.
   *
   * @param rpo the most that may be lost
   * @param rto the longest that a restore may take
   * @param wal whether the log is archived, which the hub's own server alone does
   * @param localVolume for copies in the cluster
   * @param encryption the user's key
   */
  public record Backup(
      Schedule schedule,
      Schedule drill,
      Duration rpo,
      Duration rto,
      AgentConfig.Retention retention,
      boolean wal,
      Optional<Storage> localVolume,
      Optional<EncryptionKey> encryption) {}

  /** When something is done, and whether it is stopped. */
  public record Schedule(CronSchedule times, ZoneId zone, boolean suspended) {

    /** The first time after an instant. */
    public Optional<Instant> next(Instant after) {
      return times.next(after, zone);
    }

    /** The last time before an instant. */
    public Optional<Instant> previous(Instant before) {
      return times.previous(before, zone);
    }
  }

  /** A key of a Secret that the user made. */
  public record EncryptionKey(String secret, String key) {}

  /** This hub, whose updates run one pod more than wanted. */
  Hub withSurge() {
    return copy(app.withSurge(), objectStore);
  }

  /** This hub, as it would be if its backups were in another bucket. */
  public Hub withStore(ObjectStore store) {
    return copy(app, Optional.of(store));
  }

  private Hub copy(App app, Optional<ObjectStore> objectStore) {
    return new Hub(
        names,
        uid,
        generation,
        app,
        database,
        pooler,
        redis,
        issuer,
        objectStore,
        backup,
        offload,
        budget,
        monitoring,
        suspended,
        deleteData);
  }

  /** Whether backups are wanted and have a place to go to. */
  public boolean backsUp() {
    return backup.isPresent()
        && (objectStore.isPresent() || backup.get().localVolume().isPresent());
  }

  /** Whether there is one Redis for all app pods. */
  public boolean sharedRedis() {
    return redis.isPresent() && !redis.get().sidecar();
  }

  /** The most app pods that run at once, during an update. */
  public int peakPods() {
    return app.replicas() + (app.surge() ? 1 : 0);
  }

  /** Memory limits of one app pod in bytes, sidecars included. */
  public long appPodMemory() {
    return app.resources().memoryLimit()
        + pooler.resources().memoryLimit()
        + redis.filter(Redis::sidecar).map(it -> it.resources().memoryLimit()).orElse(0L);
  }

  /** Memory limits of the pods that do not multiply, in bytes. */
  public long fixedMemory() {
    return (database.external().isPresent() ? 0 : database.resources().memoryLimit())
        + (sharedRedis() ? redis.get().resources().memoryLimit() : 0)
        + offload.map(Offload::memory).orElse(0L)
        + monitoring.logs().map(it -> Logs.MEMORY).orElse(0L);
  }

  /** Memory limits of all pods with the wanted replicas, in bytes. */
  public long memory() {
    return fixedMemory() + app.replicas() * appPodMemory();
  }
}
