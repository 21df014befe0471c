package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pods of agents: the operator's own image with a sub-command, and beside it, where a database
 * is dumped or loaded, PostgreSQL's tools in the database's image. Both share a directory of FIFOs.
 */
final class AgentPods {

  /** The container whose termination message is the report. */
  static final String AGENT = "agent";

  /** The container with PostgreSQL's tools. */
  static final String TOOLS = "tools";

  /** The value of the component label. */
  static final String COMPONENT = "backup";

  private static final String LOCAL_COPIES = "/copies";

  private static final String MEDIA = "/media";

  /** The app's user where neither the user nor the image says otherwise. */
  private static final long APP_USER = 1000;

  // Measured: a stream of any length passes within these; what is saved is saved for the hub.
  private static final String JAVA_OPTIONS =
      "-XX:+UseSerialGC -Xmx28m -Xmn3m -XX:TieredStopAtLevel=1 -Xss256k -XX:MaxMetaspaceSize=48m"
          + " -XX:ReservedCodeCacheSize=12m -XX:-UsePerfData -XX:+UseCompactObjectHeaders";

  private final Hub hub;
  private final Optional<Material> material;
  private final String image;
  private final Hub.Backup backup;
  private final List<Volume> volumes = new ArrayList<>();
  private final List<VolumeMount> mounts = new ArrayList<>();
  private final long databaseUser;

  AgentPods(Hub hub, Optional<Material> material, Observed observed) {
    this.hub = hub;
    this.material = material;
    this.image = observed.operatorImage();
    this.backup = hub.backup().orElseThrow();
    this.databaseUser = DatabaseComponent.user(hub);
    mount(Pods.scratch("tmp", "64Mi"), Pods.writable("tmp", "/tmp"));
    hub.objectStore().ifPresent(this::store);
    backup
        .encryption()
        .ifPresent(
            it ->
                mount(
                    file("encryption", it.secret(), it.key(), "key"),
                    Pods.mount("encryption", "/etc/studyhub/encryption")));
    if (backup.localVolume().isPresent()) {
      mount(Pods.claim("copies", hub.names().localCopies()), Pods.writable("copies", LOCAL_COPIES));
    }
  }

  /** Tries the object store. */
  JobSpec probe() {
    return job(
        "probe", Duration.ofMinutes(10), 0, databaseUser, List.of("probe"), Optional.empty());
  }

  /** Makes a backup: Dump, Base or Dump,Base. */
  JobSpec backup(String what) {
    pipes();
    database();
    long user = databaseUser;
    if (hub.app().media().isPresent()) {
      // As the app, whose files nobody else may be able to read.
      user = appUser();
      mount(Pods.claim("media", hub.names().media()), Pods.mount("media", MEDIA));
    }
    return job(
        "backup",
        Duration.ofHours(6),
        2,
        user,
        List.of("backup", what),
        Optional.of(tools("dump.sh", limits("16Mi", "128Mi"))));
  }

  /** Takes what is in the spool of write-ahead log away. */
  JobSpec wal() {
    spool();
    return job("wal", Duration.ofMinutes(14), 0, databaseUser, List.of("wal"), Optional.empty());
  }

  /** Restores the newest dump into a server that goes with the pod. */
  JobSpec drill() {
    pipes();
    database();
    mount(
        new VolumeBuilder().withName("scratch").withNewEmptyDir().endEmptyDir().build(),
        Pods.writable("scratch", "/scratch"));
    // In the memory that the hub's own server has, so that the time is that of a real restore.
    return job(
        "drill",
        Duration.ofHours(6),
        1,
        databaseUser,
        List.of("drill"),
        Optional.of(tools("load.sh", hub.database().resources().requirements())));
  }

