package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Labels;
import java.io.PrintStream;
import java.util.List;

/** Prints a hub for people: its objects as a tree, its conditions as they change. */
final class Tree {

  private final PrintStream out;
  private final boolean colours;

  /**
   * Prints to a stream.
   *
   * @param colours for a terminal
   */
  Tree(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /** The objects that belong to a hub, by kind. */
  void objects(KubernetesClient client, StudyHub hub) {
    out.println("StudyHub " + name(hub));
    for (Class<? extends HasMetadata> kind : SandboxKinds.ALL) {
      if (kind == StudyHub.class) {
        continue;
      }
      client
          .resources(kind)
          .inNamespace(hub.getMetadata().getNamespace())
          .withLabel(Labels.HUB, hub.getMetadata().getName())
          .list()
          .getItems()
          .forEach(
              it ->
                  out.printf(
                      "  |- %-21s %-28s %s%n", it.getKind(), it.getMetadata().getName(), mark(it)));
    }
  }

  private String mark(HasMetadata object) {
    if (object instanceof Deployment deployment && deployment.getStatus() != null) {
      return ready(deployment.getStatus().getReadyReplicas(), deployment.getSpec().getReplicas());
    }
    if (object instanceof StatefulSet set && set.getStatus() != null) {
      return ready(set.getStatus().getReadyReplicas(), set.getSpec().getReplicas());
    }
    if (object instanceof Job job && job.getStatus() != null) {
      return job.getStatus().getConditions().stream()
          .map(it -> it.getType())
          .findFirst()
          .orElse("");
    }
    if (object instanceof Pod pod && pod.getStatus() != null) {
      return pod.getStatus().getPhase();
    }
    if (object instanceof PersistentVolumeClaim claim && claim.getStatus() != null) {
      return claim.getStatus().getPhase();
    }
    return "";
  }

  private String ready(Integer ready, Integer wanted) {
    int have = ready == null ? 0 : ready;
    return paint(have + "/" + wanted + " ready", have == wanted ? 32 : 33);
  }

  /** The conditions that are not what they were. */
  void changes(List<Condition> before, List<Condition> after) {
    after.stream()
        .filter(it -> !before.contains(it))
        .forEach(
            it ->
                out.printf(
                    "  %-14s %s %-14s %s%n",
                    it.type(),
                    paint(String.format("%-7s", it.status()), colour(it)),
                    it.reason(),
                    it.message()));
  }

  private static int colour(Condition condition) {
    boolean bad = List.of("Stalled", "Degraded", "Reconciling").contains(condition.type());
    return switch (condition.status()) {
      case "True" -> bad ? 33 : 32;
      case "False" -> bad ? 32 : 33;
      default -> 33;
    };
  }

  private String paint(String text, int colour) {
    return colours ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }

  static String name(StudyHub hub) {
    return hub.getMetadata().getNamespace() + "/" + hub.getMetadata().getName();
  }
}
