package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The containers of agents' pods, and what they are told.
 *
 * @param store the bucket that the agent works with, which may be another than the hub's own
 * @param image the operator's
 * @param sparing whether the store is to be asked for less
 */
record AgentContainers(
    Hub hub,
    Optional<Material> material,
    Optional<Hub.ObjectStore> store,
    String image,
    boolean sparing) {

  /** Where the media volume is mounted. */
  static final String MEDIA = "/media";

  /** Where the local volume is mounted. */
  static final String LOCAL_COPIES = "/copies";

  /** What an agent is told that restores into a hub without backups; it deletes none. */
  private static final AgentConfig.Retention RETENTION = new AgentConfig.Retention(7, 30, 0, 0, 3);

  private static final Map<String, String> SCRIPTS = new ConcurrentHashMap<>();

  String passwordSecret() {
    Names names = hub.names();
    return hub.database()
        .external()
        .map(Hub.External::credentialsSecret)
        .orElseGet(() -> names.auth(names.database()));
  }

  String passwordKey() {
    return hub.database().external().isPresent() ? "password" : "superuser";
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
        store.map(Hub.ObjectStore::bucketOf).orElse(null),
        hub.backup().flatMap(Hub.Backup::localVolume).map(it -> LOCAL_COPIES).orElse(null),
        access(),
        hub.app().media().map(it -> MEDIA).orElse(null),
        hub.backup().flatMap(Hub.Backup::encryption).isPresent(),
        hub.backup().map(Hub.Backup::retention).orElse(RETENTION),
        hub.offload()
            .map(
                it ->
                    new AgentConfig.Offload(
                        it.store().bucketOf(),
                        it.own(),
                        it.mode(),
                        it.threshold(),
                        it.grace().toSeconds(),
                        it.bandwidth()))
            .orElse(null),
        sparing ? true : null);
  }

  /**
   * A small program of the operator's image, beside the operator itself.
   *
   * @param config the variable with what it is told
   * @param options of its JVM, which belong to the limit of its memory
   */
  static ContainerBuilder program(
      String name, String image, String mainClass, EnvVar config, String options) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(image)
        // The libraries that they use: the names in all the others would fill the heap.
        .withCommand("java", "@/app/agent.args", mainClass)
        .withEnv(
            config,
            AppPod.value("JAVA_TOOL_OPTIONS", options),
            AppPod.value("MALLOC_ARENA_MAX", "2"),
            // Else names of files that are not ASCII cannot be read.
            AppPod.value("LC_ALL", "C.UTF-8"));
  }

  /** The agent, which answers by its termination message. */
  Container agent(long user, List<String> arguments, List<VolumeMount> mounts) {
    return program(
            AgentPods.AGENT,
            image,
            "io.sanadflow.studyhub.agent.Agent",
            AppPod.value(AgentConfig.VARIABLE, ReportCodec.json(config())),
            AgentConfig.JAVA_OPTIONS)
        .withArgs(arguments)
        .withResources(resources(arguments.get(0)))
        .withSecurityContext(Pods.container(user))
        .withVolumeMounts(mounts)
        .build();
  }

  /** Media move while people use the app, which therefore keeps half of even a single CPU. */
  private static ResourceRequirements resources(String command) {
    ResourceRequirements resources = limits("64Mi", "160Mi");
    return command.equals("offload")
        ? new ResourceRequirementsBuilder(resources)
            .addToLimits("cpu", Quantity.parse("500m"))
            .build()
        : resources;
  }

  /** PostgreSQL's tools, which do what the script says. */
  Container tools(String script, ResourceRequirements resources, List<VolumeMount> mounts) {
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
        .withName(AgentPods.TOOLS)
        .withImage(hub.database().image())
        .withCommand("sh", "-c", script(script))
        .withEnv(environment)
        .withResources(resources)
        .withSecurityContext(Pods.container(DatabaseComponent.user(hub)))
        .withVolumeMounts(shared)
        .build();
  }

  /** A script of the class path, which a container gets as an argument; read once, not a pass. */
  static String script(String name) {
    return SCRIPTS.computeIfAbsent(name, AgentContainers::read);
  }

  private static String read(String name) {
    try (InputStream script = AgentPods.class.getResourceAsStream("/agent/" + name)) {
      if (script == null) {
        throw new IllegalStateException("the jar has no agent/" + name);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  /** Memory, and CPU as there is. */
  static ResourceRequirements limits(String request, String limit) {
    return new ResourceRequirementsBuilder()
        .withRequests(Map.of("cpu", Quantity.parse("10m"), "memory", Quantity.parse(request)))
        .withLimits(Map.of("memory", Quantity.parse(limit)))
        .build();
  }
}
