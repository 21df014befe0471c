package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.sandbox.Paint.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects of a hub at one moment, each with a word on how it fares. */
final class Picture {

  /** The kinds in the order of the tree: what runs first. */
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          Deployment.class,
          StatefulSet.class,
          Job.class,
          Pod.class,
          Service.class,
          Ingress.class,
          PersistentVolumeClaim.class,
          ConfigMap.class,
          Secret.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          ServiceAccount.class);

  /**
   * One object.
   *
   * @param state how it fares in words; empty for what just is
   * @param version changes with the object
   * @param owner the uid of what controls it; empty if nothing does
   */
  record Entry(
      String kind,
      String name,
      Mark mark,
      String state,
      String version,
      String uid,
      String owner) {}

  private Picture() {}

  /** The hub's objects, by kind; pods stand below their Deployments, without the ReplicaSets. */
  static List<Entry> of(KubernetesClient client, StudyHub hub) {
    String namespace = hub.getMetadata().getNamespace();
    String name = hub.getMetadata().getName();
    Map<String, String> deployments = new HashMap<>();
    client
        .apps()
        .replicaSets()
        .inNamespace(namespace)
        .list()
        .getItems()
        .forEach(it -> deployments.put(it.getMetadata().getUid(), controller(it)));
    List<HasMetadata> objects = new ArrayList<>();
    for (Class<? extends HasMetadata> kind : KINDS) {
      objects.addAll(
          client
              .resources(kind)
              .inNamespace(namespace)
              .withLabel(Labels.HUB, name)
              .list()
              .getItems());
    }
    objects.addAll(
        client
            .genericKubernetesResources("traefik.io/v1alpha1", "TLSOption")
            .inNamespace(namespace)
            .withLabel(Labels.HUB, name)
            .list()
            .getItems());
    return objects.stream().map(it -> entry(it, deployments)).toList();
  }

  private static String controller(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(it -> Boolean.TRUE.equals(it.getController()))
        .map(it -> it.getUid())
        .findFirst()
        .orElse("");
  }

  private static Entry entry(HasMetadata object, Map<String, String> deployments) {
    State state = state(object);
    var metadata = object.getMetadata();
    return new Entry(
        object.getKind(),
        metadata.getName(),
        state.mark(),
        state.words(),
        // A Service's address is not the operator's doing, so not news.
        object instanceof Service ? "" : String.valueOf(metadata.getResourceVersion()),
        metadata.getUid(),
        deployments.getOrDefault(controller(object), controller(object)));
  }

  private record State(Mark mark, String words) {}

  private static State state(HasMetadata object) {
    if (object instanceof Deployment it) {
      return replicas(
          it.getStatus() == null ? null : it.getStatus().getReadyReplicas(),
          it.getSpec().getReplicas());
    }
    if (object instanceof StatefulSet it) {
      return replicas(
          it.getStatus() == null ? null : it.getStatus().getReadyReplicas(),
          it.getSpec().getReplicas());
    }
    if (object instanceof Job it) {
      return Optional.ofNullable(it.getStatus()).stream()
          .flatMap(status -> status.getConditions().stream())
          .findFirst()
          .map(
              end ->
                  end.getType().equals("Complete")
                      ? new State(Mark.READY, "complete")
                      : new State(Mark.FAILED, "failed: " + end.getReason()))
          .orElse(new State(Mark.WAITING, "runs"));
    }
    if (object instanceof Pod it) {
      return pod(it);
    }
    if (object instanceof PersistentVolumeClaim it) {
      boolean bound = it.getStatus() != null && "Bound".equals(it.getStatus().getPhase());
      var size = it.getSpec().getResources().getRequests().get("storage");
      return bound
          ? new State(Mark.READY, "bound, " + size)
          : new State(Mark.WAITING, "pending, " + size);
    }
    return new State(Mark.PLAIN, "");
  }

  private static State replicas(@Nullable Integer ready, @Nullable Integer wanted) {
    int is = ready == null ? 0 : ready;
    int should = wanted == null ? 1 : wanted;
    return new State(is == should ? Mark.READY : Mark.WAITING, is + "/" + should + " ready");
  }

  private static State pod(Pod pod) {
    if (pod.getStatus() == null || pod.getStatus().getPhase() == null) {
      return new State(Mark.WAITING, "new");
    }
    Optional<String> trouble =
        Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(),
                pod.getStatus().getContainerStatuses().stream())
            .flatMap(it -> trouble(it).stream())
            .findFirst();
    if (trouble.isPresent()) {
      return new State(Mark.FAILED, trouble.get());
    }
    return switch (pod.getStatus().getPhase()) {
      case "Running" ->
          PodLife.ready(pod) ? new State(Mark.READY, "ready") : new State(Mark.WAITING, "starts");
      case "Succeeded" -> new State(Mark.READY, "completed");
      default -> new State(Mark.WAITING, "starts");
    };
  }

  private static Optional<String> trouble(ContainerStatus container) {
    var state = container.getState();
    if (state.getTerminated() != null && state.getTerminated().getExitCode() != 0) {
      return Optional.of(container.getName() + ": " + state.getTerminated().getMessage());
    }
    return Optional.ofNullable(state.getWaiting())
        .filter(it -> !"ContainerCreating".equals(it.getReason()))
        .map(it -> it.getReason() + ": " + container.getImage());
  }
}
