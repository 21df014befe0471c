package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A backup that dies half-way leaves nothing that looks like one, is told, and is made up for by
 * the next; a restore waits for one that runs; and an operator that dies while a new hub is filled
 * from a backup fills it all the same.
 */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupKilledIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore restores = new Restore(cluster, "pilot");
  private static final Operator operator = new Operator(cluster);
  private static final Node node = new Node(cluster);
  private static Bucket bucket;
  private List<String> before = List.of();

  @BeforeAll
  static void aHubWhoseDumpHasParts() {
    bucket = Bucket.open("killed").grantTo(cluster);
    // Once it is there it kills at once.
    node.prepare();
    hub.startWith(bucket, LIMIT);
    hub.awaitBackup(LIMIT);
    restores.ballast();
    hub.write("first");
    hub.write("second");
  }

  @AfterAll
  static void cleanUp() {
    node.close();
    operator.sheathe();
    if (bucket != null) {
      bucket.close();
    }
  }

  /**
   * Asks for a dump whose first part takes ten seconds, and waits until that is on its way, beside
   * what a killed agent has left there: the pruning of another day aborts it.
   */
  private Pod halfWay(String name) {
    await().atMost(LIMIT).until(() -> restores.running().isEmpty());
    before = bucket.keys("daily/");
    int left = bucket.uploads().size();
    bucket.fault("UploadPart", "daily/", 1, "slow 500kB/s");
    restores.ask(name, "Dump");
    await("upload of " + name).atMost(LIMIT).until(() -> bucket.uploads().size() > left);
    List<Pod> running = restores.running();
    assertThat(running).hasSize(1);
    return running.get(0);
  }

  private void failed(String name, String reason, String words) {
    JsonNode outcome = restores.outcome(name);
    assertThat(outcome.path("status").asText()).as(outcome.toString()).isEqualTo("False");
    assertThat(outcome.path("reason").asText()).as(outcome.toString()).isEqualTo(reason);
    assertThat(outcome.path("message").asText()).contains(words);
    assertThat(bucket.keys("daily/")).isEqualTo(before);
    hub.awaitDegraded("BackupFailed", LIMIT);
    // The hub may have heard the agent's last words, which go with the pod.
    assertThat(hub.conditions().get("Degraded").message())
        .containsAnyOf(reason + ": ", "Stopped: the pod was stopped before the end");
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("True");
  }

  private void mended(String name) {
    restores.back(name);
    hub.awaitCondition("Degraded", "False", LIMIT);
    assertThat(bucket.keys("daily/").size()).isGreaterThan(before.size());
  }

  @Test
  @Order(1)
  void aDumpThatIsKilledIsNoBackup() {
    node.kill(halfWay("dump-killed"), "^[^ ]*pg_dum[p] -Fc");

    failed("dump-killed", "DumpFailed", "killed, most likely for lack of memory");
    assertThat(bucket.uploads()).isEmpty();
    mended("after-dump-killed");
  }

  @Test
  @Order(2)
  void anAgentThatIsKilledMakesNoBackup() {
    node.kill(halfWay("agent-killed"), "studyhub.agent[.]Agent");

    failed("agent-killed", "AgentDied", "without a report, with exit code 137");
    mended("after-agent-killed");
  }

  @Test
  @Order(3)
  void aPodThatIsDeletedMakesNoBackupAndGivesItsUploadUp() {
    List<String> left = bucket.uploads();
    Pod pod = halfWay("pod-deleted");
    cluster.client().resource(pod).delete();

    failed("pod-deleted", "BackoffLimitExceeded", "it was deleted, or its node went away");
    await().atMost(LIMIT).until(() -> bucket.uploads().equals(left));
    mended("after-pod-deleted");
  }

  @Test
  @Order(4)
  void aRestoreWaitsForTheBackupThatRuns() {
    bucket.fault("UploadPart", "daily/", 3, "slow 300kB/s");
    restores.ask("runs", "Dump");
    await().atMost(LIMIT).until(() -> restores.running().size() == 1);

    restores.create("meanwhile", "backupRef: {name: after-pod-deleted}, previous: Drop");

    await().atMost(LIMIT).until(() -> restores.reason("meanwhile").equals("BackupRuns"));
    assertThat(restores.outcome("runs").path("status").asText()).isEqualTo("True");
    restores.awaitPhase("meanwhile", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);
    assertThat(hub.count()).isEqualTo(2);
  }

  @Test
  @Order(5)
  void anOperatorThatIsKilledFillsANewHubAllTheSame() {
    Hub again = new Hub(cluster, "again");
    Restore bootstrap = new Restore(cluster, "again");
    again
        .apply(
            ("{app: {image: \"%s\"}, objectStore: %s, database: {bootstrap: {restoreFrom:"
                    + " {prefix: %s, latest: true}}}}")
                .formatted(
                    Hub.IMAGE_1,
                    bucket.spec("").replace("prefix: ", "prefix: again-"),
                    bucket.prefix()))
        .orFail();
    for (String phase : new String[] {"Loading", "Swapping"}) {
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(200))
          .until(
              () ->
                  bootstrap
                      .bootstrapped()
                      .filter(it -> bootstrap.isOrIsPast(it, phase))
                      .isPresent());
      operator.awaitRunning();
      operator.kill();
    }

    again.awaitReady(LIMIT);
    assertThat(again.count()).isEqualTo(2);
    again.write("third");
    cluster.kubectl("delete", "studyhub", "again", "--timeout=120s").orFail();
  }
}
