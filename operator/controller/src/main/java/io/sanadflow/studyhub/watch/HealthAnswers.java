package io.sanadflow.studyhub.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The health of a hub for programs: what its parts answered when they were asked last, and its
 * status. Nothing is asked for it, so that it may be asked for as often as anybody likes.
 */
public final class HealthAnswers {

  /** Reasons that are about the room on volumes. */
  private static final List<String> DISK = List.of("VolumeNearlyFull", "DatabaseLarge");

  /** What an hour of lateness is to a nightly backup. */
  private static final double GRACE = 1.1;

  /**
   * An answer.
   *
   * @param code of HTTP
   * @param body JSON
   */
  public record Reply(int code, String body) {}

  /**
   * One check.
   *
   * @param latencyMs how long the part took to answer, where it was asked and did
   * @param detail for people
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Check(boolean ok, @Nullable Double latencyMs, String detail) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Body(
      String status, @Nullable String timestamp, @Nullable Map<String, Check> checks) {}

  private final HubSource hubs;
  private final Clock clock;
  private final ObjectMapper json = new ObjectMapper();

  /** The health of these hubs. */
  public HealthAnswers(HubSource hubs, Clock clock) {
    this.hubs = hubs;
    this.clock = clock;
  }

  /**
   * Answers a question.
   *
   * @param token what was presented with it, if anything was
   */
  public Reply answer(String namespace, String name, Optional<String> token) {
    Optional<WatchedHub> found = hubs.find(namespace, name);
    if (found.isEmpty()) {
      return reply(404, new Body("unknown", null, null));
    }
    WatchedHub hub = found.get();
    boolean closed = hub.hub().map(it -> it.monitoring().token().isPresent()).orElse(true);
    boolean opened =
        token.isPresent() && hub.hub().map(it -> hubs.opens(it, token.get())).orElse(false);
    if (token.isPresent() && closed && !opened) {
      return reply(401, new Body("unauthorized", null, null));
    }
    Map<String, Check> checks = checks(hub);
    boolean healthy =
        hub.condition(ConditionType.READY).filter(it -> it.status().equals("True")).isPresent()
            && checks.values().stream().allMatch(Check::ok);
    String timestamp =
        hub.asked().map(it -> it.truncatedTo(ChronoUnit.SECONDS).toString()).orElse(null);
    return reply(
        healthy ? 200 : 503,
        new Body(healthy ? "healthy" : "degraded", timestamp, closed && !opened ? null : checks));
  }

  private Reply reply(int code, Body body) {
    try {
      return new Reply(code, json.writeValueAsString(body) + "\n");
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Map<String, Check> checks(WatchedHub hub) {
    Map<String, Duration> latencies = Checks.latencies(hub.report());
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("database", part(hub, ConditionType.DATABASE_READY, latencies.get("database")));
    if (hub.hub().map(it -> it.redis().isPresent()).orElse(false)) {
      checks.put("redis", part(hub, ConditionType.REDIS_READY, latencies.get("redis")));
    }
    checks.put("disk", disk(hub));
    checks.put("app", part(hub, ConditionType.APP_READY, latencies.get("app")));
    checks.put("pooler", part(hub, ConditionType.POOLER_READY, latencies.get("pooler")));
    if (hub.hub().map(Hub::backsUp).orElse(false)) {
      checks.put("backup", backup(hub));
    }
    return checks;
  }

  /** The newest answer first: the condition is about the same, some moments later. */
  private static Check part(WatchedHub hub, ConditionType type, @Nullable Duration latency) {
    Optional<String> failure = failure(hub, type);
    Optional<Condition> condition = hub.condition(type);
    boolean ok =
        failure.isEmpty() && condition.filter(it -> it.status().equals("True")).isPresent();
    return new Check(
        ok,
        latency == null ? null : Math.round(latency.toNanos() / 10_000.0) / 100.0,
        failure.or(() -> condition.map(Condition::message)).orElse("not observed yet"));
  }

  private static Optional<String> failure(WatchedHub hub, ConditionType type) {
    return switch (type) {
      case DATABASE_READY -> hub.report().database().filter(it -> !it.ok()).map(Answer::failure);
      case REDIS_READY -> hub.report().redis().filter(it -> !it.ok()).map(Answer::failure);
      case POOLER_READY ->
          hub.report().poolers().values().stream()
              .filter(it -> !it.ok())
              .map(Answer::failure)
              .findFirst();
      default ->
          hub.report()
              .app()
              .filter(it -> !Checks.ok(it))
              .map(
                  it ->
                      it.facts()
                          .map(facts -> "the app answers " + facts.status())
                          .orElse(it.failure()));
    };
  }

  private static Check disk(WatchedHub hub) {
    Optional<String> trouble =
        findings(hub).stream()
            .filter(it -> DISK.contains(it.reason()))
            .map(it -> it.reason() + ": " + it.message())
            .findFirst()
            .or(
                () ->
                    hub.condition(ConditionType.DEGRADED)
                        .filter(it -> it.status().equals("True") && DISK.contains(it.reason()))
                        .map(it -> it.reason() + ": " + it.message()));
    return new Check(
        trouble.isEmpty(),
        null,
        trouble.orElseGet(
            () ->
                hub.status()
                    .map(StudyHubStatus::storage)
                    .map(StudyHubStatus.Storage::used)
                    .map(it -> "the volumes hold " + it)
                    .orElse("nothing is known to be wrong")));
  }

  private static List<StudyHubStatus.Finding> findings(WatchedHub hub) {
    return hub.status()
        .map(StudyHubStatus::backup)
        .map(StudyHubStatus.Backup::findings)
        .orElse(List.of());
  }

  private Check backup(WatchedHub hub) {
    Optional<StudyHubStatus.Finding> finding =
        findings(hub).stream().filter(it -> !DISK.contains(it.reason())).findFirst();
    if (finding.isPresent()) {
      return new Check(false, null, finding.get().reason() + ": " + finding.get().message());
    }
    Duration rpo = hub.hub().flatMap(Hub::backup).map(Hub.Backup::rpo).orElse(Duration.ofHours(24));
    Optional<Instant> last =
        hub.status()
            .map(StudyHubStatus::backup)
            .map(StudyHubStatus.Backup::lastSuccessTime)
            .map(Instant::parse);
    Instant since =
        last.orElseGet(() -> Instant.parse(hub.resource().getMetadata().getCreationTimestamp()));
    boolean ok = Duration.between(since, clock.instant()).toSeconds() <= GRACE * rpo.toSeconds();
    return new Check(
        ok,
        null,
        last.map(it -> "the newest good backup is of " + it).orElse("no good backup yet"));
  }
}
