package io.sanadflow.studyhub.gateway;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.GatewayConfig;
import io.sanadflow.studyhub.pki.Authority;
import io.sanadflow.studyhub.pki.Signed;
import io.sanadflow.studyhub.store.RangeStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A gateway that serves, and a client that trusts it. */
final class Served implements AutoCloseable {

  private static final Signed AUTHORITY =
      Authority.newAuthority("test", Instant.now(), Duration.ofDays(1));

  final Path media;
  final List<String> log = new CopyOnWriteArrayList<>();
  final SSLContext trust;
  final HttpClient http;
  private final Gateway gateway;

  /**
   * Starts one.
   *
   * @param directory of the test's own
   * @param prefix of the bucket
   * @param key what requests must be signed with
   */
  Served(Path directory, RangeStore store, String prefix, Optional<String> key) throws Exception {
    media = Files.createDirectories(directory.resolve("media"));
    Signed server =
        Authority.issue(
            AUTHORITY,
            "localhost",
            List.of("localhost"),
            List.of(),
            Instant.now(),
            Duration.ofDays(1));
    Files.writeString(directory.resolve("tls.crt"), server.certificatePem());
    Files.writeString(directory.resolve("tls.key"), server.privateKeyPem());
    trust = trust();
    http = HttpClient.newBuilder().sslContext(trust).version(HttpClient.Version.HTTP_1_1).build();
    gateway =
        Gateway.start(
            new GatewayConfig(
                media.toString(),
                new AgentConfig.Bucket("https://r2", "auto", "media", prefix, false),
                false,
                key.isPresent(),
                3600),
            0,
            Certificates.read(directory),
            key,
            store,
            Clock.systemUTC(),
            log::add);
  }

  private static SSLContext trust() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "authority",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    AUTHORITY.certificatePem().getBytes(StandardCharsets.UTF_8))));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  int port() {
    return gateway.port();
  }

  URI uri(String path) {
    return URI.create("https://localhost:" + port() + path);
  }

  HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    return ask("GET", path, headers);
  }

  HttpResponse<byte[]> ask(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(40))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Override
  public void close() {
    gateway.close();
  }
}
