package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/** A connection of the agent's own to the database, over TLS with the server's name verified. */
final class DatabaseSession {

  private DatabaseSession() {}

  /**
   * Connects.
   *
   * @throws AgentException DatabaseFailed with the cause
   */
  static Connection open(AgentContext context) throws IOException {
    AgentConfig.Database target = context.config().database();
    AgentFiles files = context.files();
    Properties properties = new Properties();
    properties.setProperty("user", target.user());
    properties.setProperty("password", Files.readString(files.databasePassword()).strip());
    properties.setProperty("sslmode", "verify-full");
    if (Files.exists(files.databaseAuthority())) {
      properties.setProperty("sslrootcert", files.databaseAuthority().toString());
    } else {
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("ApplicationName", "studyhub-backup");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("PGDBNAME", target.database());
    properties.setProperty("PGHOST", target.host());
    properties.setProperty("PGPORT", String.valueOf(target.port()));
    try {
      Connection connection = new Driver().connect("jdbc:postgresql:///", properties);
      if (connection == null) {
        throw new SQLException("the address cannot be used");
      }
      return connection;
    } catch (SQLException failed) {
      throw new AgentException(
          "DatabaseFailed",
          "the database %s:%d/%s cannot be reached as %s: %s. Nothing was written; the next run tries again"
              .formatted(
                  target.host(),
                  target.port(),
                  target.database(),
                  target.user(),
                  String.valueOf(failed.getMessage())
                      .lines()
                      .findFirst()
                      .orElse("no reason given")),
          failed);
    }
  }
}
