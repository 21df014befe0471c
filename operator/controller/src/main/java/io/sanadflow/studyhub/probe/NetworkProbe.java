package io.sanadflow.studyhub.probe;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks over the network. Each question opens its connections and closes them: none are kept. */
public final class NetworkProbe implements HubProbe {

  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** Extensions may build indexes of their own. */
  private static final Duration PREPARATION = Duration.ofSeconds(60);

  private final PageQuestions pages = new PageQuestions(ANSWER);
  private final PoolerQuestions poolers = new PoolerQuestions(ANSWER);
  private final DatabasePreparation preparation = new DatabasePreparation();
  private final DatabaseNames names = new DatabaseNames(preparation);

  @Override
  public DatabaseFacts database(DatabaseTarget target, DatabasePlan plan) throws ProbeException {
    boolean todo = !plan.roles().isEmpty() || !plan.extensions().isEmpty();
    Duration patience = todo ? PREPARATION : ANSWER;
    long start = System.nanoTime();
    try (SqlConnection sql = open(target, target.database(), patience)) {
      String version = sql.value("SHOW server_version").orElse("");
      Duration latency = Duration.ofNanos(System.nanoTime() - start);
      if (plan.managed()) {
        preparation.server(sql, plan);
      }
      Map<String, String> failed = Map.of();
      if (plan.managed() && todo) {
        try (SqlConnection inside = open(target, plan.database(), patience)) {
          preparation.rights(inside, plan);
          failed = preparation.extensions(inside, plan);
        }
      } else if (todo) {
        failed = preparation.extensions(sql, plan);
      }
      return facts(sql, plan.database(), version, failed, latency);
    }
  }

  static SqlConnection open(DatabaseTarget target, String database, Duration patience)
      throws ProbeException {
    return SqlConnection.open(
        "PostgreSQL",
        target.host(),
        target.port(),
        target.trust(),
        target.user(),
        target.password(),
        database,
        patience);
  }

  private static DatabaseFacts facts(
      SqlConnection sql,
      String database,
      String version,
      Map<String, String> failed,
      Duration latency)
      throws ProbeException {
    // A server of somebody else may be another hub's, whose settings are not for this one to see.
    boolean own = sql.value("SHOW is_superuser").filter("on"::equals).isPresent();
    Optional<String> hash =
        own ? sql.value("SELECT current_setting('studyhub.config_hash', true)") : Optional.empty();
    List<String> pending = new ArrayList<>();
    Map<String, String> refused = new HashMap<>();
    if (hash.isPresent()) {
      sql.query(
          "SELECT name FROM pg_settings WHERE pending_restart ORDER BY name",
          row -> pending.add(row.getString(1)));
      // That a setting waits for a restart is an error in this view too.
      sql.query(
          "SELECT coalesce(f.name, 'a line of the file'), f.error FROM pg_file_settings f"
              + " LEFT JOIN pg_settings s ON s.name = f.name"
              + " WHERE f.error IS NOT NULL AND NOT coalesce(s.pending_restart, false)"
              + " AND f.error NOT LIKE '%cannot be changed without restarting%'",
          row -> refused.put(row.getString(1), row.getString(2)));
    }
    int connections =
        Integer.parseInt(
            sql.value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
                .orElse("0"));
    return new DatabaseFacts(
        version.split(" ")[0],
        hash,
        pending,
        failed,
        refused,
        latency,
        sql.served(),
        connections,
        hash.isPresent() ? archiveFailure(sql) : Optional.empty(),
        use(sql, database, own));
  }

