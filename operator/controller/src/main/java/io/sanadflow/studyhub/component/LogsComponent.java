package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.sanadflow.studyhub.backup.LogsConfig;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Logs;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What sends the logs: one pod a hub, in which a reader follows the hub's containers by the API
 * server, and a collector parses what it wrote and sends it on.
 */
public final class LogsComponent implements Component {

  /** The value of the component label. */
  public static final String NAME = "logs";

  /** The ClusterRole of the shipped manifests that the reader has in the hub's namespace. */
  static final String ROLE = "studyhub-logs";

  /** The user of the operator's image; both containers have it, since they share files. */
  private static final long USER = 65532;

  /** Ports of API servers: at the address of their Service, and at their own. */
  private static final List<Integer> API_SERVER = List.of(443, 6443);

  private static final String CONFIG = "/etc/studyhub/collector";
  private static final String FILE = "collector.yaml";
  private static final String QUEUE = "/var/lib/otelcol";

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    if (hub.monitoring().logs().isEmpty()) {
      return List.of();
    }
    Logs logs = hub.monitoring().logs().get();
    Names names = hub.names();
    String config = CollectorConfig.of(hub, logs);
    return List.of(
        new ServiceAccountBuilder()
            .withMetadata(Metadata.owned(hub, names.logs(), NAME).build())
            .withAutomountServiceAccountToken(false)
            .build(),
        binding(hub),
        policy(hub, logs),
        new ConfigMapBuilder()
            .withMetadata(Metadata.owned(hub, names.config(names.logs()), NAME).build())
            .withData(Map.of(FILE, config))
            .build(),
        deployment(hub, logs, config, observed));
  }

  private static RoleBinding binding(Hub hub) {
    Names names = hub.names();
    return new RoleBindingBuilder()
        .withMetadata(Metadata.owned(hub, names.logs(), NAME).build())
        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", ROLE)
        .addNewSubject()
        .withKind("ServiceAccount")
        .withName(names.logs())
        .withNamespace(names.namespace())
        .endSubject()
        .build();
  }

  /** It calls the API server and the endpoint, and nobody calls it. */
  private static NetworkPolicy policy(Hub hub, Logs logs) {
    List<NetworkPolicyEgressRule> egress = new ArrayList<>();
    egress.add(NetworkComponent.names());
    TreeSet<Integer> ports = new TreeSet<>(API_SERVER);
    ports.add(logs.port());
    ports.forEach(it -> egress.add(NetworkComponent.anywhere(it)));
    return NetworkComponent.policy(hub, hub.names().logs(), NAME, List.of(), egress);
  }

  private static Deployment deployment(Hub hub, Logs logs, String config, Observed observed) {
    Names names = hub.names();
    return new DeploymentBuilder()
        .withMetadata(Metadata.owned(hub, names.logs(), NAME).build())
        .withNewSpec()
        .withReplicas(hub.suspended() ? 0 : 1)
        .withRevisionHistoryLimit(2)
        .withProgressDeadlineSeconds(180)
        .withNewStrategy()
        // Two at a time would send each line twice.
        .withType("Recreate")
        .endStrategy()
        .withNewSelector()
        .withMatchLabels(Labels.selector(names.hub(), NAME))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Labels.of(names.hub(), NAME))
        .withAnnotations(Map.of(Labels.RESTART, Metadata.hash(config)))
        .endMetadata()
        .withSpec(
            Pods.of(hub, USER)
                .withServiceAccountName(names.logs())
                .withTerminationGracePeriodSeconds(30L)
                .withContainers(reader(hub, observed), collector(logs))
                .withVolumes(volumes(hub, logs))
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Container reader(Hub hub, Observed observed) {
    LogsConfig config =
        new LogsConfig(
            hub.names().namespace(),
            Labels.HUB
                + "="
                + hub.names().hub()
                + ","
                + Labels.COMPONENT
                + " in ("
                + String.join(",", AppComponent.NAME, DatabaseComponent.NAME, RedisComponent.NAME)
                + ")");
    return AgentContainers.program(
            "reader",
            observed.operatorImage(),
            "io.sanadflow.studyhub.logs.LogReader",
            AppPod.value(LogsConfig.VARIABLE, ReportCodec.json(config)),
            LogsConfig.JAVA_OPTIONS)
        .withResources(AgentContainers.limits("32Mi", (Logs.READER_MEMORY >> 20) + "Mi"))
        .withSecurityContext(Pods.container(USER))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withReadinessProbe(probe(LogsConfig.READY, LogsConfig.PORT, 10, 2))
        .withLivenessProbe(probe(LogsConfig.ALIVE, LogsConfig.PORT, 30, 4))
        .withVolumeMounts(
            Pods.writable("lines", LogsConfig.LINES), Pods.mount("account", LogsConfig.ACCOUNT))
        .build();
  }

  private static Container collector(Logs logs) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(Pods.mount("config", CONFIG));
    mounts.add(Pods.mount("lines", LogsConfig.LINES));
    mounts.add(Pods.writable("queue", QUEUE));
    logs.token().ifPresent(it -> mounts.add(Pods.mount("token", CollectorConfig.TOKEN)));
    logs.authoritySecret().ifPresent(it -> mounts.add(Pods.mount("ca", CollectorConfig.AUTHORITY)));
    return new ContainerBuilder()
        .withName("collector")
        .withImage(logs.image())
        .withArgs("--config=" + CONFIG + "/" + FILE)
        // Beneath the limit, for what is not on Go's heap.
        .withEnv(AppPod.value("GOMEMLIMIT", "72MiB"))
        .withResources(AgentContainers.limits("48Mi", (Logs.COLLECTOR_MEMORY >> 20) + "Mi"))
        .withSecurityContext(Pods.container(USER))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withReadinessProbe(probe("/", CollectorConfig.HEALTH, 15, 2))
        .withLivenessProbe(probe("/", CollectorConfig.HEALTH, 30, 4))
        .withVolumeMounts(mounts)
        .build();
  }

  private static Probe probe(String path, int port, int periodSeconds, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(port))
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(10)
        .withFailureThreshold(failures)
        .build();
  }

  private static List<Volume> volumes(Hub hub, Logs logs) {
    Names names = hub.names();
    List<Volume> volumes = new ArrayList<>();
    volumes.add(Pods.config("config", names.config(names.logs())));
    volumes.add(Pods.scratch("lines", "48Mi"));
    volumes.add(Pods.scratch("queue", "96Mi"));
    volumes.add(account());
    logs.token().ifPresent(it -> volumes.add(Pods.secret("token", it.secret(), List.of(it.key()))));
    logs.authoritySecret().ifPresent(it -> volumes.add(Pods.secret("ca", it, List.of("ca.crt"))));
    return volumes;
  }

  /** The API token, mounted by the reader alone. */
  private static Volume account() {
    return new VolumeBuilder()
        .withName("account")
        .withNewProjected()
        .withDefaultMode(0440)
        .addNewSource()
        .withNewServiceAccountToken()
        .withPath("token")
        .withExpirationSeconds(3607L)
        .endServiceAccountToken()
        .endSource()
        .addNewSource()
        .withNewConfigMap()
        .withName("kube-root-ca.crt")
        .addNewItem()
        .withKey("ca.crt")
        .withPath("ca.crt")
        .endItem()
        .endConfigMap()
        .endSource()
        .endProjected()
        .build();
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    if (hub.monitoring().logs().isEmpty() || hub.suspended()) {
      return Optional.empty();
    }
    Optional<Deployment> deployment = observed.deployment(hub.names().logs());
    if (Workloads.serves(deployment)) {
      return Optional.empty();
    }
    Optional<Workloads.Trouble> trouble = Workloads.trouble(observed.pods(NAME));
    boolean lacking =
        trouble.isPresent()
            || deployment.filter(it -> Workloads.late(it) || Workloads.complete(it)).isPresent();
    return Optional.of(
        new Health(
            Optional.empty(),
            Serving.UNKNOWN,
            lacking ? Phase.LACKING : Phase.PROGRESSING,
            "LogsNotSent",
            "no logs reach "
                + URI.create(hub.monitoring().logs().get().url()).getHost()
                + trouble
                    .map(it -> ": " + it.reason() + ": " + it.message())
                    .orElse(
                        lacking
                            ? "; kubectl logs deployment/%s -c reader says why, and -c collector has the answers of the endpoint"
                                .formatted(hub.names().logs())
                            : " yet")));
  }
}
