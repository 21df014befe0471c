package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hub that its user lets rest says so, costs nothing, and comes back with its data. */
@ExtendWith(Installed.class)
class RestIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Hub hub = new Hub(cluster, "pilot");

  @BeforeAll
  static void aHub() {
    hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail();
    hub.awaitReady(LIMIT);
  }

  @Test
  void aSuspendedHubHasNoPodsAndComesBackWithItsData() {
    hub.write("before the holidays");
    int notes = hub.count();

    hub.patch("{suspend: true}").orFail();
    hub.awaitCondition("Suspended", "True", LIMIT);
    hub.awaitCondition("Reconciling", "False", LIMIT);

    Stream.of("app", "database", "redis").forEach(it -> assertThat(hub.pods(it)).as(it).isEmpty());
    assertThat(hub.conditions().get("Ready"))
        .extracting(Hub.Condition::status, Hub.Condition::reason)
        .containsExactly("False", "Suspended");
    assertThat(hub.get().path("status").path("health").asText()).isEqualTo("Suspended");

    hub.patch("{suspend: false}").orFail();
    hub.awaitReady(LIMIT);
    assertThat(hub.count()).isEqualTo(notes);
  }

  @Test
  void anAppWithoutReplicasIsSettled() {
    hub.patch("{app: {replicas: 0}}").orFail();
    hub.awaitCondition("Reconciling", "False", LIMIT);

    await().atMost(Duration.ofSeconds(60)).until(() -> hub.pods("app").isEmpty());
    assertThat(hub.conditions().get("Ready"))
        .extracting(Hub.Condition::status, Hub.Condition::reason)
        .containsExactly("False", "ScaledToZero");
    assertThat(hub.conditions().get("PoolerReady").reason()).isEqualTo("ScaledToZero");
    assertThat(hub.conditions().get("DatabaseReady").status()).isEqualTo("True");

    hub.patch("{app: {replicas: 1}}").orFail();
    hub.awaitReady(LIMIT);
  }
}
