package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** A witness that overlooks failures proves nothing, so it is tried itself. */
class LoadTest {

  @Test
  void countsAnswersAndTellsWhichWereNone() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          int status = exchange.getRequestURI().getPath().equals("/bad") ? 503 : 201;
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (Load load =
        Load.start(base, 200, Load.Request.post("/notes", "{}"), Load.Request.get("/bad"))) {
      await().until(() -> load.sent() >= 20);

      Load.Report report = load.stop();

      assertThat(report.posted()).isBetween(report.sent() / 2, report.sent() / 2 + 1);
      assertThat(report.failures())
          .hasSize(report.sent() / 2)
          .allSatisfy(it -> assertThat(it.request()).isEqualTo("GET /bad"))
          .allSatisfy(it -> assertThat(it.why()).contains("503"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void doesNotAskAgainWhenAConnectionIsClosed() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread closer =
          new Thread(
              () -> {
                try {
                  while (true) {
                    Socket socket = server.accept();
                    socket.getInputStream().read(new byte[10_000]);
                    socket.close();
                  }
                } catch (IOException ended) {
                  // The test is over.
                }
              });
      closer.start();
      URI base = URI.create("http://127.0.0.1:" + server.getLocalPort());
      try (Load load = Load.start(base, 100, Load.Request.get("/"))) {
        await().until(() -> load.sent() >= 5);

        Load.Report report = load.stop();

        assertThat(report.failures()).hasSize(report.sent());
      }
    }
  }
}
