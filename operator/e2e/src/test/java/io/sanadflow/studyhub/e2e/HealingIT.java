package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever is taken away comes back, and the notes are still there. */
@Tag("fast")
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HealingIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** What others make of the operator's objects; it comes back with those. */
  private static final Set<String> OF_OTHERS =
      Set.of("Pod", "ReplicaSet", "EndpointSlice", "ControllerRevision");

  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Operator operator = new Operator(cluster);

  /** The moments differ so that the kills meet Secrets, database, migration and app. */
  @BeforeAll
  static void theOperatorIsKilledWhileItMakesTheHub() {
    hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail();
    for (int seconds : new int[] {1, 4, 9}) {
      await().pollDelay(Duration.ofSeconds(seconds)).until(() -> true);
      operator.awaitRunning();
      operator.kill();
    }
    hub.awaitReady(LIMIT);
    hub.write("before everything");
  }

  @AfterAll
  static void cleanUp() {
    operator.sheathe();
  }

  @Test
  @Order(1)
  void operatorKilledDuringAChange() {
    hub.patch("{app: {image: \"" + Hub.IMAGE_2 + "\"}}").orFail();
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    operator.awaitRunning();
    operator.kill();

    hub.awaitReady(LIMIT);

    assertThat(hub.env().path("version").asInt()).isEqualTo(2);
    assertThat(hub.count()).isEqualTo(1);
  }

  @Test
  @Order(2)
  void databasePodDeleted() {
    List<String> before = hub.podUids("database");
    cluster.kubectl("delete", "pod", "pilot-db-0", "--wait=false").orFail();
    await().atMost(LIMIT).until(() -> !hub.podUids("database").equals(before));

    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(1);
  }

  @Test
  @Order(3)
  void driftIsPutBack() {
    cluster.kubectl("scale", "deployment", "pilot", "--replicas=3").orFail();
    cluster
        .kubectl("patch", "configmap", "pilot-db-config", "--type=merge", "-p", "data: null")
        .orFail();

    await().atMost(LIMIT).until(() -> replicas() == 1);
    hub.awaitReady(LIMIT);

    assertThat(cluster.kubectl("get", "configmap", "pilot-db-config", "-o", "yaml").orFail())
        .contains("ssl_min_protocol_version");
  }

  @Test
  @Order(4)
  void ownedObjectsDeletedOneByOne() {
    Inventory before = Inventory.of(cluster);
    List<String> owned =
        before.names().stream().filter(HealingIT::owned).sorted(HealingIT::byKind).toList();
    assertThat(owned).contains("Deployment/pilot", "Secret/pilot-ca-key", "StatefulSet/pilot-db");

    for (String name : owned) {
      cluster.kubectl("delete", name, "--wait=true").orFail();
      // A migration that succeeded is not run again.
      if (!name.startsWith("Job/")) {
        await(name)
            .atMost(LIMIT)
            .until(
                () ->
                    Stream.of(uid(name))
                        .noneMatch(it -> it.isEmpty() || it.equals(before.uid(name))));
      }
    }
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(1);
  }

  @Test
  @Order(5)
  void ownedObjectsDeletedAllAtOnce() {
    String[] owned =
        Inventory.of(cluster).names().stream().filter(HealingIT::owned).toArray(String[]::new);
    cluster
        .kubectl(
            Stream.concat(Stream.of("delete", "--wait=false"), Stream.of(owned))
                .toArray(String[]::new))
        .orFail();

    await()
        .atMost(LIMIT)
        .until(() -> Inventory.of(cluster).names().contains("StatefulSet/pilot-db"));
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(1);
  }

  private static int replicas() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(cluster.namespace())
        .withName("pilot")
        .require()
        .getSpec()
        .getReplicas();
  }

  private static String uid(String name) {
    return cluster
        .kubectl("get", name, "--ignore-not-found", "-o", "jsonpath={.metadata.uid}")
        .out();
  }

  private static boolean owned(String name) {
    if (OF_OTHERS.contains(name.substring(0, name.indexOf('/')))) {
      return false;
    }
    return cluster
        .kubectl("get", name, "-o", "jsonpath={.metadata.ownerReferences[*].kind}")
        .out()
        .contains("StudyHub");
  }

  /** Secrets and configuration first, so that what reads them is there to suffer. */
  private static int byKind(String one, String other) {
    return Boolean.compare(workload(one), workload(other)) * 2
        + Integer.signum(one.compareTo(other));
  }

  private static boolean workload(String name) {
    return name.startsWith("Deployment/") || name.startsWith("StatefulSet/");
  }
}
