package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.sanadflow.studyhub.model.Hub;
import java.util.List;

/** What all pods have in common: they pass the restricted Pod Security Standard. */
final class Pods {

  /** Keys are readable by the group alone, which PostgreSQL and Redis accept. */
  private static final int KEY_MODE = 0440;

  private Pods() {}

  /** The start of every pod of a hub: as whom it runs, and the group of its volumes. */
  static PodSpecBuilder of(Hub hub, long group) {
    return new PodSpecBuilder()
        .withServiceAccountName(hub.names().app())
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(security(group))
        .withImagePullSecrets(hub.app().imagePullSecrets());
  }

  private static PodSecurityContext security(long group) {
    return new PodSecurityContextBuilder()
        .withRunAsNonRoot(true)
        .withFsGroup(group)
        // Else a large volume is walked at every start.
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .build();
  }

  /** Of a container that runs as its image's own user. */
  static SecurityContext container() {
    return hardened().build();
  }

  /** Of a container whose image names no numeric user. */
  static SecurityContext container(long user) {
    return hardened().withRunAsUser(user).withRunAsGroup(user).build();
  }

  private static SecurityContextBuilder hardened() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withRunAsNonRoot(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities();
  }

  /** A probe that runs a command in the container. */
  static Probe exec(int periodSeconds, int failures, String... command) {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand(command)
        .endExec()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(10)
        .withFailureThreshold(failures)
        .build();
  }

  /** A probe that opens a connection to a port. */
  static ProbeBuilder tcp(String port, int periodSeconds, int failures) {
    return new ProbeBuilder()
        .withNewTcpSocket()
        .withNewPort(port)
        .endTcpSocket()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(10)
        .withFailureThreshold(failures);
  }

  static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).withReadOnly(true).build();
  }

  static VolumeMount writable(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
  }

  static Volume secret(String volume, String secret, List<String> keys) {
    var source =
        new VolumeBuilder()
            .withName(volume)
            .withNewSecret()
            .withSecretName(secret)
            .withDefaultMode(KEY_MODE);
    keys.forEach(key -> source.addNewItem().withKey(key).withPath(key).endItem());
    return source.endSecret().build();
  }

  static Volume config(String volume, String configMap) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewConfigMap()
        .withName(configMap)
        .withDefaultMode(0444)
        .endConfigMap()
        .build();
  }

  static Volume claim(String volume, String claim) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewPersistentVolumeClaim()
        .withClaimName(claim)
        .endPersistentVolumeClaim()
        .build();
  }

  /**
   * Space that goes with the pod.
   *
   * @param most what it may hold before the pod is evicted: without a bound one pod fills the node
   */
  static Volume scratch(String volume, String most) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewEmptyDir()
        .withSizeLimit(Quantity.parse(most))
        .endEmptyDir()
        .build();
  }
}
