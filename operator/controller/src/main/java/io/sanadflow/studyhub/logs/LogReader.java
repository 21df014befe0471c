package io.sanadflow.studyhub.logs;

import com.sun.net.httpserver.HttpServer;
import io.sanadflow.studyhub.backup.LogsConfig;
import io.sanadflow.studyhub.backup.ReportCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The reader: a thread for each container, one for the pods, and one for what comes of it. */
public final class LogReader implements AutoCloseable {

  /** What is read of containers that were there before the first reader of this pod. */
  private static final Duration BEFORE = Duration.ofMinutes(10);

  private static final Duration BETWEEN_FIGURES = Duration.ofSeconds(5);

  private final ApiServer server;
  private final LineFiles files;
  private final LineFiles.Known known;
  private final Delivery delivery;
  private final Clock clock;
  private final Consumer<String> log;
  private final Map<Source, Follower> followers = new HashMap<>();
  private final Map<Source, Position> positions;
  private final Pause pause = new Pause(Duration.ofSeconds(10));
  private final Pause figures = new Pause(BETWEEN_FIGURES);
  private final PodWatch watch;
  private final Instant begun;

  private LogReader(
      ApiServer server,
      String selector,
      Path directory,
      long mostBytes,
      Clock clock,
      Consumer<String> log)
      throws IOException {
    this.server = server;
    this.clock = clock;
    this.log = log;
    this.begun = clock.instant();
    this.delivery = new Delivery(begun);
    this.known = LineFiles.known(directory);
    this.positions = new HashMap<>(known.positions());
    this.files = new LineFiles(directory, mostBytes, clock, delivery::keepsUp);
    this.watch = new PodWatch(server, selector, this::containers, pause, log);
  }

  /** Reads until the process is told to stop. Exits with 1 if it cannot start. */
  public static void main(String[] arguments) {
    Consumer<String> log =
        it -> System.out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + it);
    try {
      Map<String, String> environment = System.getenv();
      LogsConfig config = ReportCodec.told(environment, LogsConfig.VARIABLE, LogsConfig.class);
      ApiServer server =
          ApiServer.ofPod(
              environment.getOrDefault("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc"),
              environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"),
              Path.of(LogsConfig.ACCOUNT),
              config.namespace());
      LogReader reader =
          start(
              server,
              config.selector(),
              Path.of(LogsConfig.LINES),
              LogsConfig.MOST_BYTES,
              Clock.systemUTC(),
              log);
      reader.answer(LogsConfig.PORT);
      new Thread(reader::measure, "figures").start();
      Runtime.getRuntime().addShutdownHook(new Thread(reader::close, "stop"));
      log.accept("reads the lines of pods with " + config.selector());
    } catch (IOException | RuntimeException failed) {
      log.accept("the reader cannot start: " + failed.getMessage());
      System.exit(1);
    }
  }

  /** Starts to read. */
  static LogReader start(
      ApiServer server,
      String selector,
      Path directory,
      long mostBytes,
      Clock clock,
      Consumer<String> log)
      throws IOException {
    LogReader reader = new LogReader(server, selector, directory, mostBytes, clock, log);
    daemon(reader.watch, "pods");
    return reader;
  }

  /** A thread that waits for an answer does not keep the process. */
  private static void daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** All containers that there are. */
  private synchronized void containers(Map<Source, Integer> all) {
    if (pause.ended()) {
      return;
    }
    Iterator<Map.Entry<Source, Follower>> had = followers.entrySet().iterator();
    while (had.hasNext()) {
      Map.Entry<Source, Follower> it = had.next();
      if (!all.containsKey(it.getKey())) {
        it.getValue().leave();
        had.remove();
        positions.remove(it.getKey());
      }
    }
    all.forEach(
        (source, restarts) -> {
          Follower follower = followers.get(source);
          if (follower != null) {
            follower.restarted(restarts);
            return;
          }
          follower =
              new Follower(
                  server,
                  source,
                  restarts,
                  positions.computeIfAbsent(source, it -> new Position(start())),
                  files,
                  log);
          followers.put(source, follower);
          daemon(follower, source.pod() + "/" + source.container());
        });
  }

  private Instant start() {
    return known.since().orElse(begun.minus(BEFORE));
  }

  private void answer(int port) throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(port), 0);
    http.createContext(
        "/",
        exchange -> {
          boolean ready = exchange.getRequestURI().getPath().equals(LogsConfig.READY);
          Optional<String> trouble = ready ? trouble() : Optional.empty();
          boolean well = trouble.isEmpty();
          byte[] body = (trouble.orElse("ok") + "\n").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(well ? 200 : 503, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    http.start();
  }

  private Optional<String> trouble() {
    return watch
        .trouble()
        .or(() -> delivery.works() ? Optional.empty() : Optional.of(delivery.trouble()));
  }

  private void measure() {
    boolean worked = true;
    while (!figures.ended()) {
      delivery.update(clock.instant(), collector());
      if (worked != delivery.works()) {
        worked = delivery.works();
        log.accept(worked ? "lines arrive again" : delivery.trouble());
      }
      figures.some();
    }
  }

  private static Optional<Delivery.Figures> collector() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + LogsConfig.FIGURES + "/metrics")
                  .toURL()
                  .openConnection();
      connection.setConnectTimeout(2000);
      connection.setReadTimeout(5000);
      try (var lines =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
        return Optional.of(Delivery.Figures.parse(lines.lines()::iterator));
      }
    } catch (IOException | NumberFormatException absent) {
      return Optional.empty();
    }
  }

  /** Writes nothing more; what was written stays. */
  @Override
  public synchronized void close() {
    pause.end();
    figures.end();
    followers.values().forEach(Follower::stop);
  }
}
