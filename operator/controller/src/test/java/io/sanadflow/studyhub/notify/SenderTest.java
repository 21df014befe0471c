package io.sanadflow.studyhub.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderTest {

  private record Request(String path, String body, Map<String, List<String>> headers, long nanos) {}

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Sender.Result> results = new CopyOnWriteArrayList<>();
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private Sender sender;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
    sender = new Sender(Clock.systemUTC(), Duration.ofSeconds(2), Duration.ofMillis(300));
  }

  @AfterEach
  void stop() {
    sender.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        new Request(
            exchange.getRequestMethod() + " " + exchange.getRequestURI(),
            body,
            Map.copyOf(exchange.getRequestHeaders()),
            System.nanoTime()));
    Integer status = answers.poll();
    if (status != null && status == 0) {
      // Breaks the connection without an answer.
      exchange.close();
      return;
    }
    if (status != null && status == 429) {
      exchange.getResponseHeaders().add("Retry-After", "2");
    }
    exchange.sendResponseHeaders(status == null ? 200 : status, -1);
    exchange.close();
  }

  private Delivery delivery(String key, String id, String path) {
    return at(key, id, "http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static Delivery at(String key, String id, String uri) {
    return new Delivery(
        key,
        id,
        "1",
        new Destination(URI.create(uri), Optional.empty()),
        Map.of("Idempotency-Key", id),
        Optional.of(("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)));
  }

  private void awaitTaken(String id) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> results.stream().anyMatch(it -> it.id().equals(id) && it.failure().isEmpty()));
  }

  @Test
  void sendsOnce() {
    sender.offer(delivery("hub slack", "a", "/one"), results::add);

    awaitTaken("a");
    assertThat(requests).singleElement().extracting(Request::body).isEqualTo("{\"id\":\"a\"}");
    assertThat(requests.get(0).path()).isEqualTo("POST /one");
    assertThat(requests.get(0).headers())
        .containsEntry("Idempotency-key", List.of("a"))
        .containsEntry("Content-type", List.of("application/json; charset=utf-8"));
    assertThat(sender.underWay("hub slack")).isEmpty();
  }

  @Test
  void triesAgainWithTheSameIdUntilItIsTaken() {
    answers.addAll(List.of(500, 404));

    sender.offer(delivery("hub slack", "a", "/one"), results::add);

    awaitTaken("a");
    assertThat(results).extracting(Sender.Result::attempt).containsExactly(1, 2, 3);
    assertThat(results)
        .extracting(it -> it.failure().orElse(""))
        .containsExactly("answers 500", "answers 404", "");
    assertThat(requests).hasSize(3).extracting(Request::body).containsOnly("{\"id\":\"a\"}");
    // Twice as long each time, give or take a fifth.
    assertThat(requests.get(1).nanos() - requests.get(0).nanos()).isGreaterThan(790_000_000L);
    assertThat(requests.get(2).nanos() - requests.get(1).nanos()).isGreaterThan(1_590_000_000L);
  }

  @Test
  void waitsAsLongAsTheReceiverSays() {
    answers.add(429);

    sender.offer(delivery("hub slack", "a", "/one"), results::add);

    awaitTaken("a");
    assertThat(requests.get(1).nanos() - requests.get(0).nanos()).isGreaterThan(1_990_000_000L);
  }

  @Test
  void oneAddressIsNotAskedTooOften() {
    for (int i = 0; i < 4; i++) {
      sender.offer(delivery("hub " + i, "m" + i, "/one"), results::add);
    }

    for (int i = 0; i < 4; i++) {
      awaitTaken("m" + i);
    }
    assertThat(requests).hasSize(4);
    for (int i = 1; i < 4; i++) {
      assertThat(requests.get(i).nanos() - requests.get(i - 1).nanos()).isGreaterThan(290_000_000L);
    }
  }

  @Test
  void anAnswerThatNeverCameIsAskedForByASecondRequestOnly() {
    answers.add(0);

    sender.offer(delivery("hub slack", "a", "/one"), results::add);

    awaitTaken("a");
    // The JDK sends a POST again by itself unless it is told not to.
    assertThat(requests).hasSize(2);
    assertThat(results.get(0).failure()).contains("cannot be reached");
  }

  @Test
  void aReceiverThatHangsHoldsUpNobodyElse() throws IOException {
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 50; i++) {
        sender.offer(
            at("deaf " + i, "d" + i, "http://127.0.0.1:" + deaf.getLocalPort() + "/" + i),
            results::add);
      }
      sender.offer(delivery("hub slack", "a", "/one"), results::add);

      await()
          .atMost(Duration.ofMillis(1500))
          .until(() -> results.stream().anyMatch(it -> it.id().equals("a")));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> results.stream().anyMatch(it -> it.id().startsWith("d")));
      assertThat(results)
          .filteredOn(it -> it.id().startsWith("d"))
          .allSatisfy(it -> assertThat(it.failure()).contains("does not answer in time"));
    }
  }

  @Test
  void oneThatCannotBeSentToHoldsUpNoOtherOfItsHost() {
    answers.addAll(List.of(0, 0));
    sender.offer(delivery("broken", "u", "/u"), results::add);
    await().until(() -> results.stream().anyMatch(it -> it.id().equals("u") && it.attempt() == 2));

    sender.offer(delivery("hub slack", "a", "/one"), results::add);

    await()
        .atMost(Duration.ofMillis(700))
        .until(() -> results.stream().anyMatch(it -> it.id().equals("a")));
  }

  @Test
  void whatIsForgottenIsNotTriedAgain() {
    answers.addAll(List.of(500, 500, 500));
    sender.offer(delivery("gone", "g", "/gone"), results::add);
    await().until(() -> !results.isEmpty());

    sender.forget("gone");
    sender.offer(delivery("hub slack", "a", "/other"), results::add);
    awaitTaken("a");

    assertThat(requests).filteredOn(it -> it.path().endsWith("/gone")).hasSize(1);
  }

  @Test
  void nothingTellsTheAddress() {
    answers.add(302);
    sender.offer(delivery("hub slack", "a", "/services/T0/B0/s3cret"), results::add);

    await().until(() -> !results.isEmpty());
    assertThat(results.get(0).failure())
        .contains("answers 302, a redirection, which is not followed");
    assertThat(sender.underWay("hub slack").orElseThrow().toString()).doesNotContain("s3cret");
    assertThat(new Destination(URI.create("https://x/s3cret"), Optional.empty()).toString())
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "30, PT30S",
    "0, PT0S",
    "999999, PT1H",
    "'Wed, 02 Jan 2030 03:05:05 GMT', PT1M",
    "soon,",
    "-5,",
    ","
  })
  void readsRetryAfter(String header, Duration pause) {
    assertThat(Attempt.pause(header, Instant.parse("2030-01-02T03:04:05Z")))
        .isEqualTo(Optional.ofNullable(pause));
  }
}
