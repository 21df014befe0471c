package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.DatabaseUse;
import io.sanadflow.studyhub.probe.HttpFacts;
import io.sanadflow.studyhub.probe.PoolUse;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.probe.Reach;
import io.sanadflow.studyhub.probe.RedisFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hubs as they may be known, for those who watch. */
final class Watched implements HubSource {

  static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  static final String PUBLIC =
      """
      app: {image: "ghcr.io/sanadflow/hub:1"}
      objectStore: {endpoint: "https://r2.example.org", bucket: hub-backups, credentialsSecret: {name: r2}}
      monitoring: {statusPage: Public}
      """;

  static final List<StudyHubStatus.Outage> OUTAGES =
      List.of(
          new StudyHubStatus.Outage(
              "2026-11-10T10:00:00Z", "2026-11-10T10:05:00Z", "no pod is ready"),
          new StudyHubStatus.Outage(
              "2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z", "the app answers 503"));

  final List<WatchedHub> hubs = new ArrayList<>();

  @Override
  public List<WatchedHub> all() {
    return hubs.stream().sorted(Comparator.comparing(WatchedHub::name)).toList();
  }

  @Override
  public Optional<WatchedHub> find(String namespace, String name) {
    return hubs.stream()
        .filter(it -> it.namespace().equals(namespace) && it.name().equals(name))
        .findFirst();
  }

  @Override
  public boolean opens(Hub hub, String token) {
    return hub.monitoring().token().isPresent() && token.equals("open sesame");
  }

  /** A hub in good health with backups. */
  static WatchedHub well(String name, String spec) {
    StudyHub hub = Hubs.withSpec(spec);
    hub.getMetadata().setName(name);
    hub.setStatus(status("True", "False"));
    return new WatchedHub(
        hub,
        Optional.of(Hubs.resolved(hub)),
        report(),
        Optional.of(NOW.minusSeconds(7)),
        Optional.of(
            new StudyHubBackupStatus(
                1L, List.of(), "k", "12.3 MiB", "2026-11-24T18:00:00Z", "1m5s", "Stored")),
        List.of(),
        NOW);
  }

  /** The same, with the conditions of its parts. */
  static WatchedHub complete(WatchedHub hub) {
    StudyHubStatus was = hub.status().orElseThrow();
    List<Condition> conditions = new ArrayList<>(was.conditions());
    for (String part : List.of("AppReady", "PoolerReady", "DatabaseReady", "RedisReady")) {
      conditions.add(condition(part, "True"));
    }
    hub.resource().getMetadata().setCreationTimestamp("2026-10-01T00:00:00Z");
    hub.resource()
        .setStatus(
            new StudyHubStatus(
                was.observedGeneration(),
                was.health(),
                conditions,
                was.app(),
                was.database(),
                was.certificates(),
                was.budget(),
                was.backup(),
                was.objectStore(),
                null,
                null,
                was.uptime(),
                null));
    return hub;
  }

  static Condition condition(String type, String status) {
    return new Condition(type, status, 3, "2026-11-20T00:00:00Z", "Because", "a message");
  }

  static StudyHubStatus status(String ready, String degraded) {
    return new StudyHubStatus(
        3L,
        ready.equals("True") ? "Healthy" : "Degraded",
        List.of(
            condition("Ready", ready),
            condition("Degraded", degraded),
            condition("Stalled", "Unknown")),
        new StudyHubStatus.App("ghcr.io/sanadflow/hub:1", 1, "http://pilot.study.svc"),
        new StudyHubStatus.Database("16.15", "pilot-db.study.svc:5432"),
        new StudyHubStatus.Certificates("2036-11-20T00:00:00Z", "2027-02-20T00:00:00Z"),
        new StudyHubStatus.Budget(
            "588/1024Mi",
            "memory 588/1024Mi, R2 2.5/10 GB, 4 % of class A, $0.00",
            "2026-11",
            new StudyHubStatus.Figure("2500M", "5G"),
            new StudyHubStatus.Figure("40k", "50k"),
            new StudyHubStatus.Figure("100k", "200k"),
            new StudyHubStatus.Figure("$0.00", "$0.00"),
            false,
            null),
        new StudyHubStatus.Backup(
            "2026-11-24T18:00:00Z",
            "k",
            "12.3 MiB",
            "2026-11-24T18:00:00Z",
            "2026-11-22T18:00:00Z",
            null,
            new StudyHubStatus.Drill("2026-11-22T20:00:00Z", true, "1m5s", "2h0m", "k"),
            null),
        new StudyHubStatus.ObjectStore("Works", "", "<100ms", "2026-11-24T18:00:00Z"),
        null,
        null,
        new StudyHubStatus.Uptime(
            "Up", "2026-10-01T00:00:00Z", null, null, null, null, OUTAGES, null),
        null);
  }

  static ProbeReport report() {
    return new ProbeReport(
        Optional.of(
            Answer.of(
                new DatabaseFacts(
                    "16.15",
                    Optional.of("hash"),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Duration.ofMillis(12),
                    Optional.empty(),
                    7,
                    Optional.empty(),
                    Optional.of(
                        new DatabaseUse(7654321, 50, 2, Optional.of(NOW.minusSeconds(60))))))),
        Map.of(
            "pilot-1",
            Answer.of(
                new PoolerFacts(
                    Map.of(),
                    false,
                    Duration.ofMillis(20),
                    Optional.empty(),
                    new PoolUse(5, 1, 4, 2, Duration.ofMillis(1500))))),
        Optional.of(Answer.of(new RedisFacts(Map.of(), Duration.ofMillis(3), Optional.empty()))),
        Optional.of(Answer.of(new HttpFacts(true, 200, "", Duration.ofMillis(8)))),
        false,
        ProbeReport.Restart.NONE,
        Optional.empty(),
        Optional.of(new Reach(true, NOW.minusSeconds(600), "")));
  }
}
