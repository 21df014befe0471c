package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator is as small and silent where a hub has backups. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupFootprintIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Logger log = LoggerFactory.getLogger(BackupFootprintIT.class);
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final long MIB = 1024 * 1024;
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Operator operator = new Operator(cluster);
  private static Bucket bucket;

  @BeforeAll
  static void aHubWithABackup() {
    bucket = Bucket.open("footprint").grantTo(cluster);
    hub.startWith(bucket, LIMIT);
    await().atMost(LIMIT).until(() -> status().path("backup").path("lastBaseTime").isTextual());
    await().atMost(LIMIT).until(() -> status().path("health").asText().equals("Healthy"));
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
  void nothingIsWrittenWhenNothingChanges() {
    quiet(() -> {});
  }

  @Test
  @Order(2)
  void nothingIsWrittenAfterARestart() {
    quiet(operator::restart);
  }

  @Test
  @Order(3)
  void memoryStaysBelow150Mi() {
    Pod pod = operator.awaitReady();
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(FootprintIT.workingSet(pod)).isPositive());
    long used = FootprintIT.workingSet(pod);

    log.info("the operator's working set is {} MiB", used / MIB);
    assertThat(used).isLessThan(150 * MIB);
  }

  /** The write-ahead log is fetched every quarter of an hour, which is not silence. */
  private static void quiet(Runnable cause) {
    String minutes =
        cluster
            .kubectl("get", "cronjob", "pilot-wal", "-o", "jsonpath={.spec.schedule}")
            .orFail()
            .split(" ")[0];
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
              int second = now.getMinute() * 60 + now.getSecond();
              // A minute for the run, before and after.
              return Arrays.stream(minutes.split(","))
                  .mapToInt(it -> Integer.parseInt(it) * 60)
                  .map(it -> Math.floorMod(it - second, 3600))
                  .noneMatch(it -> it < 120 || it > 3600 - 60);
            });
    FootprintIT.quiet(cluster, cause);
  }
}
