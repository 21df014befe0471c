package io.sanadflow.studyhub.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests to a web server at a steady rate, in threads of its own, and a record of each that
 * failed.
 *
 * <p>Each request has a connection of its own and is sent once, over a plain socket: HTTP clients
 * send a request again when a connection ends before the answer, and so hide what is looked for.
 */
final class Load implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** A request; {@code body} is JSON, or empty for none. */
  record Request(String method, String path, String body) {

    static Request get(String path) {
      return new Request("GET", path, "");
    }

    static Request post(String path, String body) {
      return new Request("POST", path, body);
    }
  }

  /** A request without an answer of 2xx. */
  record Failure(Instant at, String request, String why) {}

  /**
   * What happened.
   *
   * @param sent requests sent
   * @param posted POSTs that were answered with 2xx
   * @param slowest the longest time from connecting to the last byte
   */
  record Report(int sent, int posted, Duration slowest, List<Failure> failures) {}

  private final URI base;
  private final List<Request> turns;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService senders = Executors.newCachedThreadPool();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger posted = new AtomicInteger();
  private final AtomicLong slowest = new AtomicLong();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

  private Load(URI base, List<Request> turns) {
    this.base = base;
    this.turns = turns;
  }

  /** Starts sending {@code turns}, one after the other and over again. */
  static Load start(URI base, int perSecond, Request... turns) {
    Load load = new Load(base, List.of(turns));
    load.clock.scheduleAtFixedRate(
        () -> {
          Request request = load.turns.get(load.sent.getAndIncrement() % load.turns.size());
          load.senders.execute(() -> load.send(request));
        },
        0,
        1_000_000L / perSecond,
        TimeUnit.MICROSECONDS);
    return load;
  }

  /** How many requests were sent by now. */
  int sent() {
    return sent.get();
  }

  /** Stops, waits for the answers that are due, and tells. */
  Report stop() {
    clock.shutdown();
    try {
      clock.awaitTermination(1, TimeUnit.SECONDS);
      senders.shutdown();
      if (!senders.awaitTermination(PATIENCE.toSeconds() + 1, TimeUnit.SECONDS)) {
        failures.add(new Failure(Instant.now(), "the last requests", "no end of the answer"));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return new Report(
        sent.get(), posted.get(), Duration.ofNanos(slowest.get()), List.copyOf(failures));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    senders.shutdownNow();
  }

  private void send(Request request) {
    Instant at = Instant.now();
    long start = System.nanoTime();
    try {
      String status = exchange(request);
      if (!status.matches("HTTP/1\\.[01] 2\\d\\d.*")) {
        fail(at, request, status);
      } else if (request.method().equals("POST")) {
        posted.incrementAndGet();
      }
    } catch (IOException failed) {
      fail(at, request, failed.toString());
    }
    slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
  }

  private void fail(Instant at, Request request, String why) {
    failures.add(new Failure(at, request.method() + " " + request.path(), why));
  }

  /** The first line of the answer, once all of it has come. */
  private String exchange(Request request) throws IOException {
    byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
    String head =
        request.method()
            + " "
            + base.getRawPath()
            + request.path()
            + " HTTP/1.1\r\nHost: "
            + base.getAuthority()
            + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    try (Socket socket = new Socket()) {
      int patience = (int) PATIENCE.toMillis();
      socket.setSoTimeout(patience);
      socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), patience);
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n");
      if (end < 0) {
        throw new IOException("the connection ended before an answer");
      }
      return answer.substring(0, end);
    }
  }
}
