package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Changes to a hub of two replicas while ten requests a second come in: none fails, nothing that
 * was written is lost, and only the objects concerned are written.
 */
@Tag("fast")
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChangesIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Hub hub = new Hub(cluster, "pilot");

  @BeforeAll
  static void twoReplicas() {
    hub.apply("{app: {image: \"" + Hub.IMAGE_1 + "\", replicas: 2}}").orFail();
    hub.awaitReady(Duration.ofMinutes(3));
  }

  /** Clients that are connected do not survive a reload of the mode, so the pods are rolled. */
  @Test
  @Order(1)
  void poolModeIsChangedPodByPod() {
    change("{pooler: {mode: Transaction}}", "Secret/pilot-pooler", "Deployment/pilot");
  }

  @Test
  @Order(1)
  void poolSizeIsReloadedInPlace() {
    List<String> pods = hub.podUids("app");

    change("{pooler: {defaultPoolSize: 9}}", "Secret/pilot-pooler");

    assertThat(hub.podUids("app")).isEqualTo(pods);
  }

  @Test
  @Order(2)
  void postgresParameterIsReloadedInPlace() {
    List<String> pods = hub.podUids("database");

    change("{database: {parameters: {work_mem: 2MB}}}", "ConfigMap/pilot-db-config");

    assertThat(hub.podUids("database")).isEqualTo(pods);
  }

  /** Clients wait in their poolers while PostgreSQL restarts, at first in session mode. */
  @Test
  @Order(0)
  void postgresRestartsForAParameterInSessionMode() {
    restart(60);
  }

  @Test
  @Order(2)
  void postgresRestartsForAParameterInTransactionMode() {
    restart(70);
  }

  private static void restart(int connections) {
    List<String> pods = hub.podUids("database");

    change(
        "{database: {parameters: {max_connections: \"" + connections + "\"}}}",
        "ConfigMap/pilot-db-config",
        "StatefulSet/pilot-db");

    assertThat(hub.podUids("database")).isNotEqualTo(pods).hasSize(1);
    assertThat(
            cluster
                .kubectl(
                    "exec",
                    "pilot-db-0",
                    "--",
                    "psql",
                    "-h",
                    "/var/run/postgresql",
                    "-U",
                    "postgres",
                    "-tAc",
                    "SHOW max_connections")
                .orFail()
                .strip())
        .isEqualTo(String.valueOf(connections));
  }

  @Test
  @Order(3)
  void imageIsReplacedAfterItsMigration() {
    change("{app: {image: \"" + Hub.IMAGE_2 + "\"}}", "Deployment/pilot", "Job/pilot-migrate-.*");

    assertThat(hub.env().path("version").asInt()).isEqualTo(2);
    assertThat(hub.notes().path("notes").get(0).has("tag")).isTrue();
  }

  @Test
  @Order(4)
  void replicasGoDownAndUp() {
    change("{app: {replicas: 1}}", "Deployment/pilot", "PodDisruptionBudget/pilot.*");
    assertThat(hub.pods("app")).hasSize(1);
    change("{app: {replicas: 2}}", "Deployment/pilot", "PodDisruptionBudget/pilot.*");
    assertThat(hub.pods("app")).hasSize(2);
    change("{app: {replicas: 1}}", "Deployment/pilot", "PodDisruptionBudget/pilot.*");
    assertThat(hub.pods("app")).hasSize(1);
  }

  /** Patches the hub under load; {@code concerned} are patterns of what may be written for it. */
  private static void change(String patch, String... concerned) {
    int notes = hub.count();
    Inventory before = Inventory.of(cluster);
    try (Load load = hub.load()) {
      // Some requests before, and below some after the change.
      await().until(() -> load.sent() > 20);
      hub.patch(patch).orFail();
      hub.awaitReady(LIMIT);
      int then = load.sent();
      await().until(() -> load.sent() > then + 30);
      Load.Report report = load.stop();

      assertThat(report.failures()).as("of %d requests", report.sent()).isEmpty();
      assertThat(hub.count()).isEqualTo(notes + report.posted());
    }
    Set<String> written = before.writtenByOperator(Inventory.of(cluster));
    written.remove("StudyHub/" + hub.name());
    assertThat(written)
        .isNotEmpty()
        .allSatisfy(
            it -> assertThat(List.of(concerned)).as(it).anyMatch(pattern -> it.matches(pattern)));
  }
}
