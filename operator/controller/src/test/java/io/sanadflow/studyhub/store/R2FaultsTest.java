package io.sanadflow.studyhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bad days of a bucket, on the lab's stand-in for R2. To run it: {@code set -a; .
 * $LAB_HOME/r2.env; mvn -pl operator/controller test -Dtest=R2FaultsTest}.
 */
class R2FaultsTest {

  private static final byte[] CONTENT = "some content".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;
  private Bucket bucket;
  private S3ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    bucket = Bucket.assumed(directory);
    store = bucket.open();
  }

  @AfterEach
  void clear() throws Exception {
    if (store != null) {
      store.close();
      bucket.ownKeys();
      bucket.clear();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reset",
        "status 429",
        "status 503",
        "status 500",
        "corrupt",
        "truncate",
        "hang 2s"
      })
  void aPutOutlivesAPassingFault(String fault) throws Exception {
    bucket.fault("PutObject", fault, 1);
    store.put(key("put"), CONTENT);
    assertThat(read(key("put"))).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "status 503", "truncate"})
  void anOwnerIsFoundToBeOursThoughItsAnswerWasLost(String fault) throws Exception {
    bucket.fault("PutObject", fault, 1);
    assertThat(store.putIfAbsent(key("owner.json"), CONTENT)).isTrue();
    assertThat(store.putIfAbsent(key("owner.json"), new byte[] {1})).isFalse();
    assertThat(read(key("owner.json"))).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CreateMultipartUpload reset",
        "CreateMultipartUpload status 503",
        "UploadPart reset",
        "UploadPart status 429",
        "UploadPart status 503",
        "UploadPart corrupt",
        "UploadPart truncate",
        "UploadPart hang 2s",
        "UploadPart slow 4000kB/s",
        "CompleteMultipartUpload reset",
        "CompleteMultipartUpload status 503",
        "CompleteMultipartUpload truncate",
      })
  void anUploadOutlivesAPassingFault(String fault) throws Exception {
    int space = fault.indexOf(' ');
    bucket.fault(fault.substring(0, space), fault.substring(space + 1), 1);
    byte[] content = content(2 * ObjectStore.PART_BYTES + 17);
    try (ObjectStore.Upload upload = store.upload(key("parts"))) {
      upload.write(content, 0, content.length);
      assertThat(upload.complete().bytes()).isEqualTo(content.length);
    }
    assertThat(read(key("parts"))).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "status 503", "status 429", "truncate", "hang 2s", "corrupt"})
  void aReadOutlivesAPassingFault(String fault) throws Exception {
    store.put(key("small"), CONTENT);
    bucket.fault("GetObject", fault, 1);
    assertThat(read(key("small"))).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncate", "reset", "slow 4000kB/s"})
  void aLongReadIsTakenUpWhereItBroke(String fault) throws Exception {
    byte[] content = content(5 * 1024 * 1024);
    store.put(key("long"), content);
    bucket.fault("GetObject", fault, 1);
    assertThat(read(key("long"))).isEqualTo(content);
  }

  @Test
  void aLongReadThatIsDamagedSaysSo() throws Exception {
    store.put(key("long"), content(5 * 1024 * 1024));
    bucket.fault("GetObject", "corrupt", 1);
    assertThatThrownBy(() -> read(key("long")))
        .isInstanceOfSatisfying(
            StoreException.class, it -> assertThat(it.reason()).isEqualTo("Corrupted"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "status 503", "status 429", "hang 2s"})
  void aHeadOutlivesAPassingFault(String fault) throws Exception {
    store.put(key("a"), CONTENT);
    store.put(key("b"), CONTENT);
    bucket.fault("HeadObject", fault, 1);
    assertThat(store.head(key("a"))).isPresent();
    assertThat(store.list(bucket.prefix() + "/").stream().map(ObjectStore.Stored::key))
        .containsExactly(key("a"), key("b"));
  }

  @Test
  void anUploadThatIsDeniedHalfwayLeavesNothing() throws Exception {
    ObjectStore.Upload upload = store.upload(key("denied"));
    byte[] content = content(ObjectStore.PART_BYTES + 1);
    bucket.fault("UploadPart", "deny", 2);
    StoreException denied =
        catchThrowableOfType(
            StoreException.class,
            () -> {
              upload.write(content, 0, content.length);
              upload.complete();
            });
    upload.close();
    assertThat(denied.reason()).isEqualTo("AccessDenied");
    assertThat(denied).hasMessageContaining("Object Read & Write");
    assertThat(store.head(key("denied"))).isEmpty();
    assertThat(store.abortAbandoned(bucket.prefix(), Instant.now().plusSeconds(60))).isZero();
  }

  @Test
  void whatWasStartedAndNeverEndedIsGivenUp() throws Exception {
    byte[] content = content(ObjectStore.PART_BYTES + 1);
    ObjectStore.Upload killed = store.upload(key("killed"));
    killed.write(content, 0, content.length);
    assertThat(store.abortAbandoned(bucket.prefix(), Instant.now().minusSeconds(3600))).isZero();
    assertThat(store.abortAbandoned(bucket.prefix(), Instant.now().plusSeconds(60))).isEqualTo(1);
  }

  @Test
  void faultsThatStayAreTold() throws Exception {
    bucket.fault("PutObject", "status 503", 6);
    StoreException busy = refused(() -> store.put(key("busy"), CONTENT));
    assertThat(busy.reason()).isEqualTo("TooManyRequests");
  }

  @Test
  void theProbeLeavesNothing() throws Exception {
    StoreProbe.Result result = StoreProbe.run(store, bucket.prefix(), Clock.systemUTC());
    assertThat(result.notes()).isEmpty();
    assertThat(result.slowestMillis()).isPositive();
    assertThat(store.list(bucket.prefix())).isEmpty();
  }

  @Test
  void theProbeTellsATokenThatMayOnlyRead() throws Exception {
    bucket.fault("PutObject", "deny", 2);
    StoreException denied =
        refused(() -> StoreProbe.run(store, bucket.prefix(), Clock.systemUTC()));
    assertThat(denied.reason()).isEqualTo("ReadOnlyToken");
    assertThat(denied).hasMessageContaining("may read");
  }

  @Test
  void eachWrongSettingHasItsOwnMessage() throws Exception {
    AgentConfig.Bucket told = bucket.told();
    assertThat(reason(told.endpoint(), "auto", "no-such-bucket"))
        .isIn("BucketMissing", "AccessDenied");
    assertThat(reason(told.endpoint(), "eu-central-7", told.bucket())).isEqualTo("WrongRegion");
    assertThat(reason("https://nowhere.invalid", "auto", told.bucket())).isEqualTo("Unreachable");
    String id = System.getenv("R2_ACCESS_KEY_ID");
    bucket.keys(id, "0".repeat(64));
    assertThat(reason(told.endpoint(), "auto", told.bucket())).isEqualTo("SignatureMismatch");
    bucket.keys("0".repeat(32), "0".repeat(64));
    assertThat(reason(told.endpoint(), "auto", told.bucket())).isEqualTo("AccessDenied");
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsTold() throws Exception {
    try (S3ObjectStore distrusting =
        S3ObjectStore.open(bucket.told(), directory, directory.resolve("no-ca.crt"))) {
      assertThat(refused(() -> distrusting.put(key("x"), CONTENT)).reason())
          .isEqualTo("CertificateNotTrusted");
    }
  }

  @Test
  void aMissingObjectIsToldFromAMissingBucket() throws Exception {
    assertThat(refused(() -> store.get(key("absent"))).reason()).isEqualTo("NotFound");
    store.delete(List.of(key("absent")));
  }

  private String reason(String endpoint, String region, String name) throws Exception {
    try (S3ObjectStore other =
        bucket.open(new AgentConfig.Bucket(endpoint, region, name, bucket.prefix(), false))) {
      StoreException failed = refused(() -> other.put(key("x"), CONTENT));
      assertThat(failed.getMessage()).doesNotContain("0".repeat(32));
      return failed.reason();
    }
  }

  private static StoreException refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable deed) {
    StoreException failed = catchThrowableOfType(StoreException.class, deed);
    assertThat(failed).isNotNull();
    return failed;
  }

  private byte[] read(String key) throws Exception {
    try (InputStream stream = store.get(key)) {
      return stream.readAllBytes();
    }
  }

  private String key(String name) {
    return bucket.prefix() + "/" + name;
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }
}
