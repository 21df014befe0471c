package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** A connection of the agent's own to the database, over TLS with the server's name verified. */
final class DatabaseSession {

  private DatabaseSession() {}

  /**
   * Connects to the database that the agent was told of.
   *
   * @throws AgentException DatabaseFailed with the cause
   */
  static Connection open(AgentContext context) throws IOException {
    AgentConfig.Database target = context.config().database();
    AgentFiles files = context.files();
    Properties properties = new Properties();
    verified(
        properties,
        Files.readString(files.databasePassword()).strip(),
        Files.exists(files.databaseAuthority()) ? files.databaseAuthority().toString() : null);
    properties.setProperty("ApplicationName", "studyhub-backup");
    return connect(
        target.host(),
        target.port(),
        target.user(),
        target.database(),
        properties,
        "Nothing was written; the next run tries again");
  }

  /**
   * Has a server be verified, and logs in to it.
   *
   * @param authority a file; null for public ones
   */
  static void verified(Properties properties, String password, @Nullable String authority) {
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "verify-full");
    if (authority != null) {
      properties.setProperty("sslrootcert", authority);
    } else {
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
  }

  /**
   * Connects to a server.
   *
   * @param properties what is particular to this connection
   * @param consolation what a failure leaves, and the cure
   * @throws AgentException DatabaseFailed with the cause
   */
  static Connection connect(
      String host,
      int port,
      String user,
      String database,
      Properties properties,
      String consolation)
      throws AgentException {
    properties.setProperty("user", user);
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("PGDBNAME", database);
    properties.setProperty("PGHOST", host);
    properties.setProperty("PGPORT", String.valueOf(port));
    try {
      Connection connection = new Driver().connect("jdbc:postgresql:///", properties);
      if (connection == null) {
        throw new SQLException("the address cannot be used");
      }
      return connection;
    } catch (SQLException failed) {
      throw new AgentException(
          "DatabaseFailed",
          "the database %s:%d/%s cannot be reached as %s: %s. %s"
              .formatted(
                  host,
                  port,
                  database,
                  user,
                  String.valueOf(failed.getMessage()).lines().findFirst().orElse("no reason given"),
                  consolation),
          failed);
    }
  }
}
