package io.sanadflow.studyhub.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The operator's own pod, and what may befall it. */
final class Operator {

  /** Its namespace; {@code -De2e.operator} names another, of an operator that is there. */
  static final String NAMESPACE = System.getProperty("e2e.operator", "studyhub-system");

  /** Its Deployment; also the name that it writes objects under. */
  static final String NAME = "studyhub-operator";

  private static final String EXECUTIONER = "e2e-executioner";

  private final KubernetesClient client;

  Operator(Cluster cluster) {
    this.client = cluster.client();
  }

  /** The pods that are not about to end. */
  List<Pod> pods() {
    return client
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app.kubernetes.io/name", NAME)
        .list()
        .getItems()
        .stream()
        .filter(it -> it.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** Waits until one pod, and no other, is ready. */
  Pod awaitReady() {
    await("the operator")
        .atMost(Duration.ofMinutes(3))
        .until(() -> pods().size() == 1 && Readiness.isPodReady(pods().get(0)));
    return pods().get(0);
  }

  /** Waits until the operator's process runs, ready or not: something to kill. */
  void awaitRunning() {
    await("the operator's process")
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                pods().stream()
                    .flatMap(it -> it.getStatus().getContainerStatuses().stream())
                    .anyMatch(it -> it.getState().getRunning() != null));
  }

  /**
   * Sets a variable of the operator's environment, or removes it, and waits for the operator that
   * has it.
   *
   * @param assignment as kubectl set env takes it: {@code NAME=value}, or {@code NAME-}
   */
  void setEnvironment(String assignment) {
    String deployment = "deployment/" + NAME;
    Shell.run("", List.of("kubectl", "-n", NAMESPACE, "set", "env", deployment, assignment))
        .orFail();
    Shell.run(
            "",
            List.of("kubectl", "-n", NAMESPACE, "rollout", "status", deployment, "--timeout=180s"))
        .orFail();
    awaitReady();
  }

  /** Ends the operator as a rollout does, and waits for its successor. */
  void restart() {
    String before = awaitReady().getMetadata().getUid();
    client.pods().inNamespace(NAMESPACE).withLabel("app.kubernetes.io/name", NAME).delete();
    await("another operator")
        .atMost(Duration.ofMinutes(3))
        .until(() -> !awaitReady().getMetadata().getUid().equals(before));
  }

  /**
   * Sends SIGKILL to the operator's process. That needs a pod that sees the node's processes and
   * runs as the operator's user: inside a container, process 1 cannot be killed.
   */
  void kill() {
    if (client.namespaces().withName(EXECUTIONER).get() == null) {
      startExecutioner();
    }
    // The brackets keep the pattern from matching its own command line.
    String kill =
        "killed=1; for process in /proc/[0-9]*; do"
            + " if tr '\\0' ' ' <$process/cmdline 2>/dev/null | grep -q 'studyhub.runtime[.]Main';"
            + " then kill -KILL ${process#/proc/} && killed=0; fi; done; exit $killed";
    Shell.run(
            "",
            List.of("kubectl", "-n", EXECUTIONER, "exec", EXECUTIONER, "--", "bash", "-c", kill))
        .orFail();
  }

  /** Removes what {@link #kill} needed. */
  void sheathe() {
    client.namespaces().withName(EXECUTIONER).withGracePeriod(0).delete();
  }

  private void startExecutioner() {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(EXECUTIONER)
                .addToLabels("pod-security.kubernetes.io/enforce", "privileged")
                .endMetadata()
                .build())
        .create();
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(EXECUTIONER)
                .withName(EXECUTIONER)
                .endMetadata()
                .withNewSpec()
                .withHostPID(true)
                .withAutomountServiceAccountToken(false)
                .withTerminationGracePeriodSeconds(0L)
                .withNewSecurityContext()
                .withRunAsUser(65532L)
                .endSecurityContext()
                .addNewContainer()
                .withName("tools")
                .withImage(InCluster.IMAGE)
                .withCommand("sleep", "infinity")
                .endContainer()
                .endSpec()
                .build())
        .create();
    client
        .pods()
        .inNamespace(EXECUTIONER)
        .withName(EXECUTIONER)
        .waitUntilReady(60, TimeUnit.SECONDS);
  }
}
