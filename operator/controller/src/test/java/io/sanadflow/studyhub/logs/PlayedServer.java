package io.sanadflow.studyhub.logs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An API server over real HTTP, as far as pods and their logs go: lists, watches, streams that
 * follow a container until it ends, whole seconds in sinceTime. Streams can be cut in the middle of
 * a line.
 */
final class PlayedServer implements AutoCloseable {

  static final String TOKEN = "the-token";

  /** A container's runs, each a list of lines with their times. */
  private static final class Played {
    final String uid;
    final List<List<String>> runs = new ArrayList<>();
    boolean ended;

    Played(String uid) {
      this.uid = uid;
      runs.add(new ArrayList<>());
    }
  }

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Played> pods = new LinkedHashMap<>();
  private final List<String> events = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private int cuts;
  private boolean closed;

  PlayedServer() throws IOException {
    http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    http.createContext("/", this::answer);
    http.setExecutor(threads);
    http.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** A pod with one container, {@code app}. */
  synchronized void start(String pod, String uid) {
    pods.put(pod, new Played(uid));
    event("ADDED", pod);
  }

  /** The pod ends and is no more. */
  synchronized void delete(String pod) {
    pods.get(pod).ended = true;
    event("DELETED", pod);
    pods.remove(pod);
  }

  /** The container crashes, and runs again. */
  synchronized void restart(String pod) {
    pods.get(pod).runs.add(new ArrayList<>());
    event("MODIFIED", pod);
  }

  synchronized void say(String pod, Instant time, String text) {
    Played played = pods.get(pod);
    played.runs.get(played.runs.size() - 1).add(time + " " + text + "\n");
    notifyAll();
  }

  /** Ends all streams of lines at once, wherever they are. */
  synchronized void cut() {
    cuts++;
    notifyAll();
  }

  private void event(String type, String pod) {
    events.add("{\"type\":\"%s\",\"object\":%s}\n".formatted(type, json(pod, events.size() + 1)));
    notifyAll();
  }

  private String json(String name, int version) {
    Played pod = pods.get(name);
    return """
        {"metadata":{"name":"%s","uid":"%s","resourceVersion":"%d",
         "labels":{"app.kubernetes.io/component":"app"}},"spec":{"containers":[{"name":"app"}]},
         "status":{"containerStatuses":[{"name":"app","restartCount":%d,"state":{"running":{}}}]}}"""
        .formatted(name, pod.uid, version, pod.runs.size() - 1)
        .replace("\n", "");
  }

  private void answer(HttpExchange exchange) {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query =
          URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
      synchronized (this) {
        requests.add(path + "?" + query);
      }
      if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
      } else if (path.endsWith("/log")) {
        lines(exchange, path.split("/")[6], query);
      } else if (query.contains("watch=true")) {
        watch(exchange, Integer.parseInt(query.replaceAll(".*resourceVersion=(\\d+).*", "$1")));
      } else {
        list(exchange);
      }
    } catch (IOException gone) {
      // The reader has closed it.
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    byte[] body;
    synchronized (this) {
      List<String> items = pods.keySet().stream().map(it -> json(it, events.size())).toList();
      body =
          ("{\"metadata\":{\"resourceVersion\":\"%d\"},\"items\":[%s]}"
                  .formatted(events.size(), String.join(",", items)))
              .getBytes(StandardCharsets.UTF_8);
    }
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private void watch(HttpExchange exchange, int from) throws IOException, InterruptedException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    int next = from;
    while (true) {
      String event;
      synchronized (this) {
        while (events.size() == next && !closed) {
          wait();
        }
        if (closed) {
          return;
        }
        event = events.get(next++);
      }
      out.write(event.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private void lines(HttpExchange exchange, String name, String query)
      throws IOException, InterruptedException {
    Played pod;
    List<String> run;
    int before;
    synchronized (this) {
      pod = pods.get(name);
      boolean previous = query.contains("previous=true");
      if (pod == null || (previous && pod.runs.size() < 2)) {
        exchange.sendResponseHeaders(pod == null ? 404 : 400, -1);
        return;
      }
      run = pod.runs.get(pod.runs.size() - (previous ? 2 : 1));
      before = cuts;
    }
    Instant since = Instant.parse(query.replaceAll(".*sinceTime=([^&]*).*", "$1"));
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    int next = 0;
    while (true) {
      String line;
      synchronized (this) {
        while (run.size() == next && cuts == before && !closed && !over(pod, run)) {
          wait();
        }
        if (run.size() == next && cuts == before) {
          return;
        }
        if (cuts != before) {
          // Half a line more, which the other side must not take for one.
          out.write("2026-11-25T20:00:0".getBytes(StandardCharsets.UTF_8));
          return;
        }
        line = run.get(next++);
      }
      if (!Instant.parse(line.substring(0, line.indexOf(' '))).isBefore(since)) {
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    }
  }

  private static boolean over(Played pod, List<String> run) {
    return pod.ended || pod.runs.get(pod.runs.size() - 1) != run;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      cuts++;
      notifyAll();
    }
    http.stop(0);
    threads.shutdownNow();
  }
}
