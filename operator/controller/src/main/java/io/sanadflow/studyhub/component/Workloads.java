package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategyBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What is read of pods and their controllers, and the Services before them. */
public final class Workloads {

  /** Why a pod does not come up: a reason in CamelCase and words for people. */
  record Trouble(String reason, String message) {}

  private Workloads() {}

  static Service service(Hub hub, String name, String component, int port, String targetPort) {
    return new ServiceBuilder()
        .withMetadata(Metadata.owned(hub, name, component).build())
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Labels.selector(hub.names().hub(), component))
        .addNewPort()
        .withName(targetPort)
        .withProtocol("TCP")
        .withPort(port)
        .withNewTargetPort(targetPort)
        .endPort()
        .endSpec()
        .build();
  }

  /**
   * A StatefulSet of one.
   *
   * @param annotations of the object itself
   * @param podAnnotations of its pod, which starts anew when one changes
   */
  static StatefulSet single(
      Hub hub,
      String name,
      String component,
      Map<String, String> annotations,
      Map<String, String> podAnnotations,
      PodSpec pod) {
    return new StatefulSetBuilder()
        .withMetadata(Metadata.owned(hub, name, component).withAnnotations(annotations).build())
        .withNewSpec()
        .withReplicas(hub.suspended() ? 0 : 1)
        .withServiceName(name)
        // With OrderedReady a pod that cannot start is never replaced by a mended one.
        .withPodManagementPolicy("Parallel")
        .withRevisionHistoryLimit(2)
        .withNewSelector()
        .withMatchLabels(Labels.selector(hub.names().hub(), component))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Labels.of(hub.names().hub(), component))
        .withAnnotations(podAnnotations)
        .endMetadata()
        .withSpec(pod)
        .endTemplate()
        .endSpec()
        .build();
  }

  /** Whether the controller has seen its newest spec and its one pod is of it and ready. */
  static boolean settled(StatefulSet set) {
    var status = set.getStatus();
    return status != null
        && is(status.getObservedGeneration(), set.getMetadata().getGeneration())
        && number(status.getReadyReplicas()) == number(status.getReplicas())
        && (status.getUpdateRevision() == null
            || status.getUpdateRevision().equals(status.getCurrentRevision()));
  }

  /** Whether its pod is about to be replaced by one of a newer spec. */
  static boolean rolling(StatefulSet set) {
    var status = set.getStatus();
    return status != null
        && (!is(status.getObservedGeneration(), set.getMetadata().getGeneration())
            || (status.getUpdateRevision() != null
                && !status.getUpdateRevision().equals(status.getCurrentRevision())));
  }

  /** Whether a pod of it is ready. */
  static boolean serves(Optional<Deployment> deployment) {
    return deployment
        .filter(it -> it.getStatus() != null)
        .filter(it -> number(it.getStatus().getReadyReplicas()) > 0)
        .isPresent();
  }

  /**
   * Pods replaced one by one.
   *
   * @param surge whether the new one comes before the old one goes
   */
  static DeploymentStrategy rolling(boolean surge) {
    return new DeploymentStrategyBuilder()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxSurge(new IntOrString(surge ? 1 : 0))
        .withMaxUnavailable(new IntOrString(surge ? 0 : 1))
        .endRollingUpdate()
        .build();
  }

  private static boolean is(Long observed, Long wanted) {
    return observed != null && wanted != null && observed >= wanted;
  }

  /** Whether a Job has a condition, such as Complete or Failed. */
  public static boolean is(Job job, String condition) {
    return job.getStatus() != null
        && job.getStatus().getConditions() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(it -> condition.equals(it.getType()) && "True".equals(it.getStatus()));
  }

  /** Since when a Job has a condition. */
  static Optional<Instant> since(Job job, String condition) {
    return job.getStatus().getConditions().stream()
        .filter(it -> condition.equals(it.getType()) && "True".equals(it.getStatus()))
        .map(it -> it.getLastTransitionTime())
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .findFirst();
  }

  /** Whether a Job that is there has failed so long ago that it may be tried again. */
  static boolean failedBefore(Observed observed, String job, Duration ago) {
    return observed
        .job(job)
        .filter(it -> is(it, "Failed"))
        .flatMap(it -> since(it, "Failed"))
        .filter(it -> it.plus(ago).isBefore(observed.now()))
        .isPresent();
  }

  /** Whether a Deployment has given up expecting its newest pods. */
  static boolean late(Deployment deployment) {
    return deployment.getStatus() != null
        && deployment.getStatus().getConditions() != null
        && deployment.getStatus().getConditions().stream()
            .anyMatch(it -> "ProgressDeadlineExceeded".equals(it.getReason()));
  }

  /** Whether all of a Deployment's newest pods were ready at some time. */
  static boolean complete(Deployment deployment) {
    return deployment.getStatus() != null
        && deployment.getStatus().getConditions() != null
        && deployment.getStatus().getConditions().stream()
            .anyMatch(it -> "NewReplicaSetAvailable".equals(it.getReason()));
  }

  static int number(Integer count) {
    return count == null ? 0 : count;
  }

  /** Whether a pod's Ready condition is True. */
  static boolean ready(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(it -> "Ready".equals(it.getType()) && "True".equals(it.getStatus()));
  }

  /** The first thing that keeps one of the pods from coming up and does not mend by waiting. */
  static Optional<Trouble> trouble(List<Pod> pods) {
    return pods.stream().flatMap(it -> trouble(it).stream()).findFirst();
  }

  private static Optional<Trouble> trouble(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    Optional<Trouble> unschedulable =
        pod.getStatus().getConditions() == null
            ? Optional.empty()
            : pod.getStatus().getConditions().stream()
                .filter(it -> "PodScheduled".equals(it.getType()))
                .filter(it -> "Unschedulable".equals(it.getReason()))
                .map(it -> new Trouble("Unschedulable", it.getMessage()))
                .findFirst();
    return unschedulable.or(
        () ->
            Stream.concat(
                    stream(pod.getStatus().getInitContainerStatuses()),
                    stream(pod.getStatus().getContainerStatuses()))
                .flatMap(it -> trouble(it).stream())
                .findFirst());
  }

  private static Stream<ContainerStatus> stream(List<ContainerStatus> statuses) {
    return statuses == null ? Stream.empty() : statuses.stream();
  }

  private static Optional<Trouble> trouble(ContainerStatus container) {
    var waiting = container.getState() == null ? null : container.getState().getWaiting();
    if (waiting == null || waiting.getReason() == null) {
      return Optional.empty();
    }
    String where = "container " + container.getName() + ": ";
    String told = waiting.getMessage() == null ? "" : waiting.getMessage();
    return switch (waiting.getReason()) {
      case "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull" ->
          Optional.of(
              new Trouble(
                  "ImagePullFailed",
                  where
                      + "image "
                      + container.getImage()
                      + " cannot be pulled ("
                      + told
                      + "); name an image that exists, or imagePullSecrets that may pull it"));
      case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
          Optional.of(new Trouble("ContainerNotCreated", where + told));
      case "CrashLoopBackOff" ->
          Optional.of(new Trouble("CrashLoop", where + lastWords(container)));
      default -> Optional.empty();
    };
  }

  /** How a container ended last, with the end of its log where the kubelet kept it. */
  static String lastWords(ContainerStatus container) {
    var state = container.getState();
    var ended = state == null ? null : state.getTerminated();
    if (ended == null && container.getLastState() != null) {
      ended = container.getLastState().getTerminated();
    }
    if (ended == null) {
      return "ends again and again";
    }
    if ("OOMKilled".equals(ended.getReason())) {
      return "was killed at its memory limit; raise resources.limits.memory";
    }
    String words = ended.getMessage() == null ? "" : tail(ended.getMessage().strip());
    return "ended with exit code " + ended.getExitCode() + (words.isEmpty() ? "" : ": " + words);
  }

  private static String tail(String log) {
    String[] lines = log.split("\n");
    int first = Math.max(0, lines.length - 3);
    String text = String.join(" | ", List.of(lines).subList(first, lines.length));
    return text.length() <= 400 ? text : "..." + text.substring(text.length() - 400);
  }
}
