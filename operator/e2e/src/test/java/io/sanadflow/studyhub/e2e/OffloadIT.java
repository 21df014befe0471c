package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A hub that holds more than its threshold moves its media to the bucket, and home again, while it
 * serves: no request fails, and every file is there as it was written.
 */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OffloadIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int FILES = 15;
  private static final int MIB = 1 << 20;

  private static final Hub hub = new Hub(cluster, "pilot");
  private static final HttpClient http = HttpClient.newHttpClient();
  private static Bucket bucket;

  @BeforeAll
  static void aHub() {
    bucket = Bucket.open("offload").grantTo(cluster);
    hub.apply(
            "{app: {image: \""
                + Hub.IMAGE_1
                + "\"}, objectStore: "
                + bucket.spec("")
                + ", offload: {threshold: 150Mi, gracePeriod: 0s}}")
        .orFail();
    hub.awaitReady(LIMIT);
  }

  @AfterAll
  static void cleanUp() {
    bucket.close();
  }

  @Test
  @Order(1)
  void aHubBelowItsThresholdKeepsItsMedia() {
    await().atMost(LIMIT).until(() -> phase().equals("Local"));

    assertThat(status().path("storage").path("used").asText()).endsWith("/150 MiB");
    assertThat(hub.env().path("media").asText()).isEqualTo("directory");
    assertThat(hub.conditions().get("Degraded").status()).isEqualTo("False");
  }

  @Test
  @Order(2)
  void beyondItMediaAndAppMoveWhileItServes() throws Exception {
    for (int i = 0; i < FILES; i++) {
      put("term 1/file-" + i, file(i));
    }
    Load load = load();
    step("now");

    await().atMost(LIMIT).until(() -> phase().equals("Offloaded"));
    hub.awaitReady(LIMIT);
    put("new", file(FILES));

    assertThat(load.stop().failures()).isEmpty();
    assertThat(hub.env().path("media").asText()).isEqualTo("s3");
    for (int i = 0; i < FILES; i++) {
      assertThat(get("term 1/file-" + i).body()).as("file %d", i).isEqualTo(file(i));
    }
    assertThat(bucket.keys("files/")).contains("files/term 1/file-0", "files/new");
  }

  @Test
  @Order(3)
  void localCopiesGoAfterTheGracePeriodAndTheVolumeIsBelowTheThresholdAgain() throws Exception {
    step("later");

    await().atMost(LIMIT).until(() -> storage("media").equals("0 B"));

    assertThat(onVolume()).isEqualTo("0");
    HttpResponse<byte[]> answer = get("term 1/file-0");
    assertThat(answer.headers().firstValue("x-media-from")).contains("s3");
    assertThat(answer.body()).isEqualTo(file(0));
  }

  @Test
  @Order(4)
  void anOperatorThatIsNewFindsTheAppOnTheBucket() {
    new Operator(cluster).restart();
    hub.awaitReady(LIMIT);

    assertThat(hub.env().path("media").asText()).isEqualTo("s3");
  }

  @Test
  @Order(5)
  void theUsersWordBringsAllHome() throws Exception {
    Load load = load();
    hub.patch("{offload: {mode: Restore}}").orFail();

    await().atMost(LIMIT).until(() -> phase().equals("Local"));
    hub.awaitReady(LIMIT);

    assertThat(load.stop().failures()).isEmpty();
    assertThat(hub.env().path("media").asText()).isEqualTo("directory");
    for (int i = 0; i < FILES; i++) {
      assertThat(get("term 1/file-" + i).body()).as("file %d", i).isEqualTo(file(i));
    }
    assertThat(get("new").body()).isEqualTo(file(FILES));
  }

  /** Ten requests a second; R2 takes a write a second of one key, however late. */
  private static Load load() {
    List<Load.Request> turns = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      turns.add(Load.Request.get("/media/term%201/file-" + i));
      turns.add(Load.Request.get("/notes"));
      turns.add(new Load.Request("PUT", "/media/live-" + i, "as it is"));
      turns.add(Load.Request.post("/notes", "{\"text\":\"goes on\"}"));
    }
    return Load.start(hub.uri(), 10, turns.toArray(Load.Request[]::new));
  }

  /** A step before the hour, as a person makes it. */
  private static void step(String name) {
    cluster.kubectl("create", "job", "--from=cronjob/pilot-offload", name).orFail();
  }

  private static JsonNode status() {
    return hub.get().path("status");
  }

  private static String phase() {
    return status().path("offload").path("phase").asText();
  }

  private static String storage(String volume) {
    return status().path("storage").path(volume).asText();
  }

  private static String onVolume() {
    return cluster
        .kubectl(
            "exec",
            "deployment/pilot",
            "-c",
            "app",
            "--",
            "sh",
            "-c",
            "find /data/media -type f | wc -l")
        .out()
        .strip();
  }

  private static byte[] file(int number) {
    byte[] content = new byte[8 * MIB + number];
    new Random(number).nextBytes(content);
    return content;
  }

  private static void put(String key, byte[] content) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        send(key, it -> it.PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
    assertThat(answer.statusCode()).isEqualTo(201);
  }

  private static HttpResponse<byte[]> get(String key) throws IOException, InterruptedException {
    return send(key, HttpRequest.Builder::GET);
  }

  private static HttpResponse<byte[]> send(String key, UnaryOperator<HttpRequest.Builder> how)
      throws IOException, InterruptedException {
    URI uri = URI.create(hub.uri() + "/media/" + key.replace(" ", "%20"));
    return http.send(
        how.apply(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30))).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }
}
