package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.GatewayConfig;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.model.Offload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The read gateway, for an app that knows no S3: a Deployment beside the app with the media volume
 * mounted to read, its Service and the Secret with the key that the app signs with.
 */
public final class GatewayComponent implements Component {

  /** The value of the component label. */
  public static final String NAME = "media";

  /** The key in its Secret that requests are signed with. */
  static final String SIGNING_KEY = "key";

  private static final String PORT = "https";

  // Long enough for the endpoints to be taken out everywhere before it stops listening.
  private static final long PRE_STOP_SECONDS = 5;

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    Optional<Offload> offload = offload(hub);
    if (offload.isEmpty()) {
      return List.of();
    }
    Names names = hub.names();
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(
        Secrets.of(
            Metadata.owned(hub, names.auth(names.media()), NAME).build(),
            Map.of(SIGNING_KEY, material.gateway().orElseThrow().signingKey())));
    objects.add(NetworkComponent.gateway(hub, offload.get()));
    objects.add(Workloads.service(hub, names.media(), NAME, 443, PORT));
    // Its pod has to be where the app's are.
    if (observed.deployment(names.app()).isPresent()) {
      objects.add(deployment(hub, offload.get(), material, observed));
    }
    return objects;
  }

  @Override
  public List<ObjectKey> kept(Hub hub, Observed observed) {
    return offload(hub).isEmpty()
        ? List.of()
        : List.of(new ObjectKey("Deployment", hub.names().media()));
  }

  private static Optional<Offload> offload(Hub hub) {
    return hub.offload()
        .filter(it -> it.gateway().isPresent())
        .filter(it -> hub.app().media().isPresent());
  }

  /** What the app is told: where media are given out, and what to sign requests with. */
  static List<EnvVar> environment(Hub hub) {
    Names names = hub.names();
    List<EnvVar> variables = new ArrayList<>();
    offload(hub)
        .flatMap(Offload::gateway)
        .ifPresent(
            it -> {
              variables.add(AppPod.value("MEDIA_URL", "https://" + names.host(names.media())));
              if (it.signed()) {
                variables.add(
                    AppPod.secret("MEDIA_SIGNING_KEY", names.auth(names.media()), SIGNING_KEY));
              }
            });
    return variables;
  }

  private static int replicas(Hub hub) {
    return hub.suspended() || hub.app().replicas() == 0 ? 0 : 1;
  }

  private static Deployment deployment(
      Hub hub, Offload offload, Material material, Observed observed) {
    Names names = hub.names();
    Material.Gateway own = material.gateway().orElseThrow();
    return new DeploymentBuilder()
        .withMetadata(Metadata.owned(hub, names.media(), NAME).build())
        .withNewSpec()
        .withReplicas(replicas(hub))
        .withRevisionHistoryLimit(2)
        .withStrategy(Workloads.rolling(hub.app().surge()))
        .withNewSelector()
        .withMatchLabels(Labels.selector(names.hub(), NAME))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Labels.of(names.hub(), NAME))
        .withAnnotations(
            Map.of(
                Labels.RESTART,
                Metadata.hash(
                    own.certificate().certificatePem(),
                    own.signingKey(),
                    material.storeAuthority().orElse(""),
                    observed.storeDigest())))
        .endMetadata()
        .withSpec(
            Pods.of(hub, AppPod.group(hub))
                .withTerminationGracePeriodSeconds(30L)
                // The volume can be mounted on one node at a time: that of the app.
                .withAffinity(AppPod.together(hub).orElse(null))
                .withContainers(container(hub, offload, observed))
                .withVolumes(volumes(hub, offload))
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Container container(Hub hub, Offload offload, Observed observed) {
    GatewayConfig config =
        new GatewayConfig(
            AgentContainers.MEDIA,
            offload.store().bucketOf(),
            offload.own(),
            offload.gateway().orElseThrow().signed(),
            offload.gateway().orElseThrow().maxAge().toSeconds());
    return AgentContainers.program(
            "gateway",
            observed.operatorImage(),
            "io.sanadflow.studyhub.gateway.Gateway",
            AppPod.value(GatewayConfig.VARIABLE, ReportCodec.json(config)),
            GatewayConfig.JAVA_OPTIONS)
        .addNewPort()
        .withName(PORT)
        .withContainerPort(GatewayConfig.PORT)
        .withProtocol("TCP")
        .endPort()
        .withResources(AgentContainers.limits("64Mi", (Offload.Gateway.MEMORY >> 20) + "Mi"))
        .withSecurityContext(Pods.container(AgentPods.appUser(hub)))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withStartupProbe(probe(2, 30))
        .withReadinessProbe(probe(15, 2))
        .withLivenessProbe(probe(30, 4))
        .withNewLifecycle()
        .withNewPreStop()
        .withNewSleep(PRE_STOP_SECONDS)
        .endPreStop()
        .endLifecycle()
        .withVolumeMounts(mounts(offload))
        .build();
  }

  private static Probe probe(int periodSeconds, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(GatewayConfig.READY)
        .withNewPort(PORT)
        .withScheme("HTTPS")
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(10)
        .withFailureThreshold(failures)
        .build();
  }

  private static List<VolumeMount> mounts(Offload offload) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(Pods.mount("media", AgentContainers.MEDIA));
    mounts.add(Pods.mount("tls", GatewayConfig.TLS));
    mounts.add(Pods.mount("signing", "/etc/studyhub/gateway/signing"));
    mounts.add(
        Pods.mount(
            "store",
            offload.own() ? AgentConfig.OFFLOAD_CREDENTIALS : AgentConfig.STORE_CREDENTIALS));
    mounts.add(Pods.writable("tmp", "/tmp"));
    offload
        .store()
        .authoritySecret()
        .ifPresent(it -> mounts.add(Pods.mount("store-ca", "/etc/studyhub/store-ca")));
    return mounts;
  }

  private static List<Volume> volumes(Hub hub, Offload offload) {
    Names names = hub.names();
    List<Volume> volumes = new ArrayList<>();
    volumes.add(Pods.claim("media", names.media()));
    volumes.add(
        Pods.secret(
            "tls",
            names.tls(names.media()),
            List.of(AuthorityComponent.CERTIFICATE, AuthorityComponent.KEY)));
    volumes.add(Pods.secret("signing", names.auth(names.media()), List.of(SIGNING_KEY)));
    volumes.add(
        Pods.secret(
            "store",
            offload.store().credentialsSecret(),
            List.of("accessKeyId", "secretAccessKey")));
    volumes.add(Pods.scratch("tmp", "16Mi"));
    offload
        .store()
        .authoritySecret()
        .ifPresent(it -> volumes.add(Pods.secret("store-ca", it, List.of("ca.crt"))));
    return volumes;
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    if (offload(hub).isEmpty() || replicas(hub) == 0) {
      return Optional.empty();
    }
    Optional<Deployment> deployment = observed.deployment(hub.names().media());
    if (Workloads.serves(deployment)) {
      return Optional.empty();
    }
    Optional<Workloads.Trouble> trouble =
        Workloads.trouble(observed.pods(NAME))
            // It waits for a node that the app has not come to yet.
            .filter(it -> !it.reason().equals("Unschedulable") || appServes(hub, observed));
    boolean late = trouble.isPresent() || deployment.filter(Workloads::late).isPresent();
    return Optional.of(
        new Health(
            Optional.empty(),
            Serving.UNKNOWN,
            late ? Phase.LACKING : Phase.PROGRESSING,
            "GatewayNotServing",
            "the gateway of media does not serve"
                + trouble.map(it -> ": " + it.reason() + ": " + it.message()).orElse(" yet")
                + (late && trouble.isEmpty()
                    ? "; look at the log of deployment/" + hub.names().media()
                    : "")));
  }

  private static boolean appServes(Hub hub, Observed observed) {
    return Workloads.serves(observed.deployment(hub.names().app()));
  }
}
