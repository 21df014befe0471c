package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hub without a bucket is backed up to a volume, and with both to both. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalBackupIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Restore backups = new Restore(cluster, "pilot");
  private static Bucket bucket;

  @BeforeAll
  static void aHubWithAVolumeForBackups() {
    bucket = Bucket.open("local").grantTo(cluster);
    hub.apply(
            "{app: {image: \""
                + Hub.IMAGE_1
                + "\"}, backup: {localVolume: {storage: 1Gi}, retention: {localCopies: 2}}}")
        .orFail();
    hub.awaitReady(LIMIT);
    await()
        .atMost(LIMIT)
        .until(() -> hub.get().path("status").path("backup").path("lastSuccessTime").isTextual());
  }

  @AfterAll
  static void cleanUp() {
    cluster.kubectl("delete", "pod", "look", "--ignore-not-found", "--wait=false");
    bucket.close();
  }

  /** The files of the volume, as docs/backup.md tells to look at them. */
  private static List<String> copies() {
    if (!cluster.kubectl("get", "pod", "look").ok()) {
      cluster
          .kubectlWith(
              """
              apiVersion: v1
              kind: Pod
              metadata: {name: look}
              spec:
                securityContext: {runAsNonRoot: true, runAsUser: 999, seccompProfile: {type: RuntimeDefault}}
                containers:
                  - name: look
                    image: postgres:16
                    command: [sleep, infinity]
                    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                    volumeMounts: [{name: copies, mountPath: /copies, readOnly: true}]
                volumes:
                  - name: copies
                    persistentVolumeClaim: {claimName: pilot-backups}
                terminationGracePeriodSeconds: 0
              """,
              "apply",
              "-f",
              "-")
          .orFail();
      cluster.kubectl("wait", "--for=condition=Ready", "pod/look", "--timeout=90s").orFail();
    }
    return cluster
        .kubectl("exec", "look", "--", "find", "/copies", "-type", "f", "-printf", "%P\\n")
        .orFail()
        .lines()
        .toList();
  }

  private static String lastKey() {
    return hub.get().path("status").path("backup").path("lastKey").asText();
  }

  private static List<String> dumps() {
    return copies().stream().filter(it -> it.endsWith(".dump")).toList();
  }

  private static List<String> listed() {
    return Arrays.stream(
            cluster
                .kubectl(
                    "get",
                    "studyhubbackups",
                    "-o",
                    "jsonpath={range .items[?(@.spec.type==\"Dump\")]}{.status.key} {end}")
                .orFail()
                .split(" "))
        .toList();
  }

  @Test
  @Order(1)
  void theVolumeHasWhatTheCatalogueLists() {
    assertThat(copies()).contains("owner.json").anyMatch(it -> it.endsWith(".tar.gz"));
    assertThat(dumps()).hasSize(1).containsExactlyElementsOf(listed());
    assertThat(hub.conditions().get("Degraded").status()).isEqualTo("False");
  }

  @Test
  @Order(2)
  void theNewestCopyComesBack() {
    hub.write("kept");
    backups.back("one");
    String one =
        cluster.kubectl("get", "studyhubbackup", "one", "-o", "jsonpath={.status.key}").orFail();
    await().atMost(LIMIT).until(() -> lastKey().equals(one));
    backups.sql("hub", "DELETE FROM notes");

    backups.create("latest", "latest: true, previous: Drop");

    backups.awaitPhase("latest", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);
    assertThat(hub.count()).isEqualTo(1);
    // What was restored is backed up anew.
    await().atMost(LIMIT).until(() -> !lastKey().equals(one));
  }

  @Test
  @Order(3)
  void aDrillIsWrittenBesideACopyOfAnotherUser() {
    String newest = lastKey();
    new Agents(cluster, "pilot").start("drill", "drill");

    await()
        .atMost(LIMIT)
        .until(
            () ->
                hub.get()
                    .path("status")
                    .path("backup")
                    .path("lastDrill")
                    .path("succeeded")
                    .asBoolean());
    assertThat(copies()).contains(newest.replace(".dump", ".verified.json"));
  }

  @Test
  @Order(4)
  void onlyTheNewestCopiesStay() {
    backups.back("two");
    backups.back("three");

    // The newest two, and the newest that was proven, if it is none of them.
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(dumps()).hasSize(3).containsExactlyInAnyOrderElementsOf(listed()));
    assertThat(cluster.kubectl("get", "studyhubbackup", "one").ok()).isFalse();
  }

  @Test
  @Order(5)
  void aBucketBesideItGetsEachDumpToo() {
    hub.patch("{objectStore: " + bucket.spec("") + "}").orFail();

    await()
        .atMost(LIMIT)
        .until(() -> bucket.keys("daily/").stream().anyMatch(it -> it.endsWith(".json")));
    String dump =
        bucket.keys("daily/").stream().filter(it -> it.endsWith(".dump")).findFirst().orElseThrow();
    await().atMost(LIMIT).until(() -> dumps().contains(dump));
    await().atMost(LIMIT).until(() -> dumps().size() <= 3);
    hub.awaitCondition("Degraded", "False", LIMIT);
  }
}