  /**
   * Loads a backup into a database beside the hub's.
   *
   * @param spool whether the log that is spooled yet is wanted too
   */
  JobSpec load(List<String> arguments, boolean spool) {
    pipes();
    database();
    mount(
        new VolumeBuilder().withName("scratch").withNewEmptyDir().endEmptyDir().build(),
        Pods.writable("scratch", "/scratch"));
    if (spool) {
      spool();
    }
    return job(
        RestoreJobs.RUN,
        Duration.ofHours(12),
        0,
        databaseUser,
        arguments,
        Optional.of(tools("load.sh", hub.database().resources().requirements())));
  }

  /** Fetches media, puts them in place, or takes them away again, as the app's user. */
  JobSpec media(List<String> arguments) {
    mount(Pods.claim("media", hub.names().media()), Pods.writable("media", MEDIA));
    return job(RestoreJobs.RUN, Duration.ofHours(12), 0, appUser(), arguments, Optional.empty());
  }

  private void mount(Volume volume, VolumeMount mount) {
    volumes.add(volume);
    mounts.add(mount);
  }

  private void store(Hub.ObjectStore store) {
    mount(
        Pods.secret("store", store.credentialsSecret(), List.of("accessKeyId", "secretAccessKey")),
        Pods.mount("store", AgentConfig.STORE_CREDENTIALS));
    store
        .authoritySecret()
        .ifPresent(
            it ->
                mount(
                    Pods.secret("store-ca", it, List.of("ca.crt")),
                    Pods.mount("store-ca", "/etc/studyhub/store-ca")));
  }

  private void spool() {
    mount(
        Pods.claim("spool", hub.names().database()),
        new VolumeMountBuilder()
            .withName("spool")
            .withMountPath(AgentConfig.SPOOL)
            .withSubPath(DatabaseComponent.SPOOL)
            .build());
  }

  private void pipes() {
    mount(
        new VolumeBuilder()
            .withName("pipes")
            .withNewEmptyDir()
            .withMedium("Memory")
            .withSizeLimit(Quantity.parse("16Mi"))
            .endEmptyDir()
            .build(),
        Pods.writable("pipes", AgentConfig.PIPES));
  }

  private void database() {
    mount(
        file("database", passwordSecret(), passwordKey(), "password"),
        Pods.mount("database", "/etc/studyhub/database"));
    if (DatabaseAccess.hasAuthority(hub)) {
      mount(
          DatabaseAccess.authority(hub),
          Pods.mount("database-ca", DatabaseAccess.AUTHORITY_DIRECTORY));
    }
  }

  private String passwordSecret() {
    Names names = hub.names();
    return hub.database()
        .external()
        .map(Hub.External::credentialsSecret)
        .orElseGet(() -> names.auth(names.database()));
  }

  private String passwordKey() {
    return hub.database().external().isPresent() ? "password" : "superuser";
  }

  private long appUser() {
    return hub.app().securityContext().map(SecurityContext::getRunAsUser).orElse(APP_USER);
  }

  private AgentConfig.Database access() {
    return hub.database()
        .external()
        .map(
            it ->
                new AgentConfig.Database(
                    it.host(),
                    it.port(),
                    it.database(),
                    material.flatMap(Material::external).orElseThrow().username(),
                    false))
        .orElseGet(
            () ->
                new AgentConfig.Database(
                    hub.names().host(hub.names().database()),
                    5432,
                    Credentials.DATABASE,
                    "postgres",
                    true));
  }

  private AgentConfig config() {
    return new AgentConfig(
        hub.names().hub(),
        hub.names().namespace(),
        hub.objectStore().map(Hub.ObjectStore::bucketOf).orElse(null),
        backup.localVolume().map(it -> LOCAL_COPIES).orElse(null),
        access(),
        hub.app().media().map(it -> MEDIA).orElse(null),
        backup.encryption().isPresent(),
        backup.retention());
  }

