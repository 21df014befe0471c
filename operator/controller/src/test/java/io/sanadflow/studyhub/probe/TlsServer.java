package io.sanadflow.studyhub.probe;

import io.sanadflow.studyhub.pki.Pem;
import io.sanadflow.studyhub.pki.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** A server on loopback that speaks TLS and hands each connection to a conversation. */
final class TlsServer implements AutoCloseable {

  /** What is said once a client is there. */
  interface Conversation {
    void with(Socket client) throws IOException;
  }

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final SSLServerSocket socket;
  private final Thread thread;

  TlsServer(Signed signed, String protocol, Conversation conversation)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        key(signed.privateKeyPem()),
        PASSWORD,
        Pem.certificates(signed.certificatePem()).toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    socket.setEnabledProtocols(new String[] {protocol});
    thread = new Thread(() -> serve(conversation), "tls-server");
    thread.setDaemon(true);
    thread.start();
  }

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  private void serve(Conversation conversation) {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        conversation.with(client);
      } catch (IOException gone) {
        // A client that refuses the server is what some tests are for.
      }
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
