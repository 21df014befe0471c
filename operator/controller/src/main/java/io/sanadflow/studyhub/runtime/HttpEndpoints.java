package io.sanadflow.studyhub.runtime;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sanadflow.studyhub.watch.HealthAnswers;
import io.sanadflow.studyhub.watch.Metrics;
import io.sanadflow.studyhub.watch.StatusSite;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern HEALTH = Pattern.compile("/hubs/([^/]+)/([^/]+)/health");

  private static final Set<String> READING = Set.of("GET", "HEAD");

  private static final String BEARER = "Bearer ";

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
      int port,
      int probePort,
      BooleanSupplier alive,
      BooleanSupplier ready,
      Metrics metrics,
      HealthAnswers health,
      StatusSite site)
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
    open.createContext("/", exchange -> site(exchange, site));
    open.createContext("/hubs/", exchange -> health(exchange, health));
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

  private static void health(HttpExchange exchange, HealthAnswers health) throws IOException {
    try (exchange) {
      Matcher hub = HEALTH.matcher(exchange.getRequestURI().getPath());
      if (!hub.matches()) {
        text(exchange, 404, "not found; /hubs/NAMESPACE/NAME/health is what there is\n");
      } else if (!READING.contains(exchange.getRequestMethod())) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        text(exchange, 405, "GET or HEAD only\n");
      } else {
        Optional<String> token =
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .filter(it -> it.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(it -> it.substring(BEARER.length()).strip());
        HealthAnswers.Reply reply = health.answer(hub.group(1), hub.group(2), token);
        if (reply.code() == 401) {
          exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        }
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        send(exchange, reply.code(), "application/json", reply.body());
      }
    }
  }

  private static void site(HttpExchange exchange, StatusSite site) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Security-Policy", StatusSite.POLICY);
      headers.set("Referrer-Policy", "no-referrer");
      if (!READING.contains(exchange.getRequestMethod())) {
        headers.set("Allow", "GET, HEAD");
        text(exchange, 405, "GET or HEAD only\n");
        return;
      }
      if (path.equals("/")) {
        headers.set("Location", "/status");
        text(exchange, 302, "/status\n");
        return;
      }
      Optional<StatusSite.Page> page = site.page(path);
      if (page.isEmpty()) {
        text(exchange, 404, "not found\n");
        return;
      }
      headers.set("Cache-Control", "public, max-age=" + StatusSite.FRESH.toSeconds());
      headers.set("ETag", page.get().tag());
      if (page.get().tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
      send(exchange, 200, page.get().type(), page.get().body());
    }
  }

  private static void text(HttpExchange exchange, int status, String text) throws IOException {
    send(exchange, status, "text/plain; charset=utf-8", text);
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
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
