package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A hub whose namespace and volumes are gone comes back in another namespace from the bucket alone,
 * by one apply. {@code -De2e.notes=200000 -De2e.media=500} makes it as large as a school's.
 */
@ExtendWith(Installed.class)
class DisasterIT {

  private static final int NOTES = Integer.getInteger("e2e.notes", 20_000);
  private static final int MEDIA = Integer.getInteger("e2e.media", 50);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static final String SUM =
      "SELECT count(*) || ' ' || md5(string_agg(id::text || text || created_at, ',' ORDER BY id))"
          + " FROM notes";

  @RegisterExtension static final Cluster here = new Cluster();
  @RegisterExtension static final Cluster elsewhere = new Cluster();

  private static Bucket bucket;

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterAll
  static void cleanUp() {
    if (bucket != null) {
      bucket.close();
    }
  }

  @Test
  void aHubComesBackFromTheBucketAlone() throws IOException, InterruptedException {
    bucket = Bucket.open("disaster").grantTo(here);
    Hub lost = new Hub(here, "pilot");
    lost.apply("{app: {image: \"" + Hub.IMAGE_1 + "\"}, objectStore: " + bucket.spec("") + "}")
        .orFail();
    lost.awaitReady(LIMIT);
    Restore before = new Restore(here, "pilot");
    before.sql(
        "hub",
        "INSERT INTO notes(text) SELECT md5(i::text) || repeat('x', 100) FROM"
            + " generate_series(1, %d) i".formatted(NOTES));
    for (int i = 0; i < MEDIA; i++) {
      assertThat(
              send(HttpRequest.newBuilder(URI.create(lost.uri() + "/media/file-" + i))
                      .PUT(HttpRequest.BodyPublishers.ofByteArray(file(i))))
                  .statusCode())
          .isEqualTo(201);
    }
    String sum = before.sql("hub", SUM);
    before.back("last");

    here.kubectl("delete", "namespace", here.namespace(), "--timeout=180s").orFail();
    bucket.grantTo(elsewhere);
    Hub found = new Hub(elsewhere, "pilot");
    found
        .apply(
            "{app: {image: \""
                + Hub.IMAGE_1
                + "\"}, objectStore: "
                + bucket.spec(", existing: Adopt")
                + ", database: {bootstrap: {restoreFrom: {latest: true}}}}")
        .orFail();
    found.awaitReady(LIMIT);

    assertThat(new Restore(elsewhere, "pilot").sql("hub", SUM))
        .isEqualTo(sum)
        .startsWith(NOTES + " ");
    for (int i = 0; i < MEDIA; i++) {
      assertThat(send(HttpRequest.newBuilder(URI.create(found.uri() + "/media/file-" + i))).body())
          .as("file %d", i)
          .isEqualTo(file(i));
    }
    // The catalogue is that of the bucket: what the lost hub had made is in it.
    assertThat(
            elsewhere
                .kubectl("get", "studyhubbackups", "-o", "jsonpath={.items[*].status.key}")
                .out())
        .contains(bucket.prefix() + "/daily/");
  }

  private static byte[] file(int number) {
    byte[] content = new byte[37 * (number + 1)];
    new Random(number).nextBytes(content);
    return content;
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request.timeout(Duration.ofSeconds(15)).build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
