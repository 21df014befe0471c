package io.sanadflow.studyhub.probe;

/**
 * Where and as whom to reach a PgBouncer.
 *
 * @param host address or name to connect to
 * @param port its port
 * @param trust what its certificate must be
 * @param database the database to ask for a row
 * @param monitorUser the role that asks it
 * @param monitorPassword its password
 * @param adminUser the user of the admin console
 * @param adminPassword its password
 */
public record PoolerTarget(
    String host,
    int port,
    TlsTrust trust,
    String database,
    String monitorUser,
    String monitorPassword,
    String adminUser,
    String adminPassword) {

  /** Leaves the passwords out, so that a log line cannot give them away. */
  @Override
  public String toString() {
    return "PoolerTarget[%s@%s:%d/%s, console %s]"
        .formatted(monitorUser, host, port, database, adminUser);
  }
}
