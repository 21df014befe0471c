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
 * A bucket of the lab's stand-in for R2, beneath a prefix of this test's own: that of backups, told
 * by R2_ENDPOINT, R2_BUCKET, R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY, R2_CA and R2_CONTROL, or that
 * of media, whose own variables begin with R2_MEDIA.
 */
public final class Bucket {

  private final String variables;
  private final String prefix;
  private final Path directory;

  private Bucket(String variables, String purpose, Path directory) {
    this.variables = variables;
    this.prefix = purpose + "-" + UUID.randomUUID().toString().substring(0, 8);
    this.directory = directory;
  }

  /** That of backups; skips the test where there is no stand-in. */
  static Bucket assumed(Path directory) throws IOException {
    return assumed("R2", "sto", directory);
  }

  /**
   * That of media; skips the test where there is no stand-in.
   *
   * @param purpose what the prefix begins with
   * @param directory where the files with its token come to be
   */
  public static Bucket ofMedia(String purpose, Path directory) throws IOException {
    return assumed("R2_MEDIA", purpose, directory);
  }

  private static Bucket assumed(String variables, String purpose, Path directory)
      throws IOException {
    assumeTrue(
        System.getenv("R2_CONTROL") != null && System.getenv(variables + "_BUCKET") != null,
        "needs the lab's stand-in for R2: its R2_… variables, as r2.env has them");
    Bucket bucket = new Bucket(variables, purpose, directory);
    bucket.ownKeys();
    return bucket;
  }

  /** What all keys of the test start with. */
  public String prefix() {
    return prefix;
  }

  /** Puts the token of the stand-in into the files that the store reads. */
  void ownKeys() throws IOException {
    keys(
        System.getenv(variables + "_ACCESS_KEY_ID"),
        System.getenv(variables + "_SECRET_ACCESS_KEY"));
  }

  /** Puts another token there. */
  void keys(String id, String secret) throws IOException {
    Files.writeString(directory.resolve("accessKeyId"), id);
    Files.writeString(directory.resolve("secretAccessKey"), secret + "\n");
  }

  /** As an agent is told of it. */
  public AgentConfig.Bucket told() {
    return new AgentConfig.Bucket(
        System.getenv("R2_ENDPOINT"), "auto", System.getenv(variables + "_BUCKET"), prefix, false);
  }

  /** Opens it. */
  public S3ObjectStore open() throws StoreException {
    return open(told());
  }

  S3ObjectStore open(AgentConfig.Bucket told) throws StoreException {
    return S3ObjectStore.open(told, directory, authority());
  }

  /** The file with the authority of the stand-in's certificate. */
  public static Path authority() {
    return Path.of(System.getenv("R2_CA"));
  }

  /** Has the next requests of an operation under this prefix fail. */
  void fault(String operation, String action, int count) throws Exception {
    fault("", operation, action, count);
  }

  /** The same for the objects that belong to the app. */
  public void faultOfMedia(String operation, String action, int count) throws Exception {
    fault("/files/", operation, action, count);
  }

  private void fault(String beneath, String operation, String action, int count) throws Exception {
    String body =
        """
        {"match": {"op": "%s", "keyPrefix": "%s", "count": %d}, "action": "%s"}"""
            .formatted(operation, prefix + beneath, count, action);
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
  public void clear() throws StoreException {
    try (S3ObjectStore store = open()) {
      store.delete(store.list(prefix).stream().map(ObjectStore.Stored::key).toList());
      store.abortAbandoned(prefix, Instant.now().plusSeconds(60));
    }
  }
}
