package io.sanadflow.studyhub.probe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a PgBouncer is asked and told: a row through it, and commands of its console. */
final class PoolerQuestions {

  /** How long a pause may keep the console waiting, before sessions that are idle are ended. */
  private static final Duration GRACE = Duration.ofMillis(300);

  /** How long idle sessions take to end; PgBouncer looks three times a second. */
  private static final Duration ENDING = Duration.ofSeconds(2);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final Duration patience;

  PoolerQuestions(Duration patience) {
    this.patience = patience;
  }

  PoolerFacts facts(PoolerTarget target) throws ProbeException {
    try (SqlConnection console = console(target)) {
      boolean paused = paused(console, target);
      long start = System.nanoTime();
      if (!paused) {
        row(target);
      }
      Duration latency = Duration.ofNanos(System.nanoTime() - start);
      Map<String, String> config = new HashMap<>();
      console.query(
          "SHOW CONFIG",
          row ->
              config.put(
                  row.getString("key"), Optional.ofNullable(row.getString("value")).orElse("")));
      return new PoolerFacts(config, paused, latency, console.served(), use(console, target));
    }
  }

  /** The pools of the hub's database, one a user, together; without the console's own. */
  private static PoolUse use(SqlConnection console, PoolerTarget target) throws ProbeException {
    PoolUse[] use = {PoolUse.NONE};
    console.query(
        "SHOW POOLS",
        row -> {
          if (target.database().equals(row.getString("database"))) {
            use[0] =
                use[0].plus(
                    new PoolUse(
                        row.getInt("cl_active"),
                        row.getInt("cl_waiting"),
                        row.getInt("sv_active"),
                        row.getInt("sv_idle"),
                        // Whole seconds in one column, the rest in another.
                        Duration.ofSeconds(row.getLong("maxwait"))
                            .plusNanos(1000 * row.getLong("maxwait_us"))));
          }
        });
    return use[0];
  }

  private static boolean paused(SqlConnection console, PoolerTarget target) throws ProbeException {
    boolean[] paused = new boolean[1];
    console.query(
        "SHOW DATABASES",
        row ->
            paused[0] |=
                target.database().equals(row.getString("name")) && row.getInt("paused") != 0);
    return paused[0];
  }

  private void row(PoolerTarget target) throws ProbeException {
    try (SqlConnection sql =
        SqlConnection.open(
            "PgBouncer",
            target.host(),
            target.port(),
            target.trust(),
            target.monitorUser(),
            target.monitorPassword(),
            target.database(),
            patience)) {
      sql.value("SELECT 1");
    }
  }

  void reload(PoolerTarget target) throws ProbeException {
    try (SqlConnection console = console(target)) {
      console.run("RELOAD");
    }
  }

  boolean pause(PoolerTarget target) throws ProbeException {
    String database = SqlConnection.identifier(target.database());
    try (SqlConnection console = console(target)) {
      // It answers when no connection is in use, which in session mode may be never. That clients
      // wait begins at once, and stays when this connection ends.
      console.runWithin("PAUSE " + database, GRACE);
    }
    try (SqlConnection console = console(target)) {
      int left = left(console, target);
      if (left > 0) {
        // With server_fast_close this ends each session that is between two transactions.
        console.run("RECONNECT " + database);
      }
      long deadline = System.nanoTime() + ENDING.toNanos();
      while (left > 0 && System.nanoTime() < deadline) {
        Thread.sleep(LOOK.toMillis());
        left = left(console, target);
      }
      return left == 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ProbeException("PgBouncer's console: interrupted");
    }
  }

  /** Connections to the database that are lent to a client. */
  private static int left(SqlConnection console, PoolerTarget target) throws ProbeException {
    int[] left = new int[1];
    console.query(
        "SHOW POOLS",
        row ->
            left[0] +=
                target.database().equals(row.getString("database")) ? row.getInt("sv_active") : 0);
    return left[0];
  }

  void resume(PoolerTarget target) throws ProbeException {
    try (SqlConnection console = console(target)) {
      console.run("RESUME " + SqlConnection.identifier(target.database()));
    }
  }

  private SqlConnection console(PoolerTarget target) throws ProbeException {
    return SqlConnection.open(
        "PgBouncer's console",
        target.host(),
        target.port(),
        target.trust(),
        target.adminUser(),
        target.adminPassword(),
        "pgbouncer",
        patience);
  }
}
