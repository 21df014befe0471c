package io.sanadflow.studyhub.probe;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts one server: its certificate must be of the given authorities and for the given name, which
 * is not the address that is connected to. Remembers what the server presented.
 */
final class ServerTrust extends X509ExtendedTrustManager {

  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  private final X509TrustManager chains;
  private final String serverName;
  private volatile Optional<Served> served = Optional.empty();

  /** For one connection; an empty authority stands for the JDK's own. */
  ServerTrust(TlsTrust trust) throws ProbeException {
    serverName = trust.serverName();
    try {
      chains =
          Authorities.manager(
              trust.authorityPem().isBlank() ? null : Authorities.keyStore(trust.authorityPem()));
    } catch (GeneralSecurityException | IOException unreadable) {
      throw new ProbeException(
          "the authority of " + serverName + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** Makes sockets that speak TLS 1.3 and nothing else. */
  SSLSocketFactory sockets() throws ProbeException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException impossible) {
      throw new ProbeException("this JVM has no TLS: " + impossible.getMessage());
    }
  }

  /** Turns a connection into one of TLS 1.3. */
  static Socket secured(SSLSocketFactory factory, Socket plain, String host, int port)
      throws IOException {
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
    socket.setEnabledProtocols(new String[] {"TLSv1.3"});
    return socket;
  }

  /** What the server presented. */
  Optional<Served> served() {
    return served;
  }

  private void check(X509Certificate[] chain, String type) throws CertificateException {
    served =
        Optional.of(new Served(chain[0].getSerialNumber(), chain[0].getNotAfter().toInstant()));
    chains.checkServerTrusted(chain, type);
    Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
    boolean named =
        names != null
            && names.stream()
                .filter(it -> it.get(0).equals(DNS_NAME) || it.get(0).equals(IP_ADDRESS))
                .anyMatch(it -> matches(String.valueOf(it.get(1))));
    if (!named) {
      throw new CertificateException(
          "its certificate is not for " + serverName + " but for " + names);
    }
  }

  private boolean matches(String name) {
    if (name.startsWith("*.")) {
      int dot = serverName.indexOf('.');
      return dot > 0 && serverName.substring(dot + 1).equalsIgnoreCase(name.substring(2));
    }
    return serverName.equalsIgnoreCase(name);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("no clients here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
