package io.sanadflow.studyhub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.store.Bucket;
import io.sanadflow.studyhub.store.ConditionalStore.Condition;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.S3ObjectStore;
import io.sanadflow.studyhub.store.S3Ranges;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gateway on the bad days of a bucket, on the lab's stand-in for R2. To run it: {@code set -a;
 * . $LAB_HOME/r2.env; mvn -pl operator/controller test -Dtest=R2GatewayTest}.
 */
class R2GatewayTest {

  private static final byte[] LARGE = content(9 << 20);
  private static final byte[] SMALL = content(3000);

  @TempDir private Path directory;
  private Bucket bucket;
  private S3ObjectStore store;
  private Served served;

  @BeforeEach
  void open() throws Exception {
    bucket = Bucket.ofMedia("gw", directory);
    store = bucket.open();
    put("large.mp4", LARGE);
    put("term 1/é 🎓", SMALL);
    put("empty", new byte[0]);
    served =
        new Served(
            directory,
            S3Ranges.open(bucket.told(), directory, Bucket.authority()),
            bucket.prefix(),
            Optional.empty());
  }

  @AfterEach
  void clear() throws Exception {
    if (served != null) {
      served.close();
    }
    if (store != null) {
      store.close();
      bucket.clear();
    }
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  /** As offload stores a file. */
  private void put(String path, byte[] content) throws IOException {
    Path file = directory.resolve("file");
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-03-04T05:06:07.123456Z")));
    store
        .store(bucket.prefix() + "/files/" + path, Content.of(file), "video/mp4", Condition.ALWAYS)
        .orElseThrow();
  }

  @Test
  void mediaAreGivenOutWithRangesAndConditions() throws Exception {
    HttpResponse<byte[]> whole = served.get("/large.mp4");
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(Arrays.equals(whole.body(), LARGE)).isTrue();
    String etag = Served.header(whole, "etag");
    assertThat(etag).isEqualTo("\"64c2bc70d9000-900000\"");
    assertThat(Served.header(whole, "last-modified")).isEqualTo("Wed, 04 Mar 2026 05:06:07 GMT");

    HttpResponse<byte[]> part =
        served.get("/large.mp4", "Range", "bytes=9000000-", "If-Range", etag);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(LARGE, 9_000_000, LARGE.length));
    assertThat(served.get("/large.mp4", "Range", "bytes=9437184-").statusCode()).isEqualTo(416);
    assertThat(served.get("/large.mp4", "If-None-Match", etag).statusCode()).isEqualTo(304);
    assertThat(served.get("/term%201/%C3%A9%20%F0%9F%8E%93").body()).isEqualTo(SMALL);
    assertThat(served.get("/empty").body()).isEmpty();
    assertThat(served.get("/absent").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"reset", "status 503", "status 500", "truncate", "hang 2s", "slow 4000kB/s"})
  void aFaultThatPassesIsNotNoticed(String fault) throws Exception {
    bucket.faultOfMedia("GetObject", fault, 1);

    HttpResponse<byte[]> answer = served.get("/large.mp4");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Arrays.equals(answer.body(), LARGE)).isTrue();
    bucket.faultOfMedia("HeadObject", fault.equals("truncate") ? "reset" : fault, 1);
    assertThat(served.get("/large.mp4", "Range", "bytes=5-9").body())
        .isEqualTo(Arrays.copyOfRange(LARGE, 5, 10));
  }

  @ParameterizedTest
  @CsvSource({
    "reset, 503",
    "status 503, 503",
    "status 429, 503",
    "status 500, 503",
    "hang 30s, 503",
    "deny, 502",
  })
  void aFaultThatStaysIsToldWithinSeconds(String fault, int status) throws Exception {
    bucket.faultOfMedia("GetObject", fault, 4);
    Instant asked = Instant.now();

    HttpResponse<byte[]> answer = served.get("/large.mp4");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Served.header(answer, "retry-after")).isNotEmpty();
    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(25));
    for (int left = 0; left < 4 && served.get("/large.mp4").statusCode() != 200; left++) {
      // A fault that is not used up.
    }
    assertThat(Arrays.equals(served.get("/large.mp4").body(), LARGE)).isTrue();
  }

  @Test
  void whatIsDamagedOnItsWayIsNotGivenOutAsIfItWereWhole() throws Exception {
    bucket.faultOfMedia("GetObject", "corrupt", 1);

    HttpResponse<byte[]> answer = served.get("/term%201/%C3%A9%20%F0%9F%8E%93");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(served.get("/term%201/%C3%A9%20%F0%9F%8E%93").body()).isEqualTo(SMALL);
  }
}
