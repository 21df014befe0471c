package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Offload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

  /** The app's user where neither the user nor the image says otherwise. */
  private static final long APP_USER = 1000;

  private final Hub hub;
  private final AgentContainers containers;
  private final List<Volume> volumes = new ArrayList<>();
  private final List<VolumeMount> mounts = new ArrayList<>();
  private final long databaseUser;

  AgentPods(Hub hub, Optional<Material> material, Observed observed) {
    this.hub = hub;
    boolean sparing = Spending.sparing(hub, observed);
    this.containers =
        new AgentContainers(hub, material, hub.objectStore(), observed.operatorImage(), sparing);
    this.databaseUser = DatabaseComponent.user(hub);
    mount(Pods.scratch("tmp", "64Mi"), Pods.writable("tmp", "/tmp"));
    hub.objectStore().ifPresent(this::store);
    hub.backup()
        .flatMap(Hub.Backup::encryption)
        .ifPresent(
            it ->
                mount(
                    file("encryption", it.secret(), it.key(), "key"),
                    Pods.mount("encryption", "/etc/studyhub/encryption")));
    if (hub.backup().flatMap(Hub.Backup::localVolume).isPresent()) {
      mount(
          Pods.claim("copies", hub.names().localCopies()),
          Pods.writable("copies", AgentContainers.LOCAL_COPIES));
    }
  }

  /** Tries the object store. */
  JobSpec probe() {
    return job("probe", Duration.ofMinutes(10), 0, databaseUser, List.of("probe"));
  }

  /** Makes a backup: Dump, Base or Dump,Base. */
  JobSpec backup(String what) {
    pipes();
    database();
    long user = databaseUser;
    if (hub.app().media().isPresent()) {
      // As the app, whose files nobody else may be able to read.
      user = appUser(hub);
      mount(Pods.claim("media", hub.names().media()), Pods.mount("media", AgentContainers.MEDIA));
    }
    return job(
        "backup",
        Duration.ofHours(6),
        2,
        user,
        List.of("backup", what),
        Optional.of("dump.sh"),
        AgentContainers.limits("16Mi", "128Mi"));
  }

  /** Takes what is in the spool of write-ahead log away. */
  JobSpec wal() {
    spool();
    return job("wal", Duration.ofMinutes(14), 0, databaseUser, List.of("wal"));
  }

  /** Restores the newest dump into a server that goes with the pod. */
  JobSpec drill() {
    pipes();
    database();
    scratch();
    // In the memory that the hub's own server has, so that the time is that of a real restore.
    return job(
        "drill",
        Duration.ofHours(6),
        1,
        databaseUser,
        List.of("drill"),
        Optional.of("load.sh"),
        hub.database().resources().requirements());
  }

  /** Says what retention would delete, and deletes nothing. */
  JobSpec prune() {
    return job("prune", Duration.ofHours(1), 0, databaseUser, List.of("prune", "--dry-run"));
  }

  /**
   * Loads a backup into a database beside the hub's.
   *
   * @param spool whether the log that is spooled yet is wanted too
   */
  JobSpec load(List<String> arguments, boolean spool) {
    pipes();
    database();
    scratch();
    if (spool) {
      spool();
    }
    return job(
        RestoreJobs.RUN,
        Duration.ofHours(12),
        0,
        databaseUser,
        arguments,
        Optional.of("load.sh"),
        hub.database().resources().requirements());
  }

  /** Moves media, as the app's user, whose files nobody else may be able to read. */
  JobSpec offload(String run, List<String> arguments) {
    database();
    mount(Pods.claim("media", hub.names().media()), Pods.writable("media", AgentContainers.MEDIA));
    hub.offload()
        .filter(Offload::own)
        .ifPresent(
            it ->
                mount(
                    Pods.secret(
                        "offload",
                        it.store().credentialsSecret(),
                        List.of("accessKeyId", "secretAccessKey")),
                    Pods.mount("offload", AgentConfig.OFFLOAD_CREDENTIALS)));
    return job(run, Duration.ofHours(12), 0, appUser(hub), arguments);
  }

  /** Fetches media, puts them in place, or takes them away again, as the app's user. */
  JobSpec media(List<String> arguments) {
    mount(Pods.claim("media", hub.names().media()), Pods.writable("media", AgentContainers.MEDIA));
    return job(RestoreJobs.RUN, Duration.ofHours(12), 0, appUser(hub), arguments);
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

  /** Room for a server, and for what is loaded into it. */
  private void scratch() {
    mount(
        new VolumeBuilder().withName("scratch").withNewEmptyDir().endEmptyDir().build(),
        Pods.writable("scratch", "/scratch"));
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
        file("database", containers.passwordSecret(), containers.passwordKey(), "password"),
        Pods.mount("database", "/etc/studyhub/database"));
    if (DatabaseAccess.hasAuthority(hub)) {
      mount(
          DatabaseAccess.authority(hub),
          Pods.mount("database-ca", DatabaseAccess.AUTHORITY_DIRECTORY));
    }
  }

  private JobSpec job(String run, Duration limit, int retries, long user, List<String> arguments) {
    return job(run, limit, retries, user, arguments, Optional.empty(), new ResourceRequirements());
  }

  /** The app's user, whose files nobody else may be able to read. */
  static long appUser(Hub hub) {
    return hub.app().securityContext().map(SecurityContext::getRunAsUser).orElse(APP_USER);
  }

  private JobSpec job(
      String run,
      Duration limit,
      int retries,
      long user,
      List<String> arguments,
      Optional<String> script,
      ResourceRequirements resources) {
    List<Container> all = new ArrayList<>();
    all.add(containers.agent(user, arguments, mounts));
    script.ifPresent(it -> all.add(containers.tools(it, resources, mounts)));
    return new JobSpecBuilder()
        .withBackoffLimit(retries)
        .withActiveDeadlineSeconds(limit.toSeconds())
        .withTemplate(template(run, all))
        .build();
  }

  /** The group of the pod's volumes: that of the media, where they are, must stay the app's. */
  private long group() {
    boolean media = mounts.stream().anyMatch(it -> it.getName().equals("media"));
    return media ? AppPod.group(hub) : databaseUser;
  }

  private PodTemplateSpec template(String run, List<Container> containers) {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels(hub, run))
        .endMetadata()
        .withSpec(
            Pods.of(hub, group())
                .withRestartPolicy("Never")
                .withAffinity(AppPod.nearby(hub).orElse(null))
                .withContainers(containers)
                .withVolumes(volumes)
                .build())
        .build();
  }

  /** The labels of a Job and its pods that tell what is run. */
  static Map<String, String> labels(Hub hub, String run) {
    Map<String, String> labels = new TreeMap<>(Labels.of(hub.names().hub(), COMPONENT));
    labels.put(Labels.RUN, run);
    return labels;
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
