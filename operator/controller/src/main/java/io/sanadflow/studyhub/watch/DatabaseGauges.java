package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.DatabaseUse;
import io.sanadflow.studyhub.probe.PoolUse;
import io.sanadflow.studyhub.probe.PoolerFacts;
import io.sanadflow.studyhub.watch.Gauge.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/** The gauges of databases and of the PgBouncers before them. */
final class DatabaseGauges {

  private DatabaseGauges() {}

  static List<Gauge> all() {
    List<Gauge> gauges = new ArrayList<>(database());
    gauges.addAll(pooler());
    return gauges;
  }

  private static List<Gauge> database() {
    return List.of(
        Gauge.one(
            "studyhub_database_size_bytes",
            "Size of the hub's database on disk.",
            used(DatabaseUse::bytes)),
        Gauge.one(
            "studyhub_database_connections",
            "Client connections to PostgreSQL, the operator's own included.",
            hub ->
                Gauge.number(
                    hub.report()
                        .database()
                        .flatMap(Answer::facts)
                        .map(DatabaseFacts::connections))),
        Gauge.one(
            "studyhub_database_max_connections",
            "max_connections of PostgreSQL.",
            used(DatabaseUse::maxConnections)),
        Gauge.one(
            "studyhub_wal_waiting_segments",
            "Segments of write-ahead log, of 16 MiB each, that wait to be archived.",
            used(DatabaseUse::waitingSegments)),
        Gauge.one(
            "studyhub_wal_last_archived_timestamp_seconds",
            "When PostgreSQL archived a segment of write-ahead log last.",
            hub ->
                Gauge.number(
                    use(hub).flatMap(DatabaseUse::lastArchived).map(Instant::getEpochSecond))));
  }

  private static Optional<DatabaseUse> use(WatchedHub hub) {
    return hub.report().database().flatMap(Answer::facts).flatMap(DatabaseFacts::use);
  }

  private static Function<WatchedHub, OptionalDouble> used(
      Function<DatabaseUse, ? extends Number> figure) {
    return hub -> Gauge.number(use(hub).map(figure));
  }

  private static List<Gauge> pooler() {
    return List.of(
        new Gauge(
            "studyhub_pooler_client_connections",
            "Clients of a PgBouncer for the hub's database: active, or waiting for a server.",
            List.of("pod", "state"),
            pools(
                (pod, it) ->
                    List.of(
                        Value.of(it.clientsActive(), pod, "active"),
                        Value.of(it.clientsWaiting(), pod, "waiting")))),
        new Gauge(
            "studyhub_pooler_server_connections",
            "Connections of a PgBouncer to the hub's database: active for a client, or idle.",
            List.of("pod", "state"),
            pools(
                (pod, it) ->
                    List.of(
                        Value.of(it.serversActive(), pod, "active"),
                        Value.of(it.serversIdle(), pod, "idle")))),
        new Gauge(
            "studyhub_pooler_longest_wait_seconds",
            "How long the client has waited that waits the longest.",
            List.of("pod"),
            pools((pod, it) -> List.of(Value.of(HubGauges.seconds(it.longestWait()), pod)))),
        Gauge.one(
            "studyhub_pooler_max_server_connections",
            "spec.pooler.maxDbConnections: the most connections of one PgBouncer.",
            hub -> Gauge.number(hub.hub().map(it -> it.pooler().maxDbConnections()))));
  }

  private interface PoolValues {
    List<Value> of(String pod, PoolUse use);
  }

  private static Function<WatchedHub, List<Value>> pools(PoolValues values) {
    return hub -> {
      List<Value> found = new ArrayList<>();
      new TreeMap<>(hub.report().poolers())
          .forEach(
              (pod, answer) ->
                  answer
                      .facts()
                      .map(PoolerFacts::use)
                      .ifPresent(it -> found.addAll(values.of(pod, it))));
      return found;
    };
  }
}
