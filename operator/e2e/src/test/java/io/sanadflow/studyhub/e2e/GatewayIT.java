package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An app that knows no S3 keeps writing to its volume, and reads old and new media through the
 * gateway, before, while and after they move to the bucket and home again: no request fails, and
 * each file has the same content and validator all the time.
 */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GatewayIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final int MIB = 1 << 20;
  private static final List<String> PATHS =
      List.of("term 1/a", "term 1/b", "term 1/c", "term 1/d.png");

  private static final Hub hub = new Hub(cluster, "pilot");
  private static final HttpClient http = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, JsonNode> before = new TreeMap<>();
  private static Bucket bucket;
  private static int steps;

  @BeforeAll
  static void aHub() {
    bucket = Bucket.open("gateway").grantTo(cluster);
    hub.apply(
            "{app: {image: \""
                + Hub.IMAGE_1
                + "\"}, objectStore: "
                + bucket.spec("")
                + ", offload: {threshold: 90Mi, gracePeriod: 0s, gateway: {}}}")
        .orFail();
    hub.awaitReady(LIMIT);
  }

  @AfterAll
  static void cleanUp() {
    bucket.close();
  }

  @Test
  @Order(1)
  void theGatewayGivesOutWhatTheAppHasOnItsVolume() throws Exception {
    for (String path : PATHS) {
      put(path, content(path));
    }
    await().atMost(LIMIT).until(() -> degraded().equals("False"));

    JsonNode report = reads(1, PATHS);

    assertThat(report.path("bad")).as("%s", report).isEmpty();
    for (String path : PATHS) {
      before.put(path, report.path("files").path(path));
      assertThat(before.get(path).path("sha256").asText()).isEqualTo(sha256(content(path)));
    }
    assertThat(hub.env().path("media").asText()).isEqualTo("directory");
  }

  @Test
  @Order(2)
  void nobodyNoticesThatMediaMove() throws Exception {
    String pod = appPod();
    CompletableFuture<JsonNode> load = CompletableFuture.supplyAsync(() -> reads(100, PATHS));

    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(15))
        .until(
            () -> {
              step();
              return phase().equals("Offloaded") && onVolume().equals("0");
            });

    assertThat(load.get().path("bad")).as("%s", load.get()).isEmpty();
    JsonNode after = reads(1, PATHS);
    assertThat(after.path("bad")).as("%s", after).isEmpty();
    for (String path : PATHS) {
      assertThat(after.path("files").path(path)).as(path).isEqualTo(before.get(path));
    }
    assertThat(bucket.keys("files/")).contains("files/term 1/a", "files/term 1/d.png");
    assertThat(appPod()).as("the app was not rolled").isEqualTo(pod);
  }

  @Test
  @Order(3)
  void whatTheAppWritesNowIsThereAtOnceAndMovesAsWell() throws Exception {
    put("new", content("new"));
    put("term 1/a", content("again"));

    JsonNode report = reads(1, List.of("new", "term 1/a", "term 1/b"));

    assertThat(report.path("bad")).as("%s", report).isEmpty();
    assertThat(report.path("files").path("new").path("sha256").asText())
        .isEqualTo(sha256(content("new")));
    assertThat(report.path("files").path("term 1/a").path("sha256").asText())
        .isEqualTo(sha256(content("again")));
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(15))
        .until(
            () -> {
              step();
              return onVolume().equals("0");
            });
    JsonNode moved = reads(1, List.of("new", "term 1/a", "term 1/b"));
    assertThat(moved.path("files")).isEqualTo(report.path("files"));
  }

  @Test
  @Order(4)
  void theGatewayCannotBeLeftOutWhileMediaAreBehindIt() {
    hub.patch("{offload: {gateway: null}}").orFail();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(hub.conditions().get("Stalled").message())
                    .contains("spec.offload.gateway"));

    hub.patch("{offload: {gateway: {}}}").orFail();

    hub.awaitReady(LIMIT);
    assertThat(reads(1, PATHS).path("bad")).isEmpty();
  }

  @Test
  @Order(5)
  void theUsersWordBringsAllHome() throws Exception {
    CompletableFuture<JsonNode> load = CompletableFuture.supplyAsync(() -> reads(30, PATHS));
    hub.patch("{offload: {mode: Restore}}").orFail();

    await().atMost(LIMIT).until(() -> phase().equals("Local"));

    assertThat(load.get().path("bad")).as("%s", load.get()).isEmpty();
    assertThat(onVolume()).isEqualTo("5");
    JsonNode home = reads(1, PATHS);
    assertThat(home.path("bad")).as("%s", home).isEmpty();
    assertThat(home.path("files").path("term 1/b")).isEqualTo(before.get("term 1/b"));
  }

  /** What an app reads through the gateway, in the app's own pod. */
  private static JsonNode reads(int seconds, List<String> paths) {
    List<String> command =
        new ArrayList<>(
            List.of("exec", "deployment/pilot", "-c", "app", "--", "node", "-e", script()));
    command.add(String.valueOf(seconds));
    command.addAll(paths);
    String out = cluster.kubectl(command.toArray(String[]::new)).orFail();
    try {
      return JSON.readTree(out);
    } catch (IOException noReport) {
      throw new UncheckedIOException(out, noReport);
    }
  }

  private static String script() {
    try (InputStream script = GatewayIT.class.getResourceAsStream("/gateway-load.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  private static void step() {
    String name = "step-" + steps++;
    cluster.kubectl("create", "job", "--from=cronjob/pilot-offload", name).orFail();
    cluster.kubectl("wait", "--for=condition=complete", "job/" + name, "--timeout=60s").orFail();
  }

  private static String phase() {
    return hub.get().path("status").path("offload").path("phase").asText();
  }

  private static String degraded() {
    return hub.conditions().get("Degraded").status();
  }

  private static String appPod() {
    return cluster
        .kubectl("get", "pods", "-l", "app.kubernetes.io/component=app", "-o", "name")
        .orFail()
        .strip();
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
        .orFail()
        .strip();
  }

  private static byte[] content(String path) {
    byte[] content = new byte[16 * MIB + path.length()];
    new Random(path.hashCode()).nextBytes(content);
    return content;
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private static void put(String path, byte[] content) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(hub.uri() + "/media/" + path.replace(" ", "%20")))
                .timeout(Duration.ofSeconds(30))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isIn(200, 201);
  }
}
