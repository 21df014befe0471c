package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.api.v1alpha1.Durations;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.component.Backups;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.status.Availability;
import io.sanadflow.studyhub.watch.Gauge.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The gauges of hubs. Add one here; the dashboard and the alerts may name only what is here. */
final class HubGauges {

  private HubGauges() {}

  /** All of them, in the order in which they are shown. */
  static List<Gauge> all() {
    List<Gauge> gauges = new ArrayList<>();
    gauges.addAll(state());
    gauges.addAll(uptime());
    gauges.addAll(parts());
    gauges.addAll(DatabaseGauges.all());
    gauges.addAll(backups());
    gauges.addAll(limits());
    gauges.addAll(BudgetGauges.all());
    return List.copyOf(gauges);
  }

  private static List<Gauge> state() {
    return List.of(
        new Gauge(
            "studyhub_hub_info",
            "Always 1; what serves and how it fares.",
            List.of("image", "database_version", "health"),
            hub ->
                hub.status().stream()
                    .map(
                        it ->
                            Value.of(
                                1,
                                text(it.app() == null ? null : it.app().image()),
                                text(it.database() == null ? null : it.database().version()),
                                text(it.health())))
                    .toList()),
        new Gauge(
            "studyhub_condition",
            "A condition of the StudyHub: 1 is True, 0 is False, -1 is Unknown.",
            List.of("condition"),
            hub ->
                hub.conditions().stream().map(it -> Value.of(of(it.status()), it.type())).toList()),
        Gauge.one(
            "studyhub_ready_replicas",
            "App pods that serve.",
            hub ->
                Gauge.number(
                    hub.status().map(StudyHubStatus::app).map(StudyHubStatus.App::readyReplicas))));
  }

  private static List<Gauge> uptime() {
    return List.of(
        Gauge.one(
            "studyhub_up",
            "Whether people reach the app, at its Service and its ingress host.",
            hub -> Gauge.number(hub.report().reach().map(it -> it.up() ? 1 : 0))),
        new Gauge(
            "studyhub_uptime_ratio",
            "The share of the known time of the last 30 or 90 days in which the app was reached.",
            List.of("window"),
            hub -> {
              List<Value> values = new ArrayList<>();
              hub.availability()
                  .ifPresent(
                      it -> {
                        it.last(Availability.MONTH, hub.now())
                            .up()
                            .ifPresent(up -> values.add(Value.of(up, "30d")));
                        it.last(Availability.MEMORY, hub.now())
                            .up()
                            .ifPresent(up -> values.add(Value.of(up, "90d")));
                      });
              return values;
            }),
        Gauge.one(
            "studyhub_uptime_target_ratio",
            "spec.monitoring.uptimeTarget.",
            hub -> Gauge.number(hub.hub().map(it -> it.monitoring().uptimeTarget()))),
        Gauge.one(
            "studyhub_error_budget_remaining_ratio",
            "What is left of the downtime that the target allows in 30 days; below 0 is too much.",
            hub ->
                Gauge.number(
                    hub.availability()
                        .flatMap(
                            it ->
                                hub.hub()
                                    .map(
                                        known ->
                                            it.budgetLeft(
                                                known.monitoring().uptimeTarget(), hub.now()))))));
  }

