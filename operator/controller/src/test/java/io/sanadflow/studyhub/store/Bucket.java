package io.sanadflow.studyhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/**
 * The bucket of the lab's stand-in for R2, told by R2_ENDPOINT, R2_BUCKET, R2_ACCESS_KEY_ID,
 * R2_SECRET_ACCESS_KEY, R2_CA and R2_CONTROL, beneath a prefix of this test's own.
 */
final class Bucket {

  final String prefix = "sto-" + UUID.randomUUID().toString().substring(0, 8);
  private final Path directory;

  private Bucket(Path directory) {
    this.directory = directory;
  }

  /** Skips the test where there is no stand-in. */
  static Bucket assumed(Path directory) throws IOException {
    assumeTrue(
        System.getenv("R2_CONTROL") != null,
        "needs the lab's stand-in for R2: its R2_… variables, as r2.env has them");
    Bucket bucket = new Bucket(directory);
    bucket.ownKeys();
    return bucket;
  }

  /** Puts the token of the stand-in into the files that the store reads. */
  void ownKeys() throws IOException {
    keys(System.getenv("R2_ACCESS_KEY_ID"), System.getenv("R2_SECRET_ACCESS_KEY"));
  }

  /** Puts another token there. */
  void keys(String id, String secret) throws IOException {
    Files.writeString(directory.resolve("accessKeyId"), id);
    Files.writeString(directory.resolve("secretAccessKey"), secret + "\n");
  }

  AgentConfig.Bucket told() {
    return new AgentConfig.Bucket(
        System.getenv("R2_ENDPOINT"), "auto", System.getenv("R2_BUCKET"), prefix, false);
  }

  S3ObjectStore open() throws StoreException {
    return open(told());
  }

  S3ObjectStore open(AgentConfig.Bucket told) throws StoreException {
    return S3ObjectStore.open(told, directory, Path.of(System.getenv("R2_CA")));
  }

  /** Has the next requests of an operation under this prefix fail. */
  void fault(String operation, String action, int count) throws Exception {
    String body =
        """
        {"match": {"op": "%s", "keyPrefix": "%s", "count": %d}, "action": "%s"}"""
            .formatted(operation, prefix, count, action);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://" + System.getenv("R2_CONTROL") + "/fault"))
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
  }

  /** Deletes what the test left. */
  void clear() throws StoreException {
    try (S3ObjectStore store = open()) {
      store.delete(store.list(prefix).stream().map(ObjectStore.Stored::key).toList());
      store.abortAbandoned(prefix, Instant.now().plusSeconds(60));
    }
  }
}
