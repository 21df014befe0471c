package io.sanadflow.studyhub.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.store.Bucket;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ObjectStore;
import io.sanadflow.studyhub.store.S3ObjectStore;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Media on the bad days of a bucket, on the lab's stand-in for R2. To run it: {@code set -a; .
 * $LAB_HOME/r2.env; mvn -pl operator/controller test -Dtest=R2OffloadTest}.
 */
class R2OffloadTest {

  private static final int LARGE = 17 << 20;

  @TempDir private Path directory;
  private Bucket bucket;
  private final Map<String, byte[]> files = new TreeMap<>();
  private Path media;
  private Clock clock = Clock.systemUTC();
  private S3ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    bucket = Bucket.ofMedia("off", directory);
    media = Files.createDirectories(directory.resolve("media"));
    store = bucket.open();
    Random random = new Random(7);
    for (String name :
        List.of(
            "a b.txt",
            "empty",
            "a..b",
            "dir/.hidden",
            "dir/🎓 x",
            "dir.txt",
            "ملف/é+%20",
            "large")) {
      byte[] content = new byte[name.equals("empty") ? 0 : name.equals("large") ? LARGE : 3000];
      random.nextBytes(content);
      files.put(name, content);
      write(name, content);
    }
  }

  @AfterEach
  void clear() throws Exception {
    if (store != null) {
      store.close();
      bucket.clear();
    }
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = media.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
  }

  private Offloading.Outcome run(OffloadMode mode, Place app) throws IOException {
    AgentConfig.Offload told = new AgentConfig.Offload(bucket.told(), true, mode, 1, 3600, 0);
    AgentConfig config =
        new AgentConfig(
            "pilot",
            "hubs",
            null,
            null,
            new AgentConfig.Database("pilot-db", 5432, "hub", "postgres", true),
            media.toString(),
            false,
            new AgentConfig.Retention(7, 30, 0, 0, 3),
            told,
            null);
    return Offloading.open(config, told, store, media, directory, clock, it -> {}).run(app, LARGE);
  }

  private void assertAllInBucket() throws IOException {
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String key = bucket.prefix() + "/files/" + file.getKey();
      keys.add(key);
      try (InputStream in = store.get(key)) {
        assertThat(Arrays.equals(in.readAllBytes(), file.getValue())).as(key).isTrue();
      }
      assertThat(store.describe(key).orElseThrow().sha256()).isPresent();
    }
    assertThat(store.list(bucket.prefix() + "/files/").stream().map(ObjectStore.Stored::key))
        .containsExactlyInAnyOrderElementsOf(keys);
  }

  private void assertAllOnVolume() throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      assertThat(Arrays.equals(Files.readAllBytes(media.resolve(file.getKey())), file.getValue()))
          .as(file.getKey())
          .isTrue();
    }
  }

  private long left() throws IOException {
    try (var all = Files.walk(media)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  private void later() {
    clock = Clock.offset(clock, Duration.ofHours(2));
  }

  @Test
  void mediaMoveAndComeHome() throws Exception {
    assertThat(run(OffloadMode.CUT_OVER, Place.VOLUME).offload().phase())
        .isEqualTo(OffloadPhase.CUTTING_OVER);
    assertThat(run(OffloadMode.CUT_OVER, Place.BUCKET).offload().phase())
        .isEqualTo(OffloadPhase.OFFLOADED);
    assertAllInBucket();
    assertAllOnVolume();
    later();
    assertThat(run(OffloadMode.CUT_OVER, Place.BUCKET).offload().removed()).isEqualTo(files.size());
    assertThat(left()).isZero();
    assertAllInBucket();
    assertThat(run(OffloadMode.RESTORE, Place.BUCKET).offload().phase())
        .isEqualTo(OffloadPhase.RETURNING);
    assertAllOnVolume();
    assertThat(run(OffloadMode.RESTORE, Place.VOLUME).offload().phase())
        .isEqualTo(OffloadPhase.LOCAL);
    assertThat(left()).isEqualTo(files.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PutObject reset",
        "PutObject status 429",
        "PutObject status 503",
        "PutObject hang 2s",
        "PutObject slow 2kB/s",
        "PutObject corrupt",
        "PutObject truncate",
        "UploadPart reset",
        "UploadPart status 503",
        "UploadPart corrupt",
        "UploadPart truncate",
        "CreateMultipartUpload status 503",
        "CompleteMultipartUpload truncate",
        "CompleteMultipartUpload reset",
        "ListObjectsV2 status 503",
      })
  void copyingOutlivesAPassingFault(String fault) throws Exception {
    int space = fault.indexOf(' ');
    bucket.faultOfMedia(fault.substring(0, space), fault.substring(space + 1), 2);
    Offloading.Outcome outcome = run(OffloadMode.CUT_OVER, Place.VOLUME);
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.CUTTING_OVER);
    assertAllInBucket();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PutObject deny", "UploadPart deny", "CompleteMultipartUpload deny"})
  void aDenialIsToldAndTheNextRunGoesOn(String fault) throws Exception {
    int space = fault.indexOf(' ');
    bucket.faultOfMedia(fault.substring(0, space), fault.substring(space + 1), 1);
    assertThatThrownBy(() -> run(OffloadMode.CUT_OVER, Place.VOLUME))
        .isInstanceOfSatisfying(
            StoreException.class, it -> assertThat(it.reason()).isEqualTo("AccessDenied"));
    assertAllOnVolume();
    assertThat(store.abortAbandoned(bucket.prefix(), Instant.now().plusSeconds(60))).isZero();
    assertThat(run(OffloadMode.CUT_OVER, Place.VOLUME).offload().phase())
        .isEqualTo(OffloadPhase.CUTTING_OVER);
    assertAllInBucket();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "status 503", "hang 2s", "status 429"})
  void removalOutlivesAPassingFault(String fault) throws Exception {
    run(OffloadMode.CUT_OVER, Place.VOLUME);
    bucket.faultOfMedia("HeadObject", fault, 2);
    run(OffloadMode.CUT_OVER, Place.BUCKET);
    later();
    bucket.faultOfMedia("HeadObject", fault, 2);
    assertThat(run(OffloadMode.CUT_OVER, Place.BUCKET).offload().removed()).isEqualTo(files.size());
    assertAllInBucket();
  }

  @Test
  void removalThatIsDeniedKeepsWhatItCouldNotLookAt() throws Exception {
    run(OffloadMode.CUT_OVER, Place.VOLUME);
    run(OffloadMode.CUT_OVER, Place.BUCKET);
    later();
    bucket.faultOfMedia("HeadObject", "deny", 1);
    assertThatThrownBy(() -> run(OffloadMode.CUT_OVER, Place.BUCKET))
        .isInstanceOf(StoreException.class);
    assertThat(left()).isPositive();
    assertAllInBucket();
    run(OffloadMode.CUT_OVER, Place.BUCKET);
    assertThat(left()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "status 503", "truncate", "hang 2s", "slow 4000kB/s", "corrupt"})
  void theReturnOutlivesAPassingFault(String fault) throws Exception {
    run(OffloadMode.CUT_OVER, Place.VOLUME);
    run(OffloadMode.CUT_OVER, Place.BUCKET);
    later();
    run(OffloadMode.CUT_OVER, Place.BUCKET);
    assertThat(left()).isZero();
    bucket.faultOfMedia("GetObject", fault, 1);
    Offloading.Outcome outcome = run(OffloadMode.RESTORE, Place.BUCKET);
    if (outcome.failure() != null) {
      // What is large and was damaged on its way is fetched by the next run.
      outcome = run(OffloadMode.RESTORE, Place.BUCKET);
    }
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.RETURNING);
    assertAllOnVolume();
  }

  @Test
  void conditionsHold() throws Exception {
    var content = io.sanadflow.studyhub.store.Content.of(new byte[] {1});
    var other = io.sanadflow.studyhub.store.Content.of(media.resolve("large"));
    String key = bucket.prefix() + "/files/x";
    String type = "image/png";
    var absent = ConditionalStore.Condition.ABSENT;
    var stored = store.store(key, content, type, absent).orElseThrow();
    assertThat(store.store(key, content, type, absent)).isEmpty();
    assertThat(store.store(key, other, type, absent)).isEmpty();
    assertThat(store.abortAbandoned(bucket.prefix(), Instant.now().plusSeconds(60))).isZero();
    var matches = ConditionalStore.Condition.matches(stored.etag());
    Thread.sleep(1100); // One write a second and key.
    var replaced = store.store(key, other, type, matches).orElseThrow();
    assertThat(replaced.etag()).isEqualTo(other.etag()).endsWith("-3");
    assertThat(store.store(key, content, type, matches)).isEmpty();
    store.delete(List.of(key));
    assertThat(store.store(key, content, type, matches)).isEmpty();
  }

  @Test
  void whatTheAppWritesMeanwhileWins() throws Exception {
    run(OffloadMode.CUT_OVER, Place.VOLUME);
    store.put(bucket.prefix() + "/files/a..b", new byte[] {1});
    write("a..b", new byte[] {2, 3});
    write("new", new byte[] {4});
    run(OffloadMode.CUT_OVER, Place.BUCKET);
    try (InputStream in = store.get(bucket.prefix() + "/files/a..b")) {
      assertThat(in.readAllBytes()).containsExactly(1);
    }
    try (InputStream in = store.get(bucket.prefix() + "/files/new")) {
      assertThat(in.readAllBytes()).containsExactly(4);
    }
    later();
    run(OffloadMode.CUT_OVER, Place.BUCKET);
    assertThat(left()).isZero();
  }
}