  private Container agent(long user, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("agent"));
    all.addAll(arguments);
    return new ContainerBuilder()
        .withName(AGENT)
        .withImage(image)
        .withArgs(all)
        .withEnv(
            AppPod.value(AgentConfig.VARIABLE, ReportCodec.json(config())),
            AppPod.value("JAVA_TOOL_OPTIONS", JAVA_OPTIONS),
            AppPod.value("MALLOC_ARENA_MAX", "2"),
            // Else names of files that are not ASCII cannot be read.
            AppPod.value("LC_ALL", "C.UTF-8"))
        .withResources(limits("64Mi", "160Mi"))
        .withSecurityContext(Pods.container(user))
        .withVolumeMounts(mounts)
        .build();
  }

  private Container tools(String script, ResourceRequirements resources) {
    AgentConfig.Database access = access();
    List<EnvVar> environment = new ArrayList<>();
    environment.add(AppPod.value("PGHOST", access.host()));
    environment.add(AppPod.value("PGPORT", String.valueOf(access.port())));
    environment.add(AppPod.value("PGUSER", access.user()));
    environment.add(AppPod.value("PGDATABASE", access.database()));
    environment.add(AppPod.secret("PGPASSWORD", passwordSecret(), passwordKey()));
    environment.add(AppPod.value("PGSSLMODE", "verify-full"));
    environment.add(
        AppPod.value(
            "PGSSLROOTCERT",
            DatabaseAccess.hasAuthority(hub)
                ? DatabaseAccess.AUTHORITY_DIRECTORY + "/" + AuthorityComponent.CA
                : "system"));
    environment.add(AppPod.value("PGCONNECT_TIMEOUT", "10"));
    environment.add(AppPod.value("HOME", "/tmp"));
    environment.add(AppPod.value("LC_ALL", "C.UTF-8"));
    List<VolumeMount> shared =
        mounts.stream()
            .filter(it -> List.of("tmp", "pipes", "database-ca", "scratch").contains(it.getName()))
            .toList();
    return new ContainerBuilder()
        .withName(TOOLS)
        .withImage(hub.database().image())
        .withCommand("sh", "-c", script(script))
        .withEnv(environment)
        .withResources(resources)
        .withSecurityContext(Pods.container(databaseUser))
        .withVolumeMounts(shared)
        .build();
  }

  /** A script of the class path, which a container gets as an argument. */
  static String script(String name) {
    try (InputStream script = AgentPods.class.getResourceAsStream("/agent/" + name)) {
      if (script == null) {
        throw new IllegalStateException("the jar has no agent/" + name);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  private JobSpec job(
      String run,
      Duration limit,
      int retries,
      long user,
      List<String> arguments,
      Optional<Container> tools) {
    List<Container> containers = new ArrayList<>();
    containers.add(agent(user, arguments));
    tools.ifPresent(containers::add);
    return new JobSpecBuilder()
        .withBackoffLimit(retries)
        .withActiveDeadlineSeconds(limit.toSeconds())
        .withTemplate(template(run, containers))
        .build();
  }

  private PodTemplateSpec template(String run, List<Container> containers) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels(hub, run))
        .endMetadata()
        .withSpec(
            Pods.of(hub, databaseUser)
                .withRestartPolicy("Never")
                .withAffinity(AppPod.nearby(hub).orElse(null))
                .withContainers(containers)
                .withVolumes(volumes)
                .build())
        .build();
  }

  /** The labels of a Job and its pods that tell what is run. */
  static Map<String, String> labels(Hub hub, String run) {
    Map<String, String> labels = new java.util.TreeMap<>(Labels.of(hub.names().hub(), COMPONENT));
    labels.put(Labels.RUN, run);
    return labels;
  }

  private static ResourceRequirements limits(String request, String limit) {
    return new ResourceRequirementsBuilder()
        .withRequests(Map.of("cpu", Quantity.parse("10m"), "memory", Quantity.parse(request)))
        .withLimits(Map.of("memory", Quantity.parse(limit)))
        .build();
  }

  /** One key of a Secret as a file of another name. */
  private static Volume file(String volume, String secret, String key, String path) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewSecret()
        .withSecretName(secret)
        .withDefaultMode(0440)
        .addNewItem()
        .withKey(key)
        .withPath(path)
        .endItem()
        .endSecret()
        .build();
  }
}
