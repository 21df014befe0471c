package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.model.Labels;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods of agents that have ended, as the caches have them. */
final class EndedPods {

  private EndedPods() {}

  /**
   * One that reported.
   *
   * @param run what it did
   * @param job the Job it is of
   * @param begun when its agent began, if that is of interest
   */
  static Pod reported(String run, String job, Report report, @Nullable Instant begun) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(job + "-x")
        .withLabels(
            Map.of(
                Labels.COMPONENT,
                AgentPods.COMPONENT,
                Labels.RUN,
                run,
                "batch.kubernetes.io/job-name",
                job))
        .endMetadata()
        .withNewStatus()
        .withPhase(report.succeeded() ? "Succeeded" : "Failed")
        .addNewContainerStatus()
        .withName(AgentPods.AGENT)
        .withNewState()
        .withNewTerminated()
        .withExitCode(report.succeeded() ? 0 : 1)
        .withStartedAt(begun == null ? null : begun.toString())
        .withMessage(ReportCodec.encode(report))
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
