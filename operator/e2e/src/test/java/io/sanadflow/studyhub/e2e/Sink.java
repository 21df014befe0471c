package io.sanadflow.studyhub.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A receiver that remembers what was sent to it, and takes no more than Slack does: SINK_URL is
 * where the tests ask it, SINK_POD_URL where pods find it, SINK_CA the file with its authority.
 * Without one the tests that need it are skipped and say so.
 */
final class Sink {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Instant since = Instant.now();

  private Sink() {}

  /** Opened once; what it received before is not looked at. */
  static Sink open() {
    Sink sink = new Sink();
    boolean there;
    try {
      sink.ask("GET", "/received?path=/nothing/");
      there = true;
    } catch (UncheckedIOException absent) {
      there = false;
    }
    Assumptions.assumeTrue(there, "no receiver of notifications answers at SINK_URL");
    return sink;
  }

  private static String variable(String name, String fallback) {
    return System.getenv().getOrDefault(name, fallback);
  }

  /** Where pods find it. */
  static String url(String path) {
    return variable("SINK_POD_URL", "https://sink.lab:9143") + path;
  }

  /** The certificate of its authority. */
  static String authority() {
    try {
      return Files.readString(Path.of(variable("SINK_CA", variable("R2_CA", ""))));
    } catch (IOException absent) {
      throw new UncheckedIOException(absent);
    }
  }

  /** What it has taken or refused since it was opened, the oldest first. */
  List<JsonNode> received(String path) {
    List<JsonNode> found = new ArrayList<>();
    try {
      JSON.readTree(ask("GET", "/received?path=" + path + "&since=" + since)).forEach(found::add);
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    }
    return found;
  }

  /** The bodies of what it has taken. */
  List<JsonNode> taken(String path) {
    return received(path).stream()
        .filter(it -> it.path("status").asInt() / 100 == 2)
        .map(
            it -> {
              try {
                return JSON.readTree(it.path("body").asText());
              } catch (IOException wrong) {
                throw new UncheckedIOException(wrong);
              }
            })
        .toList();
  }

  /** Has it answer the next requests of a kind with a status. */
  void refuse(String kind, int status, int count) {
    ask("POST", "/mode/" + kind + "?status=" + status + "&count=" + count);
  }

  private String ask(String method, String path) {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(variable("SINK_URL", "http://10.88.0.1:9100") + path))
                  .timeout(Duration.ofSeconds(10))
                  .method(method, HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
