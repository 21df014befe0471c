package io.sanadflow.studyhub.probe;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/** One connection over TLS 1.3 to a PostgreSQL or a PgBouncer, with errors for people. */
final class SqlConnection implements AutoCloseable {

  private final Connection connection;
  private final ServerTrust trust;
  private final String what;

  private SqlConnection(Connection connection, ServerTrust trust, String what) {
    this.connection = connection;
    this.trust = trust;
    this.what = what;
  }

  /**
   * Connects.
   *
   * @param what the server, as messages call it
   * @param patience the longest that one answer may take
   */
  static SqlConnection open(
      String what,
      String host,
      int port,
      TlsTrust trusted,
      String user,
      String password,
      String database,
      Duration patience)
      throws ProbeException {
    ServerTrust trust = new ServerTrust(trusted);
    String ticket = TrustedSocketFactory.leave(trust);
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "require");
    properties.setProperty("sslfactory", TrustedSocketFactory.class.getName());
    properties.setProperty(TrustedSocketFactory.PROPERTY, ticket);
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("ApplicationName", "studyhub-operator");
    // PgBouncer's console knows simple queries alone, and no SET after the start.
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "9.0");
    properties.setProperty("connectTimeout", "3");
    properties.setProperty("socketTimeout", String.valueOf(patience.toSeconds()));
    String address = host.contains(":") ? "[" + host + "]" : host;
    try {
      Connection connection =
          new Driver()
              .connect(
                  "jdbc:postgresql://" + address + ":" + port + "/" + encoded(database),
                  properties);
      if (connection == null) {
        throw new ProbeException(what + ": the address cannot be used");
      }
      return new SqlConnection(connection, trust, what);
    } catch (SQLException failed) {
      throw new ProbeException(what + ": " + words(failed, user, database));
    } finally {
      TrustedSocketFactory.take(ticket);
    }
  }

  private static String encoded(String database) {
    return URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  Optional<Served> served() {
    return trust.served();
  }

  /** A row to look at. */
  interface Row {
    void read(ResultSet row) throws SQLException;
  }

  /** Asks, and hands each row over. */
  void query(String sql, Row each) throws ProbeException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        each.read(rows);
      }
    } catch (SQLException failed) {
      throw new ProbeException(what + ": " + words(failed, "", ""));
    }
  }

  /** The first column of the first row. */
  Optional<String> value(String sql) throws ProbeException {
    String[] found = new String[1];
    query(
        sql,
        row -> {
          if (found[0] == null) {
            found[0] = row.getString(1);
          }
        });
    return Optional.ofNullable(found[0]);
  }

  /** Does something; its text is never part of a message, since it may hold a verifier. */
  void run(String sql) throws ProbeException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new ProbeException(what + ": " + words(failed, "", ""));
    }
  }

  /** Does something, and does not wait longer than this for its end. */
  void runWithin(String sql, Duration limit) throws ProbeException {
    try (Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
      statement.execute(sql);
    } catch (SQLException failed) {
      for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
        if (cause instanceof SocketTimeoutException) {
          return;
        }
      }
      throw new ProbeException(what + ": " + words(failed, "", ""));
    }
  }

  private static String words(SQLException failed, String user, String database) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException certificate) {
        return "TLS: " + certificate.getMessage();
      }
      if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
        return "the connection is refused";
      }
      if (cause instanceof SocketTimeoutException) {
        return "no answer in time";
      }
      if (cause instanceof UnknownHostException) {
        return "there is no host " + cause.getMessage();
      }
    }
    String state = String.valueOf(failed.getSQLState());
    return switch (state) {
      case "28P01", "28000" -> "role " + user + " is refused: " + first(failed);
      case "3D000" -> "there is no database " + database;
      case "57P03" -> "it starts up";
      default -> first(failed);
    };
  }

  private static String first(SQLException failed) {
    return String.valueOf(failed.getMessage()).lines().findFirst().orElse("no reason given");
  }

  /** A text as a literal of SQL. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A name as an identifier of SQL. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
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
