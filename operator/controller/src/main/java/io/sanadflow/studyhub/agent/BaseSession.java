package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.WalSegment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** What the agent asks and does before and after a base backup, as a superuser. */
interface BaseSession extends AutoCloseable {

  /**
   * The server.
   *
   * @param version such as 16.4
   * @param system its identifier
   * @param segmentBytes of its write-ahead log
   * @param time its time
   */
  record Server(String version, String system, long segmentBytes, Instant time) {}

  /**
   * The end of a backup.
   *
   * @param lastSegment that it needs to be consistent
   * @param time the first full second at which it is
   */
  record End(WalSegment lastSegment, Instant time) {}

  /** Asks for the server. */
  Server server() throws SQLException;

  /**
   * Makes a checkpoint, before which the backup that comes next cannot start; tells its segment.
   */
  WalSegment begin() throws SQLException;

  /** Has the last segment that the backup needs archived, and tells it. */
  End end(long timeline) throws SQLException;

  @Override
  void close();

  /** The session of a connection. */
  final class OfConnection implements BaseSession {

    private final Connection connection;

    OfConnection(Connection connection) {
      this.connection = connection;
    }

    @Override
    public Server server() throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  """
                  SELECT current_setting('server_version'), system_identifier::text,
                    (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'),
                    extract(epoch FROM now())::bigint
                  FROM pg_control_system()""")) {
        row.next();
        return new Server(
            row.getString(1).split(" ", 2)[0],
            row.getString(2),
            row.getLong(3),
            Instant.ofEpochSecond(row.getLong(4)));
      }
    }

    @Override
    public WalSegment begin() throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT");
        try (ResultSet row =
            statement.executeQuery("SELECT redo_wal_file FROM pg_control_checkpoint()")) {
          row.next();
          String name = row.getString(1);
          return WalSegment.parse(name)
              .orElseThrow(() -> new SQLException(name + " is no segment of 16 MiB"));
        }
      }
    }

    @Override
    public End end(long timeline) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        // Where the log is written up to: right after a switch, the end of the segment before.
        String lsn;
        Instant time;
        try (ResultSet row =
            statement.executeQuery(
                "SELECT pg_current_wal_lsn()::text,"
                    + " ceil(extract(epoch FROM clock_timestamp()))::bigint")) {
          row.next();
          lsn = row.getString(1);
          time = Instant.ofEpochSecond(row.getLong(2));
        }
        statement.execute("SELECT pg_switch_wal()");
        return new End(WalSegment.before(timeline, lsn), time);
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
