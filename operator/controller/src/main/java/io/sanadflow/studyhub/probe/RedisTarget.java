package io.sanadflow.studyhub.probe;

/**
 * Where to reach Redis.
 *
 * @param host address or name to connect to
 * @param port its TLS port
 * @param trust what its certificate must be
 * @param password of the default user
 */
public record RedisTarget(String host, int port, TlsTrust trust, String password) {

  /** Leaves the password out, so that a log line cannot give it away. */
  @Override
  public String toString() {
    return "RedisTarget[%s:%d]".formatted(host, port);
  }
}
