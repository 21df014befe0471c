package io.sanadflow.studyhub.probe;

/**
 * Where and as whom to reach PostgreSQL.
 *
 * @param host address or name to connect to
 * @param port its port
 * @param trust what its certificate must be
 * @param user the role to log in as: the superuser of the hub's own server, or the one given for
 *     another
 * @param password its password
 * @param database the database to connect to first
 */
public record DatabaseTarget(
    String host, int port, TlsTrust trust, String user, String password, String database) {

  /** Leaves the password out, so that a log line cannot give it away. */
  @Override
  public String toString() {
    return "DatabaseTarget[%s@%s:%d/%s]".formatted(user, host, port, database);
  }
}
