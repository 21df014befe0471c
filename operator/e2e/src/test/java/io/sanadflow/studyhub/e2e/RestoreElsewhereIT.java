package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A hub that has no backups of its own gets the data of another's, from a store that the restore
 * names; the restore may be there before the hub.
 */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreElsewhereIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final Hub origin = new Hub(cluster, "origin");
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore restores = new Restore(cluster, "pilot");
  private static Bucket bucket;

  @BeforeAll
  static void aBackupOfAnotherHub() {
    bucket = Bucket.open("elsewhere").grantTo(cluster);
    origin
        .apply("{app: {image: \"" + Hub.IMAGE_1 + "\"}, objectStore: " + bucket.spec("") + "}")
        .orFail();
    origin.awaitReady(LIMIT);
    origin.write("first");
    origin.write("second");
    new Restore(cluster, "origin").back("before");
  }

  @AfterAll
  static void cleanUp() {
    bucket.close();
  }

  @Test
  @Order(1)
  void aRestoreWhoseHubIsMissingSaysSo() {
    restores.create("early", "latest: true, objectStore: " + bucket.spec(""));

    await().atMost(LIMIT).until(() -> restores.reason("early").equals("HubMissing"));
    assertThat(restores.status("early").path("phase").asText()).isEqualTo("Waiting");
  }

  @Test
  @Order(2)
  void itGoesOnWhenTheHubIsThereThoughThatHasNoStore() {
    hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail();

    restores.awaitPhase("early", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(2);
    await("what was let through for it is closed")
        .atMost(LIMIT)
        .until(
            () ->
                cluster
                    .kubectl("get", "networkpolicy", "pilot-restore", "--ignore-not-found")
                    .out()
                    .isBlank());
  }

  @Test
  @Order(3)
  void whatItLeftBesideTheMediaGoesWithIt() {
    cluster
        .kubectl(
            "patch", "studyhubrestore", "early", "--type=merge", "-p", "spec: {previous: Drop}")
        .orFail();

    await()
        .atMost(LIMIT)
        .until(() -> restores.status("early").path("previousDatabase").isMissingNode());
    assertThat(hub.count()).isEqualTo(2);
  }
}
