package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a bucket does on a bad day: a fault that passes costs time, one that stays is told, and the
 * next backup mends it. Nothing that is not whole is ever seen in the bucket.
 */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadStoreIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Lets a part pass, so that the next fault comes between parts. */
  private static final String HARMLESS = "slow 50000kB/s";

  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore restores = new Restore(cluster, "pilot");
  private static Bucket bucket;
  private static int number;

  @BeforeAll
  static void aHubWhoseDumpHasParts() {
    bucket = Bucket.open("badstore").grantTo(cluster);
    hub.startWith(bucket, LIMIT);
    hub.awaitBackup(LIMIT);
    restores.ballast();
    hub.write("kept");
  }

  @AfterAll
  static void cleanUp() {
    if (bucket != null) {
      bucket.close();
    }
  }

  @Test
  @Order(1)
  void anUploadThatIsCutThrottledDamagedSlowedAndSilencedSucceeds() {
    for (String fault :
        List.of(
            "reset",
            "status 429",
            "status 503",
            "corrupt",
            HARMLESS,
            "truncate",
            // Longer than the agent waits for an answer.
            "hang 65s",
            "slow 1000kB/s")) {
      bucket.fault("UploadPart", "daily/", 1, fault);
    }

    restores.back("through");

    assertThat(bucket.faultsLeft()).isZero();
    assertThat(bucket.uploads()).isEmpty();
    String key = restores.backupStatus("through").path("key").asText();
    String content = key.substring(bucket.prefix().length() + 1);
    JsonNode manifest = bucket.json(content.replace(".dump", ".json"));
    assertThat(sha256(bucket.get(content))).isEqualTo(manifest.path("sha256").asText());
    assertThat(manifest.path("dump").path("rows").path("public.notes").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "status 503, 6, TooManyRequests, the next run tries again",
    "status 429, 6, TooManyRequests, the next run tries again",
    "reset, 6, Unreachable, spec.objectStore.endpoint",
    "deny, 1, AccessDenied, Object Read & Write",
  })
  @Order(2)
  void aFaultThatStaysIsToldAndTheNextBackupMends(
      String fault, int attempts, String reason, String cure) {
    List<String> before = bucket.keys("daily/");
    bucket.fault("UploadPart", "daily/", 1, HARMLESS);
    bucket.fault("UploadPart", "daily/", attempts, fault);
    number++;

    restores.ask("failed-" + number, "Dump");
    JsonNode outcome = restores.outcome("failed-" + number);

    assertThat(bucket.faultsLeft()).isZero();
    assertThat(outcome.path("status").asText()).as(outcome.toString()).isEqualTo("False");
    assertThat(outcome.path("reason").asText()).isEqualTo(reason);
    assertThat(outcome.path("message").asText()).contains(cure);
    assertThat(bucket.uploads()).isEmpty();
    assertThat(bucket.keys("daily/")).isEqualTo(before);
    hub.awaitDegraded("BackupFailed", LIMIT);
    assertThat(hub.conditions().get("Degraded").message()).contains(reason, cure);
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("True");

    restores.back("mended-" + number);
    hub.awaitCondition("Degraded", "False", LIMIT);
  }

  @Test
  @Order(3)
  void aBucketThatIsDeletedIsToldAndOneThatIsMadeAgainTakesBackups() {
    Bucket own = Bucket.own("badstore").grantTo(cluster);
    try {
      hub.patch("{objectStore: " + own.spec("") + "}").orFail();
      await().atMost(LIMIT).until(() -> !own.keys("daily/").isEmpty());
      await().atMost(LIMIT).until(() -> restores.running().isEmpty());
      own.destroy();

      restores.ask("nowhere", "Dump");
      JsonNode outcome = restores.outcome("nowhere");
      assertThat(outcome.path("status").asText()).isEqualTo("False");
      assertThat(outcome.path("reason").asText()).isEqualTo("BucketMissing");
      hub.awaitDegraded("BackupFailed", LIMIT);
      assertThat(hub.conditions().get("Degraded").message())
          .contains("BucketMissing", "make it, or mend spec.objectStore.bucket");

      own.make();
      restores.back("again");
      hub.awaitCondition("Degraded", "False", LIMIT);
    } finally {
      own.close();
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
