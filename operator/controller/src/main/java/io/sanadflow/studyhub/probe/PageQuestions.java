package io.sanadflow.studyhub.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Gets pages; no connection is kept. */
final class PageQuestions {

  private static final int DETAIL_LENGTH = 300;

  private final Duration patience;

  PageQuestions(Duration patience) {
    this.patience = patience;
  }

  HttpFacts get(String what, URI uri) throws ProbeException {
    try {
      return get(uri);
    } catch (IOException failed) {
      throw told(what, failed);
    }
  }

  /** By the name that people use, which may not be known here. */
  Optional<HttpFacts> getByName(URI uri) throws ProbeException {
    String what = "https".equals(uri.getScheme()) ? uri.getHost() + " (TLS)" : uri.getHost();
    try {
      return Optional.of(get(uri));
    } catch (UnknownHostException elsewhere) {
      return Optional.empty();
    } catch (SSLException refused) {
      if (causedBy(refused, CertificateExpiredException.class)) {
        throw new ProbeException(what + ": its certificate has ended");
      }
      if (causedBy(refused, CertPathBuilderException.class)) {
        // Of a private authority, which the people who come may well know.
        return Optional.empty();
      }
      throw told(what, refused);
    } catch (IOException failed) {
      throw told(what, failed);
    }
  }

  private ProbeException told(String what, IOException failed) {
    String why =
        failed instanceof ConnectException
            ? "the connection is refused"
            : failed instanceof SocketTimeoutException
                ? "no answer in " + patience.toSeconds() + " seconds"
                : failed.getMessage();
    return new ProbeException(what + ": " + why);
  }

  private static boolean causedBy(Throwable failed, Class<? extends Throwable> type) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private HttpFacts get(URI uri) throws IOException {
    long start = System.nanoTime();
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    try {
      connection.setConnectTimeout((int) patience.toMillis());
      connection.setReadTimeout((int) patience.toMillis());
      connection.setRequestProperty("Connection", "close");
      connection.setRequestProperty("User-Agent", "studyhub-operator");
      int status = connection.getResponseCode();
      boolean ok = status < 400;
      String detail = ok ? "" : body(connection.getErrorStream());
      return new HttpFacts(ok, status, detail, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      connection.disconnect();
    }
  }

  private static String body(InputStream stream) throws IOException {
    if (stream == null) {
      return "";
    }
    try (stream) {
      return new String(stream.readNBytes(DETAIL_LENGTH), StandardCharsets.UTF_8).strip();
    }
  }
}