  /** Only a superuser may see how far the archiver is; of its size anybody may ask. */
  private static Optional<DatabaseUse> use(SqlConnection sql, String database, boolean own)
      throws ProbeException {
    List<DatabaseUse> found = new ArrayList<>();
    sql.query(
        "SELECT pg_database_size(d.oid), current_setting('max_connections')::int, "
            + (own
                ? "(SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'),"
                    + " (SELECT floor(extract(epoch FROM last_archived_time))::bigint"
                    + " FROM pg_stat_archiver)"
                : "0, NULL::bigint")
            + " FROM pg_database d WHERE d.datname = "
            + SqlConnection.literal(database),
        row -> {
          long archived = row.getLong(4);
          Optional<Instant> last =
              row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(archived));
          found.add(new DatabaseUse(row.getLong(1), row.getInt(2), row.getInt(3), last));
        });
    return found.stream().findFirst();
  }

  private static Optional<ArchiveFailure> archiveFailure(SqlConnection sql) throws ProbeException {
    List<ArchiveFailure> found = new ArrayList<>();
    // What was tried again and done, and what was given up, is no failure any more.
    sql.query(
        "SELECT a.last_failed_wal, floor(extract(epoch FROM a.last_archived_time))::bigint, r.count"
            + " FROM pg_stat_archiver a, (SELECT count(*) FROM pg_ls_archive_statusdir()"
            + " WHERE name LIKE '%.ready') r WHERE r.count > 0"
            + " AND current_setting('archive_mode') <> 'off'"
            + " AND a.last_failed_time > coalesce(a.last_archived_time, '-infinity')",
        row -> {
          long archived = row.getLong(2);
          Optional<Instant> last =
              row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(archived));
          found.add(new ArchiveFailure(row.getString(1), last, row.getInt(3)));
        });
    return found.stream().findFirst();
  }

  @Override
  public void reloadDatabase(DatabaseTarget target) throws ProbeException {
    try (SqlConnection sql = open(target, target.database(), ANSWER)) {
      sql.value("SELECT pg_reload_conf()");
    }
  }

  @Override
  public void checkpoint(DatabaseTarget target) throws ProbeException {
    try (SqlConnection sql = open(target, target.database(), ANSWER)) {
      sql.run("CHECKPOINT");
    }
  }

  @Override
  public SideDatabases sideDatabases(DatabaseTarget target, DatabasePlan plan)
      throws ProbeException {
    return names.look(target, plan.database());
  }

  @Override
  public void swap(DatabaseTarget target, DatabasePlan plan, DatabaseSwap swap)
      throws ProbeException {
    names.swap(target, plan, swap);
  }

  @Override
  public void dropDatabase(DatabaseTarget target, String name) throws ProbeException {
    names.drop(target, name);
  }

  @Override
  public PoolerFacts pooler(PoolerTarget target) throws ProbeException {
    return poolers.facts(target);
  }

  @Override
  public void reloadPooler(PoolerTarget target) throws ProbeException {
    poolers.reload(target);
  }

  @Override
  public boolean pausePooler(PoolerTarget target) throws ProbeException {
    return poolers.pause(target);
  }

  @Override
  public void resumePooler(PoolerTarget target) throws ProbeException {
    poolers.resume(target);
  }

  @Override
  public RedisFacts redis(RedisTarget target, List<String> configNames) throws ProbeException {
    long start = System.nanoTime();
    try (RedisConnection redis = RedisConnection.open(target)) {
      if (!redis.command(List.of("PING")).equals(List.of("PONG"))) {
        throw new ProbeException("Redis: PING is not answered by PONG");
      }
      Duration latency = Duration.ofNanos(System.nanoTime() - start);
      return new RedisFacts(redis.config(configNames), latency, redis.served());
    }
  }

  @Override
  public void configureRedis(RedisTarget target, Map<String, String> settings)
      throws ProbeException {
    try (RedisConnection redis = RedisConnection.open(target)) {
      List<String> command = new ArrayList<>(List.of("CONFIG", "SET"));
      settings.forEach(
          (name, value) -> {
            command.add(name);
            command.add(value);
          });
      redis.command(command);
    }
  }

  @Override
  public HttpFacts http(URI uri) throws ProbeException {
    return pages.get("the app", uri);
  }

  @Override
  public Optional<HttpFacts> entrance(URI uri) throws ProbeException {
    return pages.getByName(uri);
  }
}
