package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.model.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What agents reported at their ends, as far as their pods are kept. */
public final class AgentRuns {

  /**
   * One that has ended.
   *
   * @param run what it did: probe, backup, wal, drill
   * @param job the Job it was of
   */
  public record Ended(String run, String job, Report report) {}

  private AgentRuns() {}

  /** All whose pods or Jobs are there, newest first. */
  public static List<Ended> of(Observed observed) {
    List<Ended> ended = new ArrayList<>();
    for (Pod pod : observed.pods()) {
      reported(pod).ifPresent(ended::add);
    }
    observed.objects().values().stream()
        .filter(Job.class::isInstance)
        .map(Job.class::cast)
        .filter(it -> ended.stream().noneMatch(one -> one.job().equals(name(it))))
        .flatMap(it -> failed(it).stream())
        .forEach(ended::add);
    ended.sort(Comparator.comparing((Ended it) -> it.report().finished()).reversed());
    return List.copyOf(ended);
  }

  /** The newest of one kind. */
  public static Optional<Ended> newest(List<Ended> ended, String run) {
    return ended.stream().filter(it -> it.run().equals(run)).findFirst();
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  private static Optional<Ended> reported(Pod pod) {
    Map<String, String> labels =
        Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    String run = labels.get(Labels.RUN);
    String job = labels.getOrDefault("batch.kubernetes.io/job-name", labels.get("job-name"));
    if (run == null || job == null || pod.getStatus() == null) {
      return Optional.empty();
    }
    return Stream.ofNullable(pod.getStatus().getContainerStatuses())
        .flatMap(List::stream)
        .filter(it -> it.getName().equals(AgentPods.AGENT))
        .filter(it -> it.getState() != null && it.getState().getTerminated() != null)
        .findFirst()
        .map(it -> new Ended(run, job, report(it)));
  }

  private static Report report(ContainerStatus agent) {
    var ended = agent.getState().getTerminated();
    return Optional.ofNullable(ended.getMessage())
        .flatMap(ReportCodec::decode)
        .orElseGet(
            () ->
                failure(
                    "AgentDied",
                    "OOMKilled".equals(ended.getReason())
                        ? "the agent was killed at its memory limit, which is a fault of the"
                            + " operator: please report it"
                        : "the agent ended without a report, with exit code "
                            + ended.getExitCode()
                            + "; its pod's log tells more",
                    instant(ended.getFinishedAt())));
  }

  /** A Job that failed without a pod that could say why, such as one past its deadline. */
  private static Optional<Ended> failed(Job job) {
    String run =
        Optional.ofNullable(job.getMetadata().getLabels()).orElse(Map.of()).get(Labels.RUN);
    if (run == null || job.getStatus() == null || job.getStatus().getConditions() == null) {
      return Optional.empty();
    }
    return job.getStatus().getConditions().stream()
        .filter(it -> "Failed".equals(it.getType()) && "True".equals(it.getStatus()))
        .findFirst()
        .map(it -> new Ended(run, name(job), failure(it)));
  }

  private static Report failure(JobCondition condition) {
    return failure(
        Objects.requireNonNullElse(condition.getReason(), "JobFailed"),
        "the Job failed: " + Objects.requireNonNullElse(condition.getMessage(), "no reason given"),
        instant(condition.getLastTransitionTime()));
  }

  private static Report failure(String reason, String message, Instant finished) {
    return new Report(false, reason, message, finished, List.of(), null, 0, null, null, null);
  }

  private static Instant instant(String time) {
    return time == null || time.isEmpty() ? Instant.EPOCH : Instant.parse(time);
  }
}
