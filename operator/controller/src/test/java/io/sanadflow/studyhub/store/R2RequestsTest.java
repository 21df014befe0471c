package io.sanadflow.studyhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What is counted is what the lab's stand-in for R2 would bill, which counts by itself: in a bucket
 * of this test's own. To run it: {@code set -a; . $LAB_HOME/r2.env; mvn -pl operator/controller
 * test -Dtest=R2RequestsTest}.
 */
class R2RequestsTest {

  private static final byte[] CONTENT = "some content".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;
  private final String bucket = "cnt-" + UUID.randomUUID().toString().substring(0, 8);
  private Bucket faults;
  private S3Client admin;
  private S3ObjectStore store;
  private Requests.Count before;

  @BeforeEach
  void open() throws Exception {
    assumeTrue(
        System.getenv("R2_ADMIN_ACCESS_KEY_ID") != null,
        "needs the lab's stand-in for R2: its R2_… variables, as r2.env has them");
    faults = Bucket.assumed(directory);
    faults.keys(
        System.getenv("R2_ADMIN_ACCESS_KEY_ID"), System.getenv("R2_ADMIN_SECRET_ACCESS_KEY"));
    AgentConfig.Bucket told =
        new AgentConfig.Bucket(
            System.getenv("R2_ENDPOINT"), "auto", bucket, faults.prefix(), false);
    Path authority = Path.of(System.getenv("R2_CA"));
    admin = S3Clients.open(told, directory, authority, new Requests());
    admin.createBucket(it -> it.bucket(bucket));
    before = billed();
    store = S3ObjectStore.open(told, directory, authority);
  }

  @AfterEach
  void clear() throws Exception {
    if (store != null) {
      store.delete(store.list("").stream().map(ObjectStore.Stored::key).toList());
      store.abortAbandoned("", Instant.now().plusSeconds(60));
      admin.deleteBucket(it -> it.bucket(bucket));
      admin.close();
      store.close();
    }
  }

  /** What the stand-in would bill for the bucket. */
  private Requests.Count billed() throws Exception {
    String stats =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://" + System.getenv("R2_CONTROL") + "/stats"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return new Requests.Count(billed(stats, "A"), billed(stats, "B"), 0);
  }

  private long billed(String stats, String operations) {
    Matcher matcher =
        Pattern.compile("\"" + bucket + "/[^/\"]*/" + operations + "\":(\\d+)").matcher(stats);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private void assertCounted() throws Exception {
    Requests.Count counted = store.requests().count();
    Requests.Count theirs = billed().since(before);
    assertThat(List.of(counted.classA(), counted.classB()))
        .isEqualTo(List.of(theirs.classA(), theirs.classB()));
    assertThat(counted.isFree()).isFalse();
  }

  private String key(String name) {
    return faults.prefix() + "/" + name;
  }

  @Test
  void everyOperationIsOfTheClassThatItIsBilledAs() throws Exception {
    StoreProbe.run(store, faults.prefix(), Clock.systemUTC());
    store.put(key("a"), CONTENT);
    assertThat(store.putIfAbsent(key("a"), new byte[] {1})).isFalse();
    assertThat(store.head(key("none"))).isEmpty();
    try (InputStream in = store.get(key("a"))) {
      assertThat(in.readAllBytes()).isEqualTo(CONTENT);
    }
    store.store(
        key("b"), Content.of(CONTENT), "text/plain", ConditionalStore.Condition.matches("none"));
    ObjectStore.Upload given = store.upload(key("given-up"));
    given.write(new byte[ObjectStore.PART_BYTES + 1], 0, ObjectStore.PART_BYTES + 1);
    given.close();
    assertThat(store.listing(faults.prefix()).next()).isPresent();
    assertCounted();
    Requests.Count counted = store.requests().count();
    store.delete(List.of(key("a")));
    assertThat(store.requests().count()).isEqualTo(counted);
    assertCounted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status 503", "status 500", "status 429", "deny", "truncate"})
  void whatIsTriedAgainIsCountedAsItIsBilled(String fault) throws Exception {
    faults.fault("PutObject", fault, fault.equals("deny") ? 1 : 2);
    try {
      store.put(key("a"), CONTENT);
    } catch (StoreException denied) {
      assertThat(denied.reason()).isEqualTo("AccessDenied");
    }
    store.put(key("b"), CONTENT);
    store.put(key("c"), CONTENT);
    assertCounted();
  }

  @Test
  void bytesThatWereStoredAreCountedOnce() throws Exception {
    faults.fault("PutObject", "status 503", 1);
    store.put(key("a"), CONTENT);
    assertThat(store.requests().count().bytes()).isEqualTo(CONTENT.length);
  }
}
