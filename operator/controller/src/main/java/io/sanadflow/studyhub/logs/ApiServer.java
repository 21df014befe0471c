package io.sanadflow.studyhub.logs;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * The API server, asked with the pod's own account. A connection of the JDK's older client is a
 * thread that waits and nothing more, which is all that a few long answers need.
 */
final class ApiServer {

  /** One of these that is open, and is closed with what it has left. */
  record Answer(HttpURLConnection connection, InputStream body) implements AutoCloseable {
    @Override
    public void close() {
      // Not the stream: that would read to the end of what has none.
      connection.disconnect();
    }
  }

  private static final Duration CONNECT = Duration.ofSeconds(10);

  private static final int MOST_ERROR = 500;

  private final URI server;
  private final Path token;
  private final Optional<SSLSocketFactory> tls;
  private final String namespace;

  ApiServer(URI server, Path token, Optional<SSLSocketFactory> tls, String namespace) {
    this.server = server;
    this.token = token;
    this.tls = tls;
    this.namespace = namespace;
  }

  /**
   * The one of the cluster that this pod is in.
   *
   * @param host and port as the kubelet tells each pod
   * @param account the directory with ca.crt and token
   */
  static ApiServer ofPod(String host, String port, Path account, String namespace)
      throws IOException {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return new ApiServer(
        URI.create("https://" + name + ":" + port),
        account.resolve("token"),
        Optional.of(trusting(account.resolve("ca.crt"))),
        namespace);
  }

  private static SSLSocketFactory trusting(Path authority) throws IOException {
    try (InputStream pem = Files.newInputStream(authority)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate it : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry(String.valueOf(trusted.size()), it);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException unreadable) {
      throw new IOException(authority + ": " + unreadable.getMessage(), unreadable);
    }
  }

  /** All pods that a selector chooses. */
  Answer pods(String selector) throws IOException {
    return get("/pods?labelSelector=" + encoded(selector), Duration.ofSeconds(30));
  }

  /**
   * What happens to the pods that a selector chooses, one JSON object after the other.
   *
   * @param version of the list that was read before
   * @param time after which the server ends the answer
   */
  Answer changes(String selector, String version, Duration time) throws IOException {
    return get(
        "/pods?watch=true&allowWatchBookmarks=true&labelSelector="
            + encoded(selector)
            + "&resourceVersion="
            + encoded(version)
            + "&timeoutSeconds="
            + time.toSeconds(),
        time.plusSeconds(30));
  }

  /**
   * The lines of a container, each after the time at which it was written.
   *
   * @param previous those of the run before this one, to their end; else the answer goes on as long
   *     as the container runs
   * @param since whole seconds, which is what a kubelet is told
   * @param silence after which an answer without a line is given up
   */
  Answer log(Source source, boolean previous, Instant since, Duration silence) throws IOException {
    return get(
        "/pods/"
            + encoded(source.pod())
            + "/log?timestamps=true&container="
            + encoded(source.container())
            + "&sinceTime="
            + encoded(since.truncatedTo(ChronoUnit.SECONDS).toString())
            + (previous ? "&previous=true" : "&follow=true"),
        silence);
  }

  private Answer get(String path, Duration silence) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            server.resolve("/api/v1/namespaces/" + namespace + path).toURL().openConnection();
    if (connection instanceof HttpsURLConnection secure && tls.isPresent()) {
      secure.setSSLSocketFactory(tls.get());
    }
    connection.setConnectTimeout((int) CONNECT.toMillis());
    connection.setReadTimeout((int) silence.toMillis());
    // The kubelet renews the file long before the token ends.
    connection.setRequestProperty("Authorization", "Bearer " + Files.readString(token).strip());
    connection.setRequestProperty("Accept", "application/json, */*");
    try {
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_OK) {
        return new Answer(connection, connection.getInputStream());
      }
      throw new ApiException(status, status + said(connection));
    } catch (IOException failed) {
      connection.disconnect();
      throw failed;
    }
  }

  private static String said(HttpURLConnection connection) throws IOException {
    try (InputStream body = connection.getErrorStream()) {
      return body == null
          ? ""
          : ": " + new String(body.readNBytes(MOST_ERROR), StandardCharsets.UTF_8).strip();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
