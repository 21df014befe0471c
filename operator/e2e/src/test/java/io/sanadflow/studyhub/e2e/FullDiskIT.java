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

/**
 * Write-ahead log that is not taken away: it is told long before the volume is full, a full volume
 * loses nothing that was committed, and the hub goes on once there is room.
 */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullDiskIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String SPOOL = "/var/lib/postgresql/data/wal-spool/";

  private static final Hub hub = new Hub(cluster, "small");
  private static final Restore restores = new Restore(cluster, "small");
  private static final Node node = new Node(cluster);
  private static Bucket bucket;
  private static SmallVolume volume;
  private static int runs;

  @BeforeAll
  static void aHubOnASmallVolume() {
    bucket = Bucket.open("fulldisk").grantTo(cluster);
    volume = SmallVolume.of(cluster, node, "small-db", 700);
    hub.apply(
            ("{app: {image: \"%s\"}, objectStore: %s,"
                    + " database: {storage: 700Mi, storageClassName: %s}}")
                .formatted(Hub.IMAGE_1, bucket.spec(""), volume.storageClass()))
        .orFail();
    hub.awaitReady(LIMIT);
    hub.awaitBackup(LIMIT);
    hub.awaitCondition("Degraded", "False", LIMIT);
  }

  @AfterAll
  static void cleanUp() {
    if (bucket != null) {
      cluster.kubectl("delete", "studyhub", "small", "--timeout=120s");
      cluster.kubectl("delete", "pvc", "small-db", "--timeout=120s");
      volume.close();
      bucket.close();
    }
    node.close();
  }

  /** Writes a segment of log that compresses badly and leaves nothing in any table. */
  private static void log() {
    restores.sql(
        "hub",
        "SELECT count(pg_logical_emit_message(false, 'e2e', m)) FROM (SELECT string_agg("
            + "md5(random()::text), '') AS m FROM generate_series(1, 500000) i GROUP BY i % 16) x");
  }

  /** Has the log taken away now, as the schedule does each quarter of an hour. */
  private static boolean take() {
    String job = "take-" + ++runs;
    cluster.kubectl("create", "job", job, "--from=cronjob/small-wal").orFail();
    await(job)
        .atMost(LIMIT)
        .until(
            () ->
                !cluster
                    .kubectl("get", "job", job, "-o", "jsonpath={.status.conditions}")
                    .out()
                    .isEmpty());
    return cluster
        .kubectl("get", "job", job, "-o", "jsonpath={.status.succeeded}")
        .out()
        .strip()
        .equals("1");
  }

  @Test
  @Order(1)
  void anArchiverThatIsStuckIsToldAtOnce() {
    String next =
        restores.sql("hub", "SELECT pg_walfile_name(pg_current_wal_insert_lsn())").strip();
    // In the way of the next segment.
    cluster.kubectl("exec", "small-db-0", "--", "mkdir", SPOOL + next + ".gz").orFail();
    hub.write("while the archiver is stuck");
    restores.sql("hub", "SELECT pg_switch_wal()");

    hub.awaitDegraded("ArchivingFails", LIMIT);
    assertThat(hub.conditions().get("Degraded").message())
        .contains(next, "Nothing is lost", "kubectl logs small-db-0");
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("True");

    cluster.kubectl("exec", "small-db-0", "--", "rmdir", SPOOL + next + ".gz").orFail();
    hub.awaitCondition("Degraded", "False", LIMIT);
  }

  @Test
  @Order(2)
  void aFullVolumeIsToldBeforeAndLosesNothing() {
    // The token of the bucket may not write any more.
    for (String operation : new String[] {"PutObject", "CreateMultipartUpload"}) {
      bucket.fault(operation, "wal/", 2, "deny");
    }
    for (int i = 0; i < 9; i++) {
      log();
    }
    volume.fill(60);
    assertThat(take()).isFalse();
    hub.awaitDegraded("VolumeNearlyFull", LIMIT);
    assertThat(hub.conditions().get("Degraded").message())
        .contains("write-ahead log that waits for the object store", "AccessDenied");
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("True");

    int acknowledged = hub.count();
    try {
      for (int i = 0; i < 100; i++) {
        hub.write("nearly full");
        acknowledged++;
        log();
      }
      throw new IllegalStateException("the volume did not get full");
    } catch (AssertionError | java.io.UncheckedIOException full) {
      // As wanted: what was not acknowledged may be lost.
    }
    assertThat(hub.conditions().get("Degraded").reason()).isEqualTo("VolumeNearlyFull");

    volume.empty();
    await().atMost(LIMIT).ignoreExceptions().until(() -> hub.count() > 0);
    hub.awaitReady(LIMIT);
    assertThat(hub.count()).isBetween(acknowledged, acknowledged + 1);
    bucket.noFaults();
    await().atMost(LIMIT).until(FullDiskIT::take);
    hub.awaitCondition("Degraded", "False", LIMIT);
  }

  @Test
  @Order(3)
  void theArchiveHasWhatWasWrittenMeanwhile() {
    int written = hub.count();
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    restores.sql("hub", "DELETE FROM notes");

    restores.create("at", "at: \"" + before + "\", previous: Drop");
    restores.awaitPhase("at", "Succeeded", LIMIT);
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(written);
  }
}
