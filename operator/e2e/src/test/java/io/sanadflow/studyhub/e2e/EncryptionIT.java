package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** With a key of the user nothing in the bucket can be read without it, and all of it with it. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EncryptionIT {

  @RegisterExtension static final Cluster cluster = new Cluster();
  @RegisterExtension static final Cluster elsewhere = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** Of age's own tests: known to everybody, and good for nothing else. */
  private static final String KEY =
      "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

  private static final String ENCRYPTED =
      ", backup: {encryption: {keySecret: {name: age, key: identity}}}";
  private static final String SECRET_TEXT = "nobody-reads-this-in-the-bucket";
  private static final byte[] HEAD = "age-encryption.org/v1\n".getBytes(StandardCharsets.US_ASCII);

  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore backups = new Restore(cluster, "pilot");
  private static final HttpClient http = HttpClient.newHttpClient();
  private static Bucket bucket;

  @TempDir Path files;

  @BeforeAll
  static void aHubWithAKey() throws IOException, InterruptedException {
    bucket = Bucket.open("encryption").grantTo(cluster);
    key(cluster);
    hub.apply(spec(Hub.IMAGE_1, bucket.spec(""), ENCRYPTED)).orFail();
    hub.awaitReady(LIMIT);
    hub.write(SECRET_TEXT);
    assertThat(
            http.send(
                    HttpRequest.newBuilder(URI.create(hub.uri() + "/media/picture"))
                        .PUT(HttpRequest.BodyPublishers.ofString(SECRET_TEXT))
                        .build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(201);
    backups.back("sealed");
    backups.base("sealed-base");
    new Agents(cluster, "pilot").run("wal", "push");
  }

  @AfterAll
  static void cleanUp() {
    bucket.close();
  }

  private static String spec(String image, String store, String more) {
    return "{app: {image: \"" + image + "\"}, objectStore: " + store + more + "}";
  }

  private static void key(Cluster where) {
    where.kubectl("delete", "secret", "age", "--ignore-not-found").orFail();
    where.kubectl("create", "secret", "generic", "age", "--from-literal=identity=" + KEY).orFail();
  }

  /** What the objects of the dump start with. */
  private static String stem() {
    return Past.stem(
        bucket,
        cluster
            .kubectl("get", "studyhubbackup", "sealed", "-o", "jsonpath={.status.key}")
            .orFail());
  }

  @Test
  @Order(1)
  void allButTheManifestsIsEncrypted() {
    List<String> keys = bucket.keys("");
    assertThat(keys)
        .anyMatch(it -> it.startsWith("media/") && it.endsWith(".age"))
        .anyMatch(it -> it.startsWith("wal/") && it.endsWith(".zip.age"))
        .anyMatch(it -> it.startsWith("base/") && it.endsWith(".tar.gz.age"))
        .contains(stem() + ".dump.age", stem() + ".roles.sql.age", stem() + ".media.gz.age");
    for (String key : keys) {
      byte[] content = bucket.get(key);
      assertThat(new String(content, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET_TEXT);
      if (!key.endsWith(".json")) {
        assertThat(content).as(key).startsWith(HEAD);
      }
    }
    JsonNode manifest = bucket.json(stem() + ".json");
    assertThat(manifest.path("encrypted").asBoolean()).isTrue();
    assertThat(manifest.path("recipient").asText()).startsWith("age1");
  }

  @Test
  @Order(2)
  void ageOpensADumpByHand() throws Exception {
    assumeTrue(hasAge(), "there is no age on this machine");
    Path key = Files.writeString(files.resolve("key.txt"), KEY + "\n");
    Path sealed = Files.write(files.resolve("a.dump.age"), bucket.get(stem() + ".dump.age"));
    Path open = files.resolve("a.dump");

    Shell.run(
            "",
            List.of("age", "-d", "-i", key.toString(), "-o", open.toString(), sealed.toString()))
        .orFail();

    assertThat(Files.readAllBytes(open)).startsWith("PGDMP".getBytes(StandardCharsets.US_ASCII));
    assertThat(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(sealed))))
        .isEqualTo(bucket.json(stem() + ".json").path("sha256").asText());
  }

  private static boolean hasAge() {
    return Shell.run("", List.of("sh", "-c", "command -v age")).ok();
  }

  @Test
  @Order(3)
  void itComesBackInPlace() {
    backups.sql("hub", "DELETE FROM notes");

    backups.create("back", "latest: true, previous: Drop");

    backups.awaitPhase("back", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);
    assertThat(hub.count()).isEqualTo(1);
  }

  @Test
  @Order(4)
  void elsewhereItSaysAtOnceThatTheKeyIsMissingAndComesBackWithIt()
      throws IOException, InterruptedException {
    cluster.kubectl("delete", "studyhub", "pilot", "--timeout=120s").orFail();
    bucket.grantTo(elsewhere);
    Hub found = new Hub(elsewhere, "found");
    String start =
        ", database: {bootstrap: {restoreFrom: {prefix: " + bucket.prefix() + ", latest: true}}}";
    String store =
        bucket
            .spec("")
            .replace("prefix: " + bucket.prefix(), "prefix: " + bucket.prefix() + "/found");
    found.apply(spec(Hub.IMAGE_1, store, start)).orFail();

    found.awaitCondition("Stalled", "True", LIMIT);
    assertThat(found.conditions().get("Stalled").reason()).isEqualTo("EncryptionKeyMissing");
    assertThat(found.conditions().get("Stalled").message())
        .contains("is encrypted for age1", "spec.backup.encryption");
    String restore =
        elsewhere
            .kubectl(
                "get",
                "studyhubrestores",
                "-l",
                "sanadflow.io/bootstrap",
                "-o",
                "jsonpath={.items[0].metadata.name}")
            .orFail();
    assertThat(new Restore(elsewhere, "found").reason(restore)).isEqualTo("EncryptionKeyMissing");

    key(elsewhere);
    found.apply(spec(Hub.IMAGE_1, store, start + ENCRYPTED)).orFail();
    elsewhere.kubectl("delete", "studyhubrestore", restore).orFail();

    found.awaitReady(LIMIT);
    assertThat(found.count()).isEqualTo(1);
    assertThat(
            http.send(
                    HttpRequest.newBuilder(URI.create(found.uri() + "/media/picture")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body())
        .isEqualTo(SECRET_TEXT);
    await().atMost(LIMIT).until(() -> found.conditions().get("Degraded").status().equals("False"));
  }
}
