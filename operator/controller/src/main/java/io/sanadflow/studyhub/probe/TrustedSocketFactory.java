package io.sanadflow.studyhub.probe;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.ssl.WrappedFactory;

/**
 * How the PostgreSQL driver comes to a {@link ServerTrust}: it makes its socket factory by name
 * from the connection's properties, one of which tells the trust that was left here for it.
 */
public final class TrustedSocketFactory extends WrappedFactory {

  /** The property of a connection that tells the trust. */
  static final String PROPERTY = "studyhubTrust";

  private static final Map<String, ServerTrust> LEFT = new ConcurrentHashMap<>();

  private static final AtomicLong NUMBER = new AtomicLong();

  /** For the driver. */
  public TrustedSocketFactory(Properties properties) throws ProbeException {
    ServerTrust trust = LEFT.get(properties.getProperty(PROPERTY, ""));
    if (trust == null) {
      throw new ProbeException("a connection without a trust");
    }
    factory = trust.sockets();
  }

  /** Leaves a trust for one connection; its ticket is the value of {@link #PROPERTY}. */
  static String leave(ServerTrust trust) {
    String ticket = String.valueOf(NUMBER.incrementAndGet());
    LEFT.put(ticket, trust);
    return ticket;
  }

  /** Takes it away once the connection is made. */
  static void take(String ticket) {
    LEFT.remove(ticket);
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return ServerTrust.secured(factory, plain, host, port);
  }
}
