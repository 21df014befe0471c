package io.sanadflow.studyhub.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.List;

/** The operator's own pod, and what may befall it. */
final class Operator {

  /** Its namespace; {@code -De2e.operator} names another, of an operator that is there. */
  static final String NAMESPACE = System.getProperty("e2e.operator", "studyhub-system");

  /** Its Deployment; also the name that it writes objects under. */
  static final String NAME = "studyhub-operator";

  private final KubernetesClient client;
  private final Node node;

  Operator(Cluster cluster) {
    this.client = cluster.client();
    this.node = new Node(cluster);
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

  /** Sends SIGKILL to the operator's process, and to no other operator's. */
  void kill() {
    for (Pod pod : pods()) {
      node.kill(pod, "studyhub.runtime[.]Main");
    }
  }

  /** Removes what {@link #kill} needed. */
  void sheathe() {
    node.close();
  }
}
