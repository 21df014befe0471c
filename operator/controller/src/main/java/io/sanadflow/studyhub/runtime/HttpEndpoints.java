package io.sanadflow.studyhub.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sanadflow.studyhub.watch.Metrics;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What the operator serves over HTTP, on two ports: one for everybody, and one for the kubelet's
 * probes alone, which no client of the first can keep waiting.
 */
final class HttpEndpoints implements AutoCloseable {

  static {
    // Read once by the JDK's server. Seconds for a request to arrive and for an answer to be taken;
    // connections that are open at once; one that is idle is closed.
    for (String[] setting :
        new String[][] {
          {"sun.net.httpserver.maxReqTime", "5"},
          {"sun.net.httpserver.maxRspTime", "20"},
          {"sun.net.httpserver.idleInterval", "15"},
          {"sun.net.httpserver.maxIdleConnections", "20"},
          {"sun.net.httpserver.maxReqHeaders", "50"},
          {"sun.net.httpserver.maxReqHeaderSize", "16384"},
          {"jdk.httpserver.maxConnections", "200"},
        }) {
      if (System.getProperty(setting[0]) == null) {
        System.setProperty(setting[0], setting[1]);
      }
    }
  }

  /** Threads for everybody; each waits for its client, so there are some more than cores. */
  private static final int THREADS = 8;

  /** Requests that may wait for a thread; further ones are closed. */
  private static final int QUEUE = 64;

  private final HttpServer open;
  private final HttpServer probes;
  private final ThreadPoolExecutor openThreads;
  private final ThreadPoolExecutor probeThreads;

  /**
   * Binds the ports; nothing is answered yet.
   *
   * @param port for everybody; 0 takes any free one
   * @param probePort for the kubelet; 0 takes any free one
   * @throws IOException if one is taken
   */
  HttpEndpoints(
      int port, int probePort, BooleanSupplier alive, BooleanSupplier ready, Metrics metrics)
      throws IOException {
    open = HttpServer.create(new InetSocketAddress(port), QUEUE);
    probes = HttpServer.create(new InetSocketAddress(probePort), QUEUE);
    openThreads = threads("http", THREADS);
    probeThreads = threads("http-probes", 1);
    open.setExecutor(openThreads);
    probes.setExecutor(probeThreads);
    for (HttpServer server : new HttpServer[] {open, probes}) {
      server.createContext("/healthz", exchange -> probe(exchange, "/healthz", alive));
      server.createContext("/readyz", exchange -> probe(exchange, "/readyz", ready));
    }
    open.createContext("/metrics", exchange -> metrics(exchange, metrics));
  }

  private static ThreadPoolExecutor threads(String name, int most) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            most,
            most,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            },
            // Its connection is closed when the time for a request is over.
            new ThreadPoolExecutor.DiscardPolicy());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  void start() {
    probes.start();
    open.start();
  }

  /** The port for everybody. */
  int port() {
    return open.getAddress().getPort();
  }

  /** The port for the kubelet. */
  int probePort() {
    return probes.getAddress().getPort();
  }

  private static void probe(HttpExchange exchange, String path, BooleanSupplier well)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(path)) {
        text(exchange, 404, "not found\n");
        return;
      }
      boolean ok = well.getAsBoolean();
      text(exchange, ok ? 200 : 503, ok ? "ok\n" : "not ok\n");
    }
  }

  private static void metrics(HttpExchange exchange, Metrics metrics) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/metrics")) {
        text(exchange, 404, "not found\n");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET");
        text(exchange, 405, "GET only\n");
      } else {
        exchange.getResponseHeaders().set("Content-Type", Metrics.CONTENT_TYPE);
        exchange.sendResponseHeaders(200, 0);
        try (BufferedOutputStream out = new BufferedOutputStream(exchange.getResponseBody())) {
          metrics.write(out);
        }
      }
    }
  }

  private static void text(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    open.stop(0);
    probes.stop(0);
    openThreads.shutdownNow();
    probeThreads.shutdownNow();
  }
}
