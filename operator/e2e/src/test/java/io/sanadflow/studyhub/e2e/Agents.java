package io.sanadflow.studyhub.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** A hub's scheduled Jobs, started by hand as docs/backup.md tells. */
final class Agents {

  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final Cluster cluster;
  private final String hub;

  Agents(Cluster cluster, String hub) {
    this.cluster = cluster;
    this.hub = hub;
  }

  /**
   * Starts a Job from a CronJob.
   *
   * @param schedule what follows the hub's name in that of the CronJob, such as drill
   */
  void start(String schedule, String job) {
    cluster.kubectl("create", "job", "--from=cronjob/" + hub + "-" + schedule, job).orFail();
  }

  /** Starts a Job from a CronJob, waits for its end, and returns what its agent logged. */
  String run(String schedule, String job) {
    start(schedule, job);
    await("the end of Job " + job)
        .atMost(LIMIT)
        .until(
            () ->
                cluster
                    .kubectl("get", "job", job, "-o", "jsonpath={.status.conditions[*].type}")
                    .orFail()
                    .matches("(?s).*(Complete|Failed)( .*)?"));
    return cluster.kubectl("logs", "job/" + job, "-c", "agent").orFail();
  }
}
