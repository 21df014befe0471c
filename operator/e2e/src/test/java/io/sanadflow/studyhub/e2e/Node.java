package io.sanadflow.studyhub.e2e;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The node, as root: a privileged pod in a namespace of its own, made when it is needed first. To
 * kill what no container can kill from inside, and to make volumes that are really full.
 */
final class Node implements AutoCloseable {

  private static final String NAME = "node";

  private final Cluster cluster;
  private final String namespace = "e2e-node-" + UUID.randomUUID().toString().substring(0, 5);
  private boolean started;

  Node(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Sends SIGKILL to the processes of a pod whose command line matches.
   *
   * @param pattern a basic regular expression, which matches neither itself nor a script that has
   *     it: {@code ^pg_dum[p]}
   */
  void kill(Pod pod, String pattern) {
    signal(pod, pattern, "KILL");
  }

  /** Sends a signal, by its name, to the same. */
  void signal(Pod pod, String pattern, String signal) {
    // A systemd node writes the pod's uid with underscores.
    String uid = pod.getMetadata().getUid().replace("-", "[-_]");
    run(
        "killed=1; for process in /proc/[0-9]*; do"
            + " if grep -q '%s' $process/cgroup 2>/dev/null".formatted(uid)
            + " && tr '\\0' ' ' <$process/cmdline 2>/dev/null | grep -q '%s'; then"
                .formatted(pattern)
            + " kill -%s ${process#/proc/} && killed=0; fi; done; exit $killed".formatted(signal));
  }

  /**
   * Runs a script of sh on the node, among its own files.
   *
   * @return what it printed
   * @throws AssertionError if it fails
   */
  String runAmongFiles(String script) {
    // Beside the kubelet, whose mounts pods are given.
    return run(
        "kubelet=$(grep -lxE 'kubelet|k3s(-server|-agent)?' /proc/[0-9]*/comm | head -n 1); exec nsenter -t $(basename ${kubelet%%/comm}) -m -- sh -c '%s'"
            .formatted(script.replace("'", "'\\''")));
  }

  /** Has it ready, so that what it is asked to do is done at once. */
  void prepare() {
    run("true");
  }

  private String run(String script) {
    if (!started) {
      start(cluster.client());
      started = true;
    }
    return Shell.run(
            "", List.of("kubectl", "-n", namespace, "exec", NAME, "--", "bash", "-c", script))
        .orFail();
  }

  private void start(KubernetesClient client) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "privileged")
                .endMetadata()
                .build())
        .create();
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(NAME)
                .endMetadata()
                .withNewSpec()
                .withHostPID(true)
                .withAutomountServiceAccountToken(false)
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("tools")
                .withImage(InCluster.IMAGE)
                .withCommand("sleep", "infinity")
                .withNewSecurityContext()
                .withRunAsUser(0L)
                .withPrivileged(true)
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build())
        .create();
    client.pods().inNamespace(namespace).withName(NAME).waitUntilReady(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    if (started) {
      cluster.client().namespaces().withName(namespace).withGracePeriod(0).delete();
    }
  }
}
