package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** What was deleted by mistake comes back, and a restore that fails leaves what was there. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore restores = new Restore(cluster, "pilot");
  private static final Operator operator = new Operator(cluster);
  private static Bucket bucket;

  @BeforeAll
  static void aHubWithABackup() {
    bucket = Bucket.open("restore").grantTo(cluster);
    hub.startWith(bucket, LIMIT);
    hub.write("first");
    hub.write("second");
    restores.back("before");
  }

  @AfterAll
  static void cleanUp() {
    operator.sheathe();
    bucket.close();
  }

  private static void deleteAll() {
    restores.sql("hub", "DELETE FROM notes");
    assertThat(hub.count()).isZero();
  }

  @Test
  @Order(1)
  void theNewestBackupComesBackAndWhatWasThereStays() {
    deleteAll();

    restores.create("latest", "latest: true");
    restores.awaitPhase("latest", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(2);
    String previous = restores.status("latest").path("previousDatabase").asText();
    assertThat(restores.sql(previous, "SELECT count(*) FROM notes")).isEqualTo("0");
    assertThat(restores.status("latest").path("rows").asLong()).isPositive();
  }

  @Test
  @Order(2)
  void whatWasThereGoesByTheUsersWord() {
    String previous = restores.status("latest").path("previousDatabase").asText();

    cluster
        .kubectl(
            "patch", "studyhubrestore", "latest", "--type=merge", "-p", "spec: {previous: Drop}")
        .orFail();

    await().atMost(LIMIT).until(() -> !restores.databases().contains(previous));
    await()
        .atMost(LIMIT)
        .until(() -> restores.status("latest").path("previousDatabase").isMissingNode());
  }

  @Test
  @Order(3)
  void aNamedBackupComesBackAndOfTwoAtOnceOneWaits() {
    deleteAll();

    restores.create("one", "backupRef: {name: before}, previous: Drop");
    restores.create("two", "backupRef: {name: before}, previous: Drop");
    await().atMost(LIMIT).until(() -> restores.reason("two").equals("AnotherRestore"));
    restores.awaitPhase("one", "Succeeded", LIMIT);
    restores.awaitPhase("two", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(2);
  }

  @Test
  @Order(4)
  void aFailureLeavesWhatWasThere() {
    hub.write("third");
    cluster
        .kubectlWith(
            """
            apiVersion: sanadflow.io/v1alpha1
            kind: StudyHubRestore
            metadata: {name: nowhere}
            spec:
              hubRef: {name: pilot}
              latest: true
              objectStore: %s
            """
                .formatted(
                    bucket.spec("").replace("prefix: " + bucket.prefix(), "prefix: nothing-here")),
            "apply",
            "-f",
            "-")
        .orFail();

    restores.awaitPhase("nowhere", "Failed", LIMIT);

    assertThat(hub.count()).isEqualTo(3);
    await()
        .atMost(LIMIT)
        .until(() -> restores.databases().lines().noneMatch(it -> it.startsWith("hub_restore_")));
  }

  @Test
  @Order(5)
  void anOperatorThatIsKilledGoesOnWhereItWas() {
    deleteAll();
    restores.create("killed", "backupRef: {name: before}, previous: Drop");
    for (String phase : new String[] {"Loading", "Swapping"}) {
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> restores.isOrIsPast("killed", phase));
      operator.awaitRunning();
      operator.kill();
    }

    restores.awaitPhase("killed", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(2);
  }

  @Test
  @Order(6)
  void aWrongDeleteIsUndoneToTheSecondBeforeIt() {
    restores.base("base");
    hub.write("after the base backup");
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    deleteAll();

    restores.create("at", "at: \"" + before + "\", previous: Drop");
    restores.awaitPhase("at", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(3);
  }
}
