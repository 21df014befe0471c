package io.sanadflow.studyhub.agent;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * The transaction whose snapshot a dump shows. It has to stay open until the dump is done, and is
 * in which the rows are counted that a restore has to bring back.
 */
interface DumpSession extends AutoCloseable {

  /**
   * A snapshot.
   *
   * @param id that pg_dump takes
   * @param time of the server: what was committed before is in it
   * @param version of the server, such as 16.4
   * @param system its identifier, or host and database where that cannot be read
   * @param encoding of the database
   * @param databaseBytes of the database's files
   */
  record Snapshot(
      String id,
      Instant time,
      String version,
      String system,
      String encoding,
      long databaseBytes) {}

  /** The snapshot of this session. */
  Snapshot snapshot();

  /** The rows of every table that a dump holds, in this snapshot. */
  SortedMap<String, Long> count() throws SQLException;

  @Override
  void close();

  /** The session of a connection. */
  final class OfConnection implements DumpSession {

    private static final int LOCKED_AT_ONCE = 200;

    private final Connection connection;
    private final String elsewhere;
    private final Snapshot snapshot;
    private final List<String> tables;

    /**
     * Starts the transaction.
     *
     * @param elsewhere what stands for the system's identifier where that cannot be read
     */
    OfConnection(Connection connection, String elsewhere) throws SQLException {
      this.connection = connection;
      this.elsewhere = elsewhere;
      unlimited(connection);
      connection.setAutoCommit(false);
      run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      snapshot = taken();
      tables = locked();
    }

    /** Nothing of the server's settings ends a session that waits for pg_dump. */
    private static void unlimited(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            """
            SELECT set_config(name, '0', false) FROM pg_settings
            WHERE name IN ('idle_in_transaction_session_timeout', 'idle_session_timeout',
              'statement_timeout', 'transaction_timeout')""");
        statement.execute("SET lock_timeout = '5min'");
        // As pg_dump does: an error rather than rows that are left out.
        statement.execute("SET row_security = off");
      }
    }

    private Snapshot taken() throws SQLException {
      String system = system();
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  """
                  SELECT pg_export_snapshot(), extract(epoch FROM now())::bigint,
                    current_setting('server_version'), pg_encoding_to_char(d.encoding),
                    pg_database_size(d.oid)
                  FROM pg_database d WHERE d.datname = current_database()""")) {
        row.next();
        return new Snapshot(
            row.getString(1),
            Instant.ofEpochSecond(row.getLong(2)),
            row.getString(3).split(" ", 2)[0],
            system,
            row.getString(4),
            row.getLong(5));
      }
    }

    private String system() throws SQLException {
      Savepoint before = connection.setSavepoint();
      String found = systemOr(elsewhere, before);
      // A snapshot cannot be exported from within a savepoint.
      connection.releaseSavepoint(before);
      return found;
    }

    private String systemOr(String elsewhere, Savepoint before) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery("SELECT system_identifier::text FROM pg_control_system()")) {
        row.next();
        return row.getString(1);
      } catch (SQLException refused) {
        connection.rollback(before);
        return elsewhere;
      }
    }

    /** TRUNCATE and DROP are seen by older snapshots too, so they have to wait. */
    private List<String> locked() throws SQLException {
      List<String> found = Tables.of(connection);
      for (int from = 0; from < found.size(); from += LOCKED_AT_ONCE) {
        List<String> some = found.subList(from, Math.min(from + LOCKED_AT_ONCE, found.size()));
        run("LOCK TABLE ONLY " + String.join(", ONLY ", some) + " IN ACCESS SHARE MODE");
      }
      return found;
    }

    @Override
    public Snapshot snapshot() {
      return snapshot;
    }

    @Override
    public SortedMap<String, Long> count() throws SQLException {
      return Tables.rows(connection, tables);
    }

    private void run(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException gone) {
        // It is closed either way.
      }
    }
  }
}
