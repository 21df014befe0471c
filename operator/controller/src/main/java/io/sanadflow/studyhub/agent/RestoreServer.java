package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.Globals;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server that is restored to: the hub's, or the scratch server in this pod.
 *
 * @param scratch whether it is the scratch server
 * @param password a file; null for the scratch server
 * @param authority a file; null for public ones and the scratch server
 */
record RestoreServer(
    boolean scratch,
    String host,
    int port,
    String user,
    @Nullable String password,
    @Nullable String authority) {

  /** What a database that a restore makes must start with: no other is ever dropped. */
  static final String PREFIX = "hub_restore_";

  private static final Set<String> OPERATORS =
      Set.of("postgres", DumpLoad.OWNER, "hub_app", "hub_monitor");

  private static final Pattern LIBRARY = Pattern.compile("[A-Za-z0-9_$][A-Za-z0-9_.$/-]*");

  /** These run jobs. */
  private static final Set<String> ACTIVE = Set.of("pg_cron", "pg_timetable", "pgagent");

  /** The server that the agent was told of. */
  static RestoreServer target(AgentContext context) throws IOException {
    AgentConfig.Database told = context.config().database();
    AgentFiles files = context.files();
    return new RestoreServer(
        false,
        told.host(),
        told.port(),
        told.user(),
        Files.readString(files.databasePassword()).strip(),
        Files.exists(files.databaseAuthority()) ? files.databaseAuthority().toString() : null);
  }

  /** The scratch server. */
  static RestoreServer scratch(int port) {
    return new RestoreServer(true, "127.0.0.1", port, "postgres", null, null);
  }

  /**
   * What the hub's server loads at its start, with commas between, so that extensions which need it
   * work in the scratch server too; nothing if that server does not say. What would do something of
   * its own accord there is left out.
   */
  static String preloaded(AgentContext context) {
    try (Connection connection = target(context).open(context.config().database().database())) {
      return libraries(value(connection, "SHOW shared_preload_libraries").orElse(""));
    } catch (IOException | SQLException unknown) {
      context.step("what the hub's server loads at its start is unknown: %s", unknown.getMessage());
      return "";
    }
  }

  /** Those of a setting's libraries that a scratch server may load. */
  static String libraries(String setting) {
    return Stream.of(setting.split(","))
        .map(it -> it.strip().replace("\"", ""))
        .filter(it -> LIBRARY.matcher(it).matches() && !ACTIVE.contains(it))
        .collect(Collectors.joining(","));
  }

  /** The word of load.sh for it. */
  String word() {
    return scratch ? "scratch" : "target";
  }

  /**
   * Connects.
   *
   * @throws AgentException DatabaseFailed with the cause
   */
  Connection open(String database) throws AgentException {
    Properties properties = new Properties();
    if (scratch) {
      properties.setProperty("sslmode", "disable");
    } else {
      DatabaseSession.verified(properties, String.valueOf(password), authority);
    }
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("ApplicationName", "studyhub-restore");
    return DatabaseSession.connect(
        host,
        port,
        user,
        database,
        properties,
        "The hub's data are as they were; the same restore can be tried again");
  }

  /** Does something; its text is in no message, since it may hold a password's verifier. */
  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  static Optional<String> value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    }
  }

  /** The first column of all rows. */
  static Set<String> values(Connection connection, String sql) throws SQLException {
    Set<String> values = new LinkedHashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  /**
   * Makes the roles that are missing; those of the operator in a hub's own server it makes itself,
   * with passwords of its own.
   *
   * @param script of pg_dumpall --roles-only
   */
  void makeMissing(AgentContext context, Connection connection, String script) throws SQLException {
    // Verifiers are in the statements: nothing of this session goes to the log.
    run(connection, "SET log_statement = 'none'");
    run(connection, "SET log_min_duration_statement = -1");
    run(connection, "SET log_min_error_statement = 'panic'");
    Set<String> present = roles(connection);
    if (!scratch) {
      present.addAll(OPERATORS);
    }
    List<String> statements = Globals.missingRoles(script, present);
    context.step("roles: %d statements for those that are missing", statements.size());
    for (String statement : statements) {
      run(connection, statement);
    }
  }

  /** The roles that there are. */
  static Set<String> roles(Connection connection) throws SQLException {
    return values(connection, "SELECT rolname FROM pg_roles");
  }

  /**
   * Makes an empty database, in place of what an earlier try of the same restore left.
   *
   * @param owner to whom it belongs if there is such a role
   */
  static void create(Connection connection, String database, String encoding, String owner)
      throws SQLException, AgentException {
    drop(connection, database);
    boolean owned = roles(connection).contains(owner);
    run(
        connection,
        "CREATE DATABASE "
            + Globals.quoted(database)
            + " TEMPLATE template0 ENCODING '"
            + encoding.replace("'", "''")
            + "'"
            + (encoding.equals("UTF8") ? "" : " LOCALE 'C'")
            + (owned ? " OWNER " + Globals.quoted(owner) : ""));
  }

  /** Drops a database that a restore made. */
  static void drop(Connection connection, String database) throws SQLException, AgentException {
    if (!database.startsWith(PREFIX)) {
      throw new AgentException(
          "BadCommandLine",
          "--database %s: a restore drops and makes only databases whose names start with %s"
              .formatted(database, PREFIX));
    }
    run(connection, "DROP DATABASE IF EXISTS " + Globals.quoted(database) + " WITH (FORCE)");
  }

  /** Drops what was begun; where that fails too, the next try of the same restore does it. */
  static void dropAfter(
      AgentContext context, Connection connection, String database, Exception failed) {
    context.pipes().abort("the restore failed");
    try {
      drop(connection, database);
    } catch (IOException | SQLException left) {
      failed.addSuppressed(left);
      context.step("database %s is left over: the next try drops it", database);
    }
  }
}
