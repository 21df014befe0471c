package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hub with a bucket is backed up at once, says so, and says why when it is not. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Hub hub = new Hub(cluster, "pilot");
  private static Bucket bucket;

  @BeforeAll
  static void aHub() {
    bucket = Bucket.open("backup").grantTo(cluster);
    hub.startWith(bucket, LIMIT);
    hub.awaitBackup(LIMIT);
  }

  @AfterAll
  static void cleanUp() {
    bucket.close();
  }

  private static JsonNode status() {
    return hub.get().path("status");
  }

  @Test
  @Order(1)
  void theFirstBackupIsMadeAtOnceAndIsInTheCatalogue() {
    assertThat(status().path("objectStore").path("state").asText()).isEqualTo("Works");
    assertThat(hub.conditions().get("Degraded").status()).isEqualTo("False");
    String key = status().path("backup").path("lastKey").asText();
    String stem = key.substring(bucket.prefix().length() + 1).replace(".dump", "");
    assertThat(bucket.keys("")).contains(stem + ".dump", stem + ".json", "owner.json");
    JsonNode manifest = bucket.json(stem + ".json");
    assertThat(manifest.path("sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(manifest.path("dump").path("rows").path("public.notes").asLong(-1)).isZero();
    assertThat(
            cluster.kubectl("get", "studyhubbackups", "-o", "jsonpath={.items[*].spec.type}").out())
        .contains("Dump", "Base");
  }

  @Test
  @Order(2)
  void aPersonGetsABackupByCreatingOne() {
    hub.write("kept");

    new Restore(cluster, "pilot").back("now");

    String key =
        cluster
            .kubectl("get", "studyhubbackup", "now", "-o", "jsonpath={.status.key}")
            .out()
            .strip();
    JsonNode manifest =
        bucket.json(key.substring(bucket.prefix().length() + 1).replace(".dump", ".json"));
    assertThat(manifest.path("dump").path("rows").path("public.notes").asLong()).isEqualTo(1);
  }

  @Test
  @Order(3)
  void aWrongTokenIsToldAndARightOneMends() {
    bucket.grant(cluster, "0123456789abcdef0123456789abcdef", "f".repeat(64));

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(hub.conditions().get("Degraded").reason())
                    .startsWith("Store")
                    .isNotEqualTo("Store"));
    assertThat(hub.conditions().get("Degraded").message())
        .contains("object store")
        .doesNotContain("f".repeat(64));
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("True");

    bucket.grantTo(cluster);
    await()
        .atMost(LIMIT)
        .until(() -> status().path("objectStore").path("state").asText().equals("Works"));
    await().atMost(LIMIT).until(() -> hub.conditions().get("Degraded").status().equals("False"));
  }

  @Test
  @Order(4)
  void aScheduleThatIsDeletedComesBack() {
    cluster.kubectl("delete", "cronjob", "pilot-backup").orFail();

    await()
        .atMost(LIMIT)
        .until(
            () ->
                cluster
                    .kubectl(
                        "get",
                        "cronjob",
                        "pilot-backup",
                        "--ignore-not-found",
                        "-o",
                        "jsonpath={.spec.timeZone}")
                    .out()
                    .strip()
                    .equals("Asia/Singapore"));
  }
}
