package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A restore drill proves the newest backup, measures how long it takes, and tells what fails. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DrillIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore backups = new Restore(cluster, "pilot");
  private static final Agents agents = new Agents(cluster, "pilot");
  private static Bucket bucket;

  @BeforeAll
  static void aHubWithABackup() {
    bucket = Bucket.open("drill").grantTo(cluster);
    hub.startWith(bucket, LIMIT);
    hub.write("kept");
    backups.back("first");
  }

  @AfterAll
  static void cleanUp() {
    bucket.close();
  }

  private static JsonNode backup() {
    return hub.get().path("status").path("backup");
  }

  private static String key(String backup) {
    return cluster
        .kubectl("get", "studyhubbackup", backup, "-o", "jsonpath={.status.key}")
        .orFail();
  }

  private static void awaitVerification(String backup, String verification) {
    await(backup + " is " + verification)
        .atMost(LIMIT)
        .until(
            () ->
                cluster
                    .kubectl(
                        "get", "studyhubbackup", backup, "-o", "jsonpath={.status.verification}")
                    .orFail()
                    .equals(verification));
  }

  @Test
  @Order(1)
  void aDrillStartedByHandProvesTheNewestBackup() {
    agents.start("drill", "drill-of-a-person");

    await().atMost(LIMIT).until(() -> backup().path("lastDrill").path("succeeded").asBoolean());
    JsonNode drill = backup().path("lastDrill");
    assertThat(drill.path("key").asText()).isEqualTo(key("first"));
    assertThat(drill.path("recoveryTime").asText()).matches("\\d+s|\\d+m\\d+s");
    assertThat(drill.path("recoveryPoint").asText()).matches("\\d+s|\\d+m\\d+s");
    assertThat(cluster.kubectl("get", "shub", "pilot", "-o", "wide").orFail().lines().toList())
        .satisfies(
            it -> {
              assertThat(it.get(0)).contains("RTO");
              assertThat(it.get(1)).endsWith(drill.path("recoveryTime").asText());
            });
    awaitVerification("first", "Restored");
    assertThat(hub.conditions().get("Degraded").status()).isEqualTo("False");
  }

  @Test
  @Order(2)
  void aDumpThatWasChangedInTheBucketFailsTheDrill() {
    Instant longAgo = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(40));
    String old = new Past(bucket, key("first")).dump(longAgo);
    // With 40 days to keep, the backup to come leaves the old one alone.
    hub.patch("{backup: {retention: {days: 100}}}").orFail();
    backups.back("second");
    hub.patch("{backup: {retention: {days: 30}}}").orFail();
    hub.awaitReady(LIMIT);
    String content = Past.stem(bucket, key("second")) + ".dump";
    byte[] bytes = bucket.get(content);
    bytes[bytes.length / 2] ^= 0x55;
    bucket.put(content, bytes);

    agents.start("drill", "drill-of-changed");

    hub.awaitCondition("Degraded", "True", LIMIT);
    assertThat(hub.conditions().get("Degraded").reason()).isEqualTo("DrillFailed");
    assertThat(hub.conditions().get("Degraded").message())
        .contains("Tampered", content, "SHA-256", "--from=cronjob/pilot-drill");
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("True");
    assertThat(backup().path("lastDrill").path("succeeded").asBoolean(true)).isFalse();
    awaitVerification("second", "Failed");
    // Of what can be restored it is the newest no more.
    await().atMost(LIMIT).until(() -> backup().path("lastKey").asText().equals(key("first")));
    assertThat(agents.run("prune", "see-nothing"))
        .contains("Nothing is deleted", content)
        .doesNotContain("would delete " + bucket.prefix());
    assertThat(bucket.keys(old)).isNotEmpty();
  }

  @Test
  @Order(3)
  void aNewerBackupAndItsDrillMendIt() {
    backups.back("third");
    agents.start("drill", "drill-of-good");

    awaitVerification("third", "Restored");
    hub.awaitCondition("Degraded", "False", LIMIT);
    assertThat(backup().path("lastDrill").path("key").asText()).isEqualTo(key("third"));
    assertThat(backup().path("lastKey").asText()).isEqualTo(key("third"));
  }

  @Test
  @Order(4)
  void drillsRunByTheirSchedule() {
    String before = backup().path("lastDrill").path("time").asText();

    hub.patch("{backup: {drill: {schedule: \"* * * * *\"}}}").orFail();

    await()
        .atMost(LIMIT)
        .until(() -> !backup().path("lastDrill").path("time").asText().equals(before));
    assertThat(backup().path("lastDrill").path("succeeded").asBoolean()).isTrue();
  }
}
