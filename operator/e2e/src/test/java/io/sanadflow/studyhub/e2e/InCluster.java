package io.sanadflow.studyhub.e2e;

import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A pod in the namespace of the tests with curl, openssl, jq, redis-cli and psql, to look at a hub
 * from where its neighbours are. {@code -De2e.tools} names another image with these programs.
 */
final class InCluster {

  /** The image; it has to have bash. */
  static final String IMAGE = System.getProperty("e2e.tools", "lab/tools:1");

  private final Cluster cluster;
  private final String pod;

  private InCluster(Cluster cluster, String pod) {
    this.cluster = cluster;
    this.pod = pod;
  }

  /** A pod that nobody knows. */
  static InCluster stranger(Cluster cluster) {
    return start(cluster, "stranger", Map.of());
  }

  /**
   * A pod with the labels of a hub's app, so that network policies let it through. It has no owner,
   * so it is not one of the app's pods.
   */
  static InCluster neighbour(Cluster cluster, String hub) {
    return start(
        cluster,
        "neighbour",
        Map.of(
            "app.kubernetes.io/instance", hub,
            "app.kubernetes.io/component", "app",
            "sanadflow.io/hub", hub));
  }

  private static InCluster start(Cluster cluster, String name, Map<String, String> labels) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(cluster.namespace())
            .withName(name)
            .withLabels(labels)
            .endMetadata()
            .withNewSpec()
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(0L)
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser(65534L)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .addNewContainer()
            .withName("tools")
            .withImage(IMAGE)
            .withCommand("sleep", "infinity")
            .withNewSecurityContext()
            .withAllowPrivilegeEscalation(false)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .endSecurityContext()
            .endContainer()
            .endSpec()
            .build();
    cluster.client().resource(pod).create();
    cluster
        .client()
        .pods()
        .inNamespace(cluster.namespace())
        .withName(name)
        .waitUntilReady(60, TimeUnit.SECONDS);
    return new InCluster(cluster, name);
  }

  /** Runs a program in the pod, for at most 20 s. */
  Shell.Result run(String... command) {
    return runWith("", command);
  }

  /** Runs a program in the pod with {@code input} as its standard input, for at most 20 s. */
  Shell.Result runWith(String input, String... command) {
    List<String> arguments =
        new ArrayList<>(List.of("exec", "--stdin", pod, "--", "timeout", "20"));
    arguments.addAll(List.of(command));
    return cluster.kubectlWith(input, arguments.toArray(String[]::new));
  }

  /** Writes a file in the pod. */
  void write(String path, String content) {
    runWith(content, "bash", "-c", "cat >" + path).orFail();
  }
}
