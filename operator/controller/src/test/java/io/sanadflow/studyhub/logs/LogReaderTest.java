package io.sanadflow.studyhub.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader against a server over HTTP that cuts its streams. */
class LogReaderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final long MANY = 1 << 20;

  @TempDir Path directory;

  private PlayedServer server;
  private LogReader reader;
  private Instant time = Instant.now();

  @BeforeEach
  void start() throws IOException {
    server = new PlayedServer();
    Files.writeString(directory.resolve("token"), PlayedServer.TOKEN + "\n");
  }

  @AfterEach
  void stop() {
    if (reader != null) {
      reader.close();
    }
    server.close();
  }

  private Path lines() {
    return directory.resolve("lines");
  }

  private void read() throws IOException {
    reader =
        LogReader.start(
            new ApiServer(server.uri(), directory.resolve("token"), Optional.empty(), "study"),
            "sanadflow.io/hub=pilot",
            lines(),
            MANY,
            Clock.systemUTC(),
            it -> {});
  }

  private void say(String pod, int from, int to) {
    for (int i = from; i < to; i++) {
      time = time.plusNanos(300_000);
      server.say(pod, time, "line " + i);
    }
  }

  private static List<String> numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj(it -> "line " + it).toList();
  }

  private List<JsonNode> written() {
    List<JsonNode> all = new ArrayList<>();
    if (!Files.isDirectory(lines())) {
      return all;
    }
    try (Stream<Path> files = Files.list(lines())) {
      for (Path file : files.sorted().toList()) {
        String text = Files.readString(file);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
          all.add(JSON.readTree(line));
        }
      }
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
    return all;
  }

  private List<String> texts(String pod) {
    return written().stream()
        .filter(it -> it.path("pod").asText().equals(pod))
        .map(it -> it.path("log").asText())
        .toList();
  }

  private void awaitLines(String pod, int count) {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> texts(pod).size() >= count);
  }

  @Test
  void streamsThatAreCutGoOnWithoutALineTooManyOrTooFew() throws IOException {
    server.start("pilot-1", "u1");
    read();
    for (int round = 0; round < 6; round++) {
      say("pilot-1", round * 100, round * 100 + 50);
      awaitLines("pilot-1", round * 100 + 50);
      server.cut();
      say("pilot-1", round * 100 + 50, round * 100 + 100);
      awaitLines("pilot-1", round * 100 + 100);
    }
    assertThat(texts("pilot-1")).isEqualTo(numbered(0, 600));
    assertThat(server.requests())
        .filteredOn(it -> it.contains("/log?"))
        .hasSizeGreaterThanOrEqualTo(7)
        .allSatisfy(
            it ->
                assertThat(it)
                    .contains("/api/v1/namespaces/study/pods/pilot-1/log", "container=app")
                    .contains("timestamps=true", "follow=true")
                    .containsPattern("sinceTime=[0-9T:-]+Z"));
    assertThat(written().get(0).path("uid").asText()).isEqualTo("u1");
    assertThat(written().get(0).path("component").asText()).isEqualTo("app");
  }

  @Test
  void podsThatComeAndGoAreReadToTheirEnd() throws IOException {
    read();
    server.start("pilot-db-0", "u1");
    say("pilot-db-0", 0, 20);
    awaitLines("pilot-db-0", 20);
    say("pilot-db-0", 20, 30);
    server.delete("pilot-db-0");
    // The next of its name is another pod.
    server.start("pilot-db-0", "u2");
    say("pilot-db-0", 30, 40);
    awaitLines("pilot-db-0", 40);
    assertThat(texts("pilot-db-0")).containsExactlyInAnyOrderElementsOf(numbered(0, 40));
    assertThat(written())
        .filteredOn(it -> it.path("uid").asText().equals("u2"))
        .extracting(it -> it.path("log").asText())
        .isEqualTo(numbered(30, 40));
  }

  @Test
  void whatAContainerSaidBeforeItCrashedWhileNobodyReadComesToo() throws IOException {
    server.start("pilot-1", "u1");
    read();
    say("pilot-1", 0, 10);
    awaitLines("pilot-1", 10);
    reader.close();
    say("pilot-1", 10, 20);
    server.restart("pilot-1");
    say("pilot-1", 20, 30);
    read();
    awaitLines("pilot-1", 30);
    assertThat(texts("pilot-1")).isEqualTo(numbered(0, 30));
  }

  @Test
  void aReaderThatWasKilledInTheMiddleOfALineGoesOnWhereItWas() throws IOException {
    server.start("pilot-1", "u1");
    read();
    say("pilot-1", 0, 50);
    awaitLines("pilot-1", 50);
    reader.close();
    List<Path> files;
    try (Stream<Path> all = Files.list(lines())) {
      files = all.toList();
    }
    String text = Files.readString(files.get(0));
    int half = text.indexOf("\"line 40\"");
    Files.writeString(files.get(0), text.substring(0, half));
    read();
    awaitLines("pilot-1", 50);
    assertThat(texts("pilot-1")).isEqualTo(numbered(0, 50));
  }

  @Test
  void theOldestLinesGoWhenThereIsNoRoomAndTheyMay() throws Exception {
    AtomicBoolean may = new AtomicBoolean(true);
    Source source = new Source("pilot-1", "u1", "app", "app");
    try (LineFiles files = new LineFiles(lines(), 64_000, Clock.systemUTC(), may::get)) {
      for (int i = 0; i < 2000; i++) {
        files.write(source, new Line(time.plusNanos(i), "line " + i));
      }
      assertThat(size()).isBetween(48_000L, 64_000L);
      List<String> kept = texts("pilot-1");
      assertThat(kept).isEqualTo(numbered(2000 - kept.size(), 2000));

      // Where nothing may go, the writer waits, and what waits there waits with it.
      may.set(false);
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int i = 2000; i < 2100; i++) {
                    files.write(source, new Line(time.plusNanos(i), "line " + i));
                  }
                } catch (IOException | InterruptedException ended) {
                  Thread.currentThread().interrupt();
                }
              });
      writer.start();
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> writer.getState() == Thread.State.TIMED_WAITING);
      assertThat(size()).isLessThanOrEqualTo(64_000L);
      assertThat(texts("pilot-1")).startsWith(kept.get(0));
      may.set(true);
      writer.join(10_000);
      assertThat(texts("pilot-1")).endsWith("line 2099");
    }
  }

  private long size() throws IOException {
    try (Stream<Path> all = Files.list(lines())) {
      return all.mapToLong(it -> it.toFile().length()).sum();
    }
  }
}
