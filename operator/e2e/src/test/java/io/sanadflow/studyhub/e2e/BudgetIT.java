package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
 * What a hub uses of a bucket is what the bucket's owner is billed for, and is told against its
 * budget; a hub that nears the end of that says so and asks for less.
 */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BudgetIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String BOOK = "usage/book.json";

  private static final Hub hub = new Hub(cluster, "pilot");
  private static Bucket bucket;
  private static List<Long> before;

  /** What this test itself has read of class B. */
  private static long read;

  @BeforeAll
  static void aHubOfFewRequests() {
    bucket = Bucket.own("budget").grantTo(cluster);
    before = bucket.billed();
    hub.apply(
            "{app: {image: \""
                + Hub.IMAGE_1
                + "\"}, objectStore: "
                + bucket.spec("")
                + ", budget: {classAOperations: 20}}")
        .orFail();
    hub.awaitReady(LIMIT);
    hub.awaitBackup(LIMIT);
  }

  @AfterAll
  static void cleanUp() {
    bucket.close();
  }

  @Test
  @Order(1)
  void aHubThatNearsTheEndOfItsBudgetSaysSoAndAsksForLess() {
    hub.awaitDegraded("BudgetNearlySpent", LIMIT);

    assertThat(hub.conditions().get("Degraded").message())
        .contains("operations of class A", "spec.budget.classAOperations (20)", "Raise it");
    assertThat(hub.events()).anyMatch(it -> it.getReason().equals("BudgetNearlySpent"));
    assertThat(budget().path("sparing").asBoolean()).isTrue();
    await().atMost(LIMIT).until(() -> pushesAnHour() == 1);
  }

  @Test
  @Order(2)
  void whatIsCountedIsWhatIsBilledThoughRunsAreInEachOthersWay() {
    cluster.kubectl("create", "job", "--from=cronjob/pilot-backup", "one").orFail();
    cluster.kubectl("create", "job", "--from=cronjob/pilot-wal", "two").orFail();
    cluster.kubectl("create", "job", "--from=cronjob/pilot-drill", "three").orFail();
    for (String job : List.of("one", "two", "three")) {
      cluster.kubectl("wait", "--for=condition=Complete", "job/" + job, "--timeout=240s").orFail();
    }

    // Another run of the schedule may be on its way.
    await().atMost(LIMIT).untilAsserted(() -> assertThat(entered()).isEqualTo(billed()));
  }

  @Test
  @Order(3)
  void aBudgetThatIsRaisedEndsIt() {
    hub.patch("{budget: {classAOperations: 1M}}").orFail();

    hub.awaitCondition("Degraded", "False", LIMIT);
    await().atMost(LIMIT).until(() -> pushesAnHour() == 4);
    assertThat(budget().path("sparing").asBoolean()).isFalse();
    assertThat(budget().path("line").asText())
        .isEqualTo("memory 588/1024Mi, R2 0.0/10 GB, 0 % of class A, $0.00");
  }

  @Test
  @Order(4)
  void aRunMoreChangesNothingThatIsTold() {
    JsonNode told = budget();
    cluster.kubectl("create", "job", "--from=cronjob/pilot-wal", "four").orFail();
    cluster.kubectl("wait", "--for=condition=Complete", "job/four", "--timeout=240s").orFail();

    await()
        .during(Duration.ofSeconds(5))
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(budget()).isEqualTo(told));
  }

  private static JsonNode budget() {
    return hub.get().path("status").path("budget");
  }

  private static int pushesAnHour() {
    String schedule =
        cluster.kubectl("get", "cronjob", "pilot-wal", "-o", "jsonpath={.spec.schedule}").orFail();
    return schedule.split(" ")[0].split(",").length;
  }

  /** What the hub's book has, of all days, and what waits in the spool to be entered. */
  private static List<Long> entered() {
    JsonNode days = bucket.json(BOOK).path("days");
    read++;
    long classA = 0;
    long classB = 0;
    for (JsonNode day : days) {
      classA += day.path("classA").asLong();
      classB += day.path("classB").asLong();
    }
    for (JsonNode waits : waiting()) {
      classA += waits.path("classA").asLong();
      classB += waits.path("classB").asLong();
    }
    return List.of(classA, classB);
  }

  private static JsonNode waiting() {
    String files =
        cluster
            .kubectl(
                "exec",
                "pilot-db-0",
                "--",
                "sh",
                "-c",
                "for f in /var/lib/postgresql/data/wal-spool/.requests.*.json; do [ -f $f ] && cat $f"
                    + " && echo ,; done; echo {}")
            .orFail();
    try {
      return new ObjectMapper().readTree("[" + files + "]");
    } catch (JsonProcessingException wrong) {
      throw new AssertionError(files, wrong);
    }
  }

  /** What is billed since the bucket was made, but for what the test has read. */
  private static List<Long> billed() {
    List<Long> all = bucket.billed();
    return List.of(all.get(0) - before.get(0), all.get(1) - before.get(1) - read);
  }
}