  private static int of(String status) {
    return switch (status) {
      case "True" -> 1;
      case "False" -> 0;
      default -> -1;
    };
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<Gauge> parts() {
    return List.of(
        new Gauge(
            "studyhub_probe_success",
            "Whether a part answered when it was asked last.",
            List.of("part"),
            hub -> {
              List<Value> values = new ArrayList<>();
              hub.report().app().ifPresent(it -> values.add(Value.of(Checks.ok(it), "app")));
              hub.report().database().ifPresent(it -> values.add(Value.of(it.ok(), "database")));
              if (!hub.report().poolers().isEmpty()) {
                values.add(
                    Value.of(
                        hub.report().poolers().values().stream().allMatch(Answer::ok), "pooler"));
              }
              hub.report().redis().ifPresent(it -> values.add(Value.of(it.ok(), "redis")));
              return values;
            }),
        new Gauge(
            "studyhub_probe_duration_seconds",
            "How long a part took to answer, connecting included.",
            List.of("part"),
            hub -> {
              Map<String, Double> found = new TreeMap<>();
              Checks.latencies(hub.report()).forEach((part, it) -> found.put(part, seconds(it)));
              return found.entrySet().stream()
                  .map(it -> Value.of(it.getValue(), it.getKey()))
                  .toList();
            }));
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static List<Gauge> backups() {
    return List.of(
        Gauge.one(
            "studyhub_backup_last_success_timestamp_seconds",
            "When the newest good dump was made.",
            backup(it -> Gauge.time(it.lastSuccessTime()))),
        Gauge.one(
            "studyhub_backup_last_failure_timestamp_seconds",
            "When a backup last failed.",
            backup(it -> Gauge.time(it.lastFailureTime()))),
        Gauge.one(
            "studyhub_backup_recoverable_from_timestamp_seconds",
            "The earliest moment that can be restored to.",
            backup(it -> Gauge.time(it.recoverableFrom()))),
        Gauge.one(
            "studyhub_backup_last_size_bytes",
            "Length of the newest good dump as stored, to three digits.",
            hub ->
                Gauge.number(
                    hub.lastDump().map(StudyHubBackupStatus::size).flatMap(Backups::bytes))),
        Gauge.one(
            "studyhub_backup_last_duration_seconds",
            "How long the newest good dump took.",
            hub ->
                Gauge.number(
                    hub.lastDump()
                        .map(StudyHubBackupStatus::duration)
                        .map(it -> Durations.parse(it).toSeconds()))),
        Gauge.one(
            "studyhub_backup_rpo_seconds",
            "spec.backup.rpo: the most that may be lost.",
            hub -> Gauge.number(hub.hub().flatMap(Hub::backup).map(it -> it.rpo().toSeconds()))),
        Gauge.one(
            "studyhub_drill_last_timestamp_seconds",
            "When the newest restore drill ended.",
            drill(it -> Gauge.time(it.time()))),
        Gauge.one(
            "studyhub_drill_success",
            "Whether the newest restore drill restored what was backed up.",
            drill(it -> Gauge.number(Optional.ofNullable(it.succeeded()).map(ok -> ok ? 1 : 0)))),
        Gauge.one(
            "studyhub_drill_recovery_seconds",
            "How long the newest restore drill took: the measured RTO.",
            drill(
                it ->
                    Gauge.number(
                        Optional.ofNullable(it.recoveryTime())
                            .map(time -> Durations.parse(time).toSeconds())))));
  }

  private static Function<WatchedHub, OptionalDouble> backup(
      Function<StudyHubStatus.Backup, OptionalDouble> figure) {
    return hub ->
        hub.status().map(StudyHubStatus::backup).map(figure).orElse(OptionalDouble.empty());
  }

  private static Function<WatchedHub, OptionalDouble> drill(
      Function<StudyHubStatus.Drill, OptionalDouble> figure) {
    return backup(
        it -> it.lastDrill() == null ? OptionalDouble.empty() : figure.apply(it.lastDrill()));
  }

  private static List<Gauge> limits() {
    return List.of(
        new Gauge(
            "studyhub_certificate_expiry_timestamp_seconds",
            "When a certificate inside the hub ends: the authority's, or the first of the others.",
            List.of("certificate"),
            hub -> {
              List<Value> values = new ArrayList<>();
              hub.status()
                  .map(StudyHubStatus::certificates)
                  .ifPresent(
                      it -> {
                        Gauge.time(it.authorityExpires())
                            .ifPresent(end -> values.add(Value.of(end, "authority")));
                        Gauge.time(it.firstExpires())
                            .ifPresent(end -> values.add(Value.of(end, "first")));
                      });
              return values;
            }),
        Gauge.one(
            "studyhub_memory_limit_bytes",
            "Sum of the memory limits of the hub's pods.",
            hub -> Gauge.number(hub.hub().map(Hub::memory))),
        Gauge.one(
            "studyhub_memory_budget_bytes",
            "spec.budget.memory.",
            hub -> Gauge.number(hub.hub().map(it -> it.budget().memory()))),
        Gauge.one(
            "studyhub_storage_used_bytes",
            "What the hub's volumes hold, to two digits.",
            hub ->
                Gauge.number(
                    hub.status()
                        .map(StudyHubStatus::storage)
                        .map(StudyHubStatus.Storage::used)
                        .map(it -> it.split("/", 2)[0])
                        .flatMap(Backups::bytes))),
        new Gauge(
            "studyhub_offload_phase",
            "Always 1; how far media have moved.",
            List.of("phase"),
            hub ->
                hub.status()
                    .map(StudyHubStatus::offload)
                    .map(StudyHubStatus.Offload::phase)
                    .map(it -> List.of(Value.of(1, it)))
                    .orElse(List.of())),
        Gauge.one(
            "studyhub_object_store_up",
            "Whether the last probe of the object store worked.",
            hub ->
                Gauge.number(
                    hub.status()
                        .map(StudyHubStatus::objectStore)
                        .filter(it -> it.probeTime() != null)
                        .map(StudyHubStatus.ObjectStore::state)
                        .map(it -> it.equals("Works") ? 1 : 0))));
  }
}
