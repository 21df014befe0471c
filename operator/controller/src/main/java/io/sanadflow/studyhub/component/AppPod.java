package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the app's container and its migration's have in common: image, environment, volumes. */
final class AppPod {

  /** The group of the media volume where the user names none. */
  private static final long GROUP = 1000;

  private AppPod() {}

  /** The container, to which the app adds its port and probes, and the migration its command. */
  static ContainerBuilder container(Hub hub, String name, List<EnvVar> access) {
    Hub.App app = hub.app();
    return new ContainerBuilder()
        .withName(name)
        .withImage(app.image())
        .withEnv(environment(hub, access))
        .withEnvFrom(app.envFrom())
        .withResources(app.resources().requirements())
        .withSecurityContext(security(app))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(mounts(hub));
  }

  /** The group that owns the pod's volumes. */
  static long group(Hub hub) {
    return hub.app().securityContext().map(SecurityContext::getRunAsGroup).orElse(GROUP);
  }

  private static List<VolumeMount> mounts(Hub hub) {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(Pods.mount("ca", DatabaseAccess.HUB_AUTHORITY_DIRECTORY));
    mounts.add(Pods.writable("tmp", "/tmp"));
    hub.app().media().ifPresent(it -> mounts.add(Pods.writable("media", it.mountPath())));
    return mounts;
  }

  /**
   * Where the pods may be: the volume of the media can be mounted on one node at a time, so all are
   * on the node of those that are there.
   */
  static Optional<Affinity> together(Hub hub) {
    return hub.app()
        .media()
        .map(
            it ->
                new AffinityBuilder()
                    .withNewPodAffinity()
                    .withRequiredDuringSchedulingIgnoredDuringExecution(beside(hub))
                    .endPodAffinity()
                    .build());
  }

  /** The same for a pod that is not one of the app's, which may be the first of all. */
  static Optional<Affinity> nearby(Hub hub) {
    return hub.app()
        .media()
        .map(
            it ->
                new AffinityBuilder()
                    .withNewPodAffinity()
                    .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                    .withWeight(100)
                    .withPodAffinityTerm(beside(hub))
                    .endPreferredDuringSchedulingIgnoredDuringExecution()
                    .endPodAffinity()
                    .build());
  }

  private static PodAffinityTerm beside(Hub hub) {
    return new PodAffinityTermBuilder()
        .withNewLabelSelector()
        .withMatchLabels(Labels.selector(hub.names().hub(), AppComponent.NAME))
        .endLabelSelector()
        .withTopologyKey("kubernetes.io/hostname")
        .build();
  }

  static List<Volume> volumes(Hub hub) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(Pods.secret("ca", hub.names().authority(), List.of(AuthorityComponent.CA)));
    // Uploads pass through it.
    volumes.add(Pods.scratch("tmp", "1Gi"));
    hub.app().media().ifPresent(it -> volumes.add(Pods.claim("media", hub.names().media())));
    return volumes;
  }

  /** The operator's variables, those that the user gives too excepted, then the user's. */
  private static List<EnvVar> environment(Hub hub, List<EnvVar> access) {
    List<EnvVar> variables = new ArrayList<>();
    variables.add(value("PORT", String.valueOf(hub.app().port())));
    variables.add(value("NODE_ENV", "production"));
    variables.add(value("NODE_OPTIONS", "--max-old-space-size=" + hub.app().heapMiB()));
    variables.add(
        value(
            "NODE_EXTRA_CA_CERTS",
            DatabaseAccess.HUB_AUTHORITY_DIRECTORY + "/" + AuthorityComponent.CA));
    hub.app().media().ifPresent(it -> variables.add(value("MEDIA_DIR", it.mountPath())));
    variables.removeIf(it -> access.stream().anyMatch(a -> a.getName().equals(it.getName())));
    variables.addAll(access);
    variables.removeIf(it -> hub.app().sets(it.getName()));
    variables.addAll(hub.app().env());
    return variables;
  }

  static EnvVar value(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  static EnvVar secret(String name, String secret, String key) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef()
        .withName(secret)
        .withKey(key)
        .endSecretKeyRef()
        .endValueFrom()
        .build();
  }

  /** The container as a native sidecar, which starts before the app and ends after it. */
  static Container sidecar(Container container) {
    return new ContainerBuilder(container)
        .withRestartPolicy("Always")
        // A native sidecar's readiness would take the app out of its Service with it.
        .withReadinessProbe(null)
        .build();
  }

  /** The hardened context with what the user gives over it. */
  private static SecurityContext security(Hub.App app) {
    SecurityContext base = Pods.container();
    if (app.securityContext().isEmpty()) {
      return base;
    }
    SecurityContext user = app.securityContext().get();
    return new SecurityContextBuilder(user)
        .withAllowPrivilegeEscalation(
            or(user.getAllowPrivilegeEscalation(), base.getAllowPrivilegeEscalation()))
        .withReadOnlyRootFilesystem(
            or(user.getReadOnlyRootFilesystem(), base.getReadOnlyRootFilesystem()))
        .withRunAsNonRoot(or(user.getRunAsNonRoot(), base.getRunAsNonRoot()))
        .withCapabilities(or(user.getCapabilities(), base.getCapabilities()))
        .build();
  }

  private static <T> T or(T given, T fallback) {
    return Optional.ofNullable(given).orElse(fallback);
  }
}
