package io.sanadflow.studyhub.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.watch.HealthAnswers;
import io.sanadflow.studyhub.watch.HubSource;
import io.sanadflow.studyhub.watch.Metrics;
import io.sanadflow.studyhub.watch.StatusSite;
import io.sanadflow.studyhub.watch.WatchedHub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointsTest {

  private static final HubSource NONE =
      new HubSource() {
        @Override
        public List<WatchedHub> all() {
          return List.of();
        }

        @Override
        public Optional<WatchedHub> find(String namespace, String name) {
          return Optional.empty();
        }

        @Override
        public boolean opens(Hub hub, String token) {
          return false;
        }
      };

  private final HttpClient client = HttpClient.newHttpClient();
  private HttpEndpoints endpoints;
  private boolean ready;

  @BeforeEach
  void start() throws IOException {
    endpoints =
        new HttpEndpoints(
            0,
            0,
            () -> true,
            () -> ready,
            new Metrics(NONE),
            new HealthAnswers(NONE, Clock.systemUTC()),
            new StatusSite(NONE, Clock.systemUTC()));
    endpoints.start();
  }

  @AfterEach
  void stop() {
    endpoints.close();
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void bothPortsTellWhetherTheOperatorIsWell() throws Exception {
    for (int port : new int[] {endpoints.port(), endpoints.probePort()}) {
      assertThat(get(port, "/healthz").statusCode()).isEqualTo(200);
      ready = false;
      assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
      ready = true;
      assertThat(get(port, "/readyz").statusCode()).isEqualTo(200);
      assertThat(get(port, "/healthz/x").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void figuresAreForEverybodyAndNotOnTheKubeletsPort() throws Exception {
    HttpResponse<String> figures = get(endpoints.port(), "/metrics");
    assertThat(figures.statusCode()).isEqualTo(200);
    assertThat(figures.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(figures.body()).contains("studyhub_hubs 0.0");
    assertThat(get(endpoints.probePort(), "/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  void thePageIsServedWithItsPolicyAndOnlyWhenItIsNew() throws Exception {
    HttpResponse<String> page = get(endpoints.port(), "/status");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "style-src 'self'");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    HttpResponse<String> again =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoints.port() + "/status"))
                .header("If-None-Match", page.headers().firstValue("ETag").orElseThrow())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(get(endpoints.port(), "/").headers().firstValue("Location")).contains("/status");
    assertThat(get(endpoints.port(), "/status/study/pilot/badge.svg").statusCode()).isEqualTo(404);
    assertThat(get(endpoints.port(), "/hubs/study/pilot/health").statusCode()).isEqualTo(404);
    assertThat(get(endpoints.port(), "/hubs/study").statusCode()).isEqualTo(404);
    HttpResponse<String> posted =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoints.port() + "/status"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(posted.statusCode()).isEqualTo(405);
  }

  @Test
  void slowClientsKeepTheKubeletFromNothing() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoints.port());
        socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.UTF_8));
        slow.add(socket);
      }
      long start = System.nanoTime();
      assertThat(get(endpoints.probePort(), "/healthz").statusCode()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      // The others' requests are over after five seconds each, so this one is answered too.
      assertThat(answeredWithin(Duration.ofSeconds(60))).isTrue();
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private boolean answeredWithin(Duration limit) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoints.port() + "/healthz"))
            .timeout(limit)
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
  }
}
