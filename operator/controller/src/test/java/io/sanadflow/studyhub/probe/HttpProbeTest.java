package io.sanadflow.studyhub.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions to the app's health path. */
class HttpProbeTest {

  private final NetworkProbe probe = new NetworkProbe();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI page(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/api/health",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/health");
  }

  @Test
  void whatIsWellSaysNoMore() throws Exception {
    HttpFacts facts = probe.http(page(200, "{\"ok\":true}"));
    assertThat(facts.ok()).isTrue();
    assertThat(facts.status()).isEqualTo(200);
    assertThat(facts.detail()).isEmpty();
    assertThat(facts.latency()).isPositive();
  }

  @Test
  void whatIsNotWellSaysWhy() throws Exception {
    HttpFacts facts = probe.http(page(503, "  database: no answer\n"));
    assertThat(facts.ok()).isFalse();
    assertThat(facts.status()).isEqualTo(503);
    assertThat(facts.detail()).isEqualTo("database: no answer");
  }

  @Test
  void aLongReasonIsCut() throws Exception {
    assertThat(probe.http(page(500, "x".repeat(5000))).detail()).hasSize(300);
  }

  @Test
  void aReasonMayBeMissing() throws Exception {
    assertThat(probe.http(page(404, "")).detail()).isEmpty();
  }

  @Test
  void nobodyThereIsRefused() {
    URI uri = page(200, "");
    server.stop(0);
    assertThatThrownBy(() -> probe.http(uri))
        .isInstanceOf(ProbeException.class)
        .hasMessage("the app: the connection is refused");
  }
}
