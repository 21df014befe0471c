package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.HttpFacts;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.probe.RedisFacts;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** What the answers of a hub's parts say, each part by its name in figures and pages. */
final class Checks {

  private Checks() {}

  /** Whether the app answered well: an answer of 400 or above is an answer, and not a good one. */
  static boolean ok(Answer<HttpFacts> answer) {
    return answer.facts().map(HttpFacts::ok).orElse(false);
  }

  /** How long each part took that answered; of several PgBouncers the slowest. */
  static Map<String, Duration> latencies(ProbeReport report) {
    Map<String, Duration> found = new TreeMap<>();
    report
        .app()
        .flatMap(Answer::facts)
        .map(HttpFacts::latency)
        .ifPresent(it -> found.put("app", it));
    report
        .database()
        .flatMap(Answer::facts)
        .map(DatabaseFacts::latency)
        .ifPresent(it -> found.put("database", it));
    report.poolers().values().stream()
        .flatMap(it -> it.facts().stream())
        // One that is paused was asked for no row.
        .filter(it -> !it.paused())
        .map(PoolerFacts::latency)
        .max(Comparator.naturalOrder())
        .ifPresent(it -> found.put("pooler", it));
    report
        .redis()
        .flatMap(Answer::facts)
        .map(RedisFacts::latency)
        .ifPresent(it -> found.put("redis", it));
    return found;
  }
}
