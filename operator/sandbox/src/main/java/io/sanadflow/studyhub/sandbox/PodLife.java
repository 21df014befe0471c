package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a kubelet says of a pod at one moment of its life. */
final class PodLife {

  private static final String FAILURE = "migration failed: FAIL_MIGRATION is set";

  private final Pod pod;
  private final String now;

  PodLife(Pod pod, Instant now) {
    this.pod = pod;
    this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Whether a pod's Ready condition is True. */
  static boolean ready(Pod pod) {
    return is(pod, "Ready");
  }

  private static boolean is(Pod pod, String type) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(it -> type.equals(it.getType()) && "True".equals(it.getStatus()));
  }

  /** The address that it has already. */
  Optional<String> address() {
    return Optional.ofNullable(pod.getStatus()).map(PodStatus::getPodIP);
  }

  /** Whether one of its images is one that cannot be pulled. */
  boolean missingImage() {
    return Stream.concat(
            pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
        .anyMatch(PodLife::missing);
  }

  private static boolean missing(Container container) {
    return container.getImage().endsWith(":missing");
  }

  /** It has no place to run. */
  PodStatus unschedulable(String why) {
    return new PodStatusBuilder()
        .withPhase("Pending")
        .withConditions(condition("PodScheduled", false, "Unschedulable", why))
        .build();
  }

  /** Its containers are being made, as far as their images are there. */
  PodStatus starting() {
    return status("Pending", false)
        .withInitContainerStatuses(statuses(pod.getSpec().getInitContainers(), this::waiting))
        .withContainerStatuses(statuses(pod.getSpec().getContainers(), this::waiting))
        .build();
  }

  /** It runs and is ready, or has run to its end where that is what it is for. */
  PodStatus up(String address) {
    boolean ends = "Never".equals(pod.getSpec().getRestartPolicy());
    boolean fails =
        ends
            && pod.getSpec().getContainers().stream()
                .flatMap(it -> it.getEnv().stream())
                .anyMatch(it -> it.getName().equals("FAIL_MIGRATION") && "1".equals(it.getValue()));
    return status(ends ? fails ? "Failed" : "Succeeded" : "Running", !ends)
        .withPodIP(address)
        .addNewPodIP(address)
        .withInitContainerStatuses(
            statuses(
                pod.getSpec().getInitContainers(),
                it -> "Always".equals(it.getRestartPolicy()) ? running(it) : ended(it, 0, "")))
        .withContainerStatuses(
            statuses(
                pod.getSpec().getContainers(),
                it -> ends ? ended(it, fails ? 1 : 0, fails ? FAILURE : "") : running(it)))
        .build();
  }

  private PodStatusBuilder status(String phase, boolean ready) {
    return new PodStatusBuilder()
        .withPhase(phase)
        .withStartTime(
            Optional.ofNullable(pod.getStatus()).map(PodStatus::getStartTime).orElse(now))
        .withConditions(
            condition("PodScheduled", true, null, null),
            condition("Initialized", !phase.equals("Pending"), null, null),
            condition("ContainersReady", ready, null, null),
            condition("Ready", ready, null, null));
  }

  private PodCondition condition(
      String type, boolean holds, @Nullable String reason, @Nullable String message) {
    String status = holds ? "True" : "False";
    String since =
        Optional.ofNullable(pod.getStatus()).stream()
            .flatMap(it -> it.getConditions().stream())
            .filter(it -> it.getType().equals(type) && it.getStatus().equals(status))
            .map(PodCondition::getLastTransitionTime)
            .findFirst()
            .orElse(now);
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withLastTransitionTime(since)
        .build();
  }

  private interface Telling {
    ContainerStatus of(Container container);
  }

  private static List<ContainerStatus> statuses(List<Container> containers, Telling telling) {
    List<ContainerStatus> statuses = new ArrayList<>();
    containers.forEach(it -> statuses.add(telling.of(it)));
    return statuses;
  }

  private ContainerStatus waiting(Container container) {
    boolean missing = missing(container);
    return container(
        container,
        false,
        new ContainerStateBuilder()
            .withNewWaiting()
            .withReason(missing ? "ImagePullBackOff" : "ContainerCreating")
            .withMessage(
                missing
                    ? "Back-off pulling image \"" + container.getImage() + "\": not found"
                    : null)
            .endWaiting()
            .build());
  }

  private ContainerStatus running(Container container) {
    return container(
        container,
        true,
        new ContainerStateBuilder().withNewRunning().withStartedAt(since()).endRunning().build());
  }

  private ContainerStatus ended(Container container, int code, String message) {
    return container(
        container,
        false,
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(code)
            .withReason(code == 0 ? "Completed" : "Error")
            .withMessage(message.isEmpty() ? null : message)
            .withStartedAt(since())
            .withFinishedAt(since())
            .endTerminated()
            .build());
  }

  private String since() {
    return Optional.ofNullable(pod.getStatus()).map(PodStatus::getStartTime).orElse(now);
  }

  private static ContainerStatus container(
      Container container, boolean ready, ContainerState state) {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID("")
        .withReady(ready)
        .withStarted(ready)
        .withRestartCount(0)
        .withState(state)
        .build();
  }
}
