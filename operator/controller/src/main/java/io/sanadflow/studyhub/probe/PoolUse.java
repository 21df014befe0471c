package io.sanadflow.studyhub.probe;

import java.time.Duration;

/**
 * How a PgBouncer's pools for the hub's database are used, as SHOW POOLS tells it.
 *
 * @param clientsActive clients that have a server connection or want none at the moment
 * @param clientsWaiting clients that wait for a server connection
 * @param serversActive server connections that are lent to a client
 * @param serversIdle server connections that wait for a client
 * @param longestWait of the clients that wait
 */
public record PoolUse(
    int clientsActive,
    int clientsWaiting,
    int serversActive,
    int serversIdle,
    Duration longestWait) {

  /** No pool, as before the first client. */
  public static final PoolUse NONE = new PoolUse(0, 0, 0, 0, Duration.ZERO);

  /** Both together. */
  public PoolUse plus(PoolUse other) {
    return new PoolUse(
        clientsActive + other.clientsActive,
        clientsWaiting + other.clientsWaiting,
        serversActive + other.serversActive,
        serversIdle + other.serversIdle,
        longestWait.compareTo(other.longestWait) > 0 ? longestWait : other.longestWait);
  }
}
