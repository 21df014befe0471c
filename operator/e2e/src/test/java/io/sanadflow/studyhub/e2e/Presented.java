package io.sanadflow.studyhub.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Which certificate a server in a pod presents, whoever has signed it. */
final class Presented {

  /** What a client of PostgreSQL says before TLS: eight bytes, and this code. */
  private static final int SSL_REQUEST = 80877103;

  private Presented() {}

  /**
   * The serial number.
   *
   * @param postgres whether the port speaks PostgreSQL's protocol, as PgBouncer does too
   */
  static BigInteger by(Cluster cluster, Pod pod, int port, boolean postgres) {
    try (LocalPortForward forward =
            cluster
                .client()
                .pods()
                .inNamespace(cluster.namespace())
                .withName(pod.getMetadata().getName())
                .portForward(port);
        Socket plain = new Socket("127.0.0.1", forward.getLocalPort())) {
      plain.setSoTimeout(10_000);
      if (postgres) {
        plain.getOutputStream().write(ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).array());
        if (plain.getInputStream().read() != 'S') {
          throw new IOException(pod.getMetadata().getName() + " does not speak TLS");
        }
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anyone()}, null);
      try (SSLSocket secure =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true)) {
        secure.startHandshake();
        var chain = secure.getSession().getPeerCertificates();
        return ((X509Certificate) chain[0]).getSerialNumber();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** It is looked at, not trusted: no word is said over the connection. */
  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("no client is asked");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // Whose it is, is what the test finds out.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
