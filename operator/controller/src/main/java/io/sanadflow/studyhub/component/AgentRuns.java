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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What agents reported at their ends, as far as their pods or Jobs are kept. */
public final class AgentRuns {

  /**
   * One that has ended.
   *
   * @param run what it did: probe, backup, wal, drill
   * @param job the Job it was of
   * @param reported whether the agent itself said so; else its Job does, whose pod is gone
   * @param begun when a Job that speaks for its pod was made; of a report, its end
   */
  public record Ended(String run, String job, Report report, boolean reported, Instant begun) {

    /** Whether it says more than what was remembered of that time, in whole seconds. */
    public boolean newerThan(Instant remembered) {
      return reported
          ? !report.finished().truncatedTo(ChronoUnit.SECONDS).isBefore(remembered)
          : begun.isAfter(remembered);
    }
  }

  private AgentRuns() {}

  /** All whose pods or Jobs are there, newest first. */
  static List<Ended> of(Collection<HasMetadata> objects, List<Pod> pods) {
    List<Ended> ended = new ArrayList<>();
    pods.forEach(it -> reported(it).ifPresent(ended::add));
    Set<String> reported = ended.stream().map(Ended::job).collect(Collectors.toSet());
    Set<String> there = pods.stream().map(AgentRuns::job).collect(Collectors.toSet());
    for (HasMetadata object : objects) {
      if (object instanceof Job job && !reported.contains(name(job))) {
        failed(job)
            // The pod's last word may come to the cache after the Job's.
            .or(() -> there.contains(name(job)) ? Optional.empty() : complete(job))
            .ifPresent(ended::add);
      }
    }
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
    String run = labels(pod).get(Labels.RUN);
    String job = job(pod);
    if (run == null || job.isEmpty() || pod.getStatus() == null) {
      return Optional.empty();
    }
    return Stream.ofNullable(pod.getStatus().getContainerStatuses())
        .flatMap(List::stream)
        .filter(it -> it.getName().equals(AgentPods.AGENT))
        .filter(it -> it.getState() != null && it.getState().getTerminated() != null)
        .findFirst()
        .map(AgentRuns::report)
        .map(it -> new Ended(run, job, it, true, it.finished()));
  }

  /** When the agent that reported began; its end, where its pod is gone. */
  static Instant begun(Observed observed, Ended ended) {
    return observed.pods().stream()
        .filter(it -> job(it).equals(ended.job()) && it.getStatus() != null)
        .flatMap(it -> Stream.ofNullable(it.getStatus().getContainerStatuses()))
        .flatMap(List::stream)
        .filter(it -> it.getName().equals(AgentPods.AGENT) && it.getState() != null)
        .flatMap(it -> Stream.ofNullable(it.getState().getTerminated()))
        .flatMap(it -> Stream.ofNullable(it.getStartedAt()))
        .map(Instant::parse)
        .filter(it -> it.isBefore(ended.report().finished()))
        .max(Comparator.naturalOrder())
        .orElse(ended.report().finished());
  }

  /** The Job that a pod is of; empty for none. */
  static String job(Pod pod) {
    Map<String, String> labels = labels(pod);
    return labels.getOrDefault("batch.kubernetes.io/job-name", labels.getOrDefault("job-name", ""));
  }

  private static Map<String, String> labels(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getLabels()).orElse(Map.of());
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
    return ended(job, "Failed", AgentRuns::failure);
  }

  /** A Job that came to a good end, whose pod is gone, and with it what it reported. */
  private static Optional<Ended> complete(Job job) {
    return ended(
        job,
        "Complete",
        it ->
            Report.of(
                true,
                "Succeeded",
                "Job " + name(job) + " succeeded; its pod is gone, and its report with it",
                instant(it.getLastTransitionTime())));
  }

  private static Optional<Ended> ended(
      Job job, String condition, Function<JobCondition, Report> report) {
    String run = labels(job).get(Labels.RUN);
    if (run == null || job.getStatus() == null || job.getStatus().getConditions() == null) {
      return Optional.empty();
    }
    Instant begun = instant(job.getMetadata().getCreationTimestamp());
    return job.getStatus().getConditions().stream()
        .filter(it -> condition.equals(it.getType()) && "True".equals(it.getStatus()))
        .findFirst()
        .map(it -> new Ended(run, name(job), report.apply(it), false, begun));
  }

  private static Report failure(JobCondition condition) {
    return failure(
        Objects.requireNonNullElse(condition.getReason(), "JobFailed"),
        "the Job failed ("
            + Objects.requireNonNullElse(condition.getMessage(), "no reason given")
            + "): "
            + cause(condition.getReason()),
        instant(condition.getLastTransitionTime()));
  }

  private static String cause(@Nullable String reason) {
    return switch (Objects.requireNonNullElse(reason, "")) {
      case "BackoffLimitExceeded" ->
          "its pod is gone, and with it what it said: it was deleted, or its node went away. What was"
              + " not complete is not visible in the store; the next run starts anew";
      case "DeadlineExceeded" ->
          "it was stopped at its deadline: no node had room for its pod, or the store or the database"
              + " was too slow; kubectl describe job tells which";
      default -> "kubectl describe job tells more";
    };
  }

  private static Report failure(String reason, String message, Instant finished) {
    return Report.of(false, reason, message, finished);
  }

  private static Instant instant(String time) {
    return time == null || time.isEmpty() ? Instant.EPOCH : Instant.parse(time);
  }
}
