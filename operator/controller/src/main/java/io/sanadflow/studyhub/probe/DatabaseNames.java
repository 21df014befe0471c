package io.sanadflow.studyhub.probe;

import static io.sanadflow.studyhub.probe.SqlConnection.identifier;
import static io.sanadflow.studyhub.probe.SqlConnection.literal;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Looks at, renames and deletes the databases that restores make, as superuser. */
final class DatabaseNames {

  /** Whoever is connected has to leave first, and a large database takes its time to go. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** What restores make: nothing else is ever deleted. */
  private static final Pattern MADE_BY_RESTORES =
      Pattern.compile("hub_(restore|before)_[0-9a-f]{8}");

  private final DatabasePreparation preparation;

  DatabaseNames(DatabasePreparation preparation) {
    this.preparation = preparation;
  }

  SideDatabases look(DatabaseTarget target, String database) throws ProbeException {
    try (SqlConnection sql = NetworkProbe.open(target, target.database(), ANSWER)) {
      Set<String> names = names(sql);
      boolean awaits =
          sql.value(
                  "SELECT 1 FROM pg_database WHERE datconnlimit = 0 AND datname = "
                      + literal(database))
              .isPresent();
      String system =
          sql.value("SELECT system_identifier FROM pg_control_system()").orElse("unknown");
      return new SideDatabases(system, names, awaits);
    }
  }

  private static Set<String> names(SqlConnection sql) throws ProbeException {
    Set<String> names = new TreeSet<>();
    sql.query(
        "SELECT datname FROM pg_database",
        row -> {
          if (MADE_BY_RESTORES.matcher(row.getString(1)).matches()) {
            names.add(row.getString(1));
          }
        });
    return names;
  }

  /** Gives the side database the hub's rights, then both their new names in one transaction. */
  void swap(DatabaseTarget target, DatabasePlan plan, DatabaseSwap swap) throws ProbeException {
    try (SqlConnection sql = NetworkProbe.open(target, target.database(), PATIENCE)) {
      Set<String> names = names(sql);
      if (!names.contains(swap.side())) {
        if (names.contains(swap.previous())) {
          return;
        }
        throw new ProbeException("PostgreSQL: there is no database " + swap.side());
      }
      if (swap.ontoEmpty()) {
        refuseTables(target, plan.database());
      }
      DatabasePlan side = plan.of(swap.side());
      preparation.server(sql, side);
      try (SqlConnection inside = NetworkProbe.open(target, swap.side(), PATIENCE)) {
        preparation.rights(inside, side);
        preparation.extensions(inside, side);
      }
      sql.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
              + " AND datname IN ("
              + literal(plan.database())
              + ", "
              + literal(swap.side())
              + ")",
          row -> {});
      sql.run("BEGIN");
      rename(sql, plan.database(), swap.previous());
      rename(sql, swap.side(), plan.database());
      sql.run("COMMIT");
    }
  }

  private static void rename(SqlConnection sql, String from, String to) throws ProbeException {
    sql.run("ALTER DATABASE " + identifier(from) + " RENAME TO " + identifier(to));
  }

  private static void refuseTables(DatabaseTarget target, String database) throws ProbeException {
    try (SqlConnection inside = NetworkProbe.open(target, database, ANSWER)) {
      String tables =
          inside
              .value(
                  "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                      + " WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema'"
                      + " AND n.nspname NOT LIKE 'pg\\_%'")
              .orElse("0");
      if (!tables.equals("0")) {
        throw new ProbeException(
            "database "
                + database
                + " has "
                + tables
                + " tables already, and a new hub's backup is never restored over data; remove"
                + " spec.database.bootstrap, or make a StudyHubRestore to replace them");
      }
    }
  }

  /** Deletes a database that a restore made, with its connections; one that is gone is no error. */
  void drop(DatabaseTarget target, String name) throws ProbeException {
    if (!MADE_BY_RESTORES.matcher(name).matches()) {
      throw new ProbeException(name + " is not a database that a restore made");
    }
    try (SqlConnection sql = NetworkProbe.open(target, target.database(), PATIENCE)) {
      sql.run("DROP DATABASE IF EXISTS " + identifier(name) + " WITH (FORCE)");
    }
  }
}
