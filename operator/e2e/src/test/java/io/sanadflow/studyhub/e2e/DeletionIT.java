package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stays of a hub that is deleted: its data, unless the user said otherwise. */
@Tag("fast")
@ExtendWith(Installed.class)
class DeletionIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);

  @Test
  void dataStaysAndIsFoundAgain() {
    Hub hub = new Hub(cluster, "kept");
    hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail();
    hub.awaitReady(LIMIT);
    hub.write("to be found again");
    cluster.kubectl("delete", "studyhub", "kept").orFail();

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(of("kept"))
                    .containsExactlyInAnyOrder(
                        "PersistentVolumeClaim/kept-db",
                        "PersistentVolumeClaim/kept-media",
                        "PersistentVolumeClaim/kept-redis",
                        "Secret/kept-db-auth",
                        "Secret/kept-redis-auth"));

    hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail();
    hub.awaitReady(LIMIT);

    assertThat(hub.count()).isEqualTo(1);
    assertThat(hub.notes().path("notes").get(0).path("text").asText())
        .isEqualTo("to be found again");
    // The counter is in Redis, whose volume was kept as well.
    assertThat(hub.notes().path("written").asInt()).isEqualTo(1);
  }

  @Test
  void nothingStaysByTheUsersWord() {
    Hub hub = new Hub(cluster, "gone");
    hub.apply("{app: {image: \"" + Hub.IMAGE_1 + "\"}, deletionPolicy: Delete}").orFail();
    hub.awaitReady(LIMIT);
    cluster.kubectl("delete", "studyhub", "gone").orFail();

    await().atMost(LIMIT).untilAsserted(() -> assertThat(of("gone")).isEmpty());
  }

  private static Set<String> of(String hub) {
    Set<String> names = new TreeSet<>(Inventory.of(cluster).names());
    names.removeIf(it -> !it.matches("[A-Za-z]+/" + hub + "(-.*)?"));
    return names;
  }
}
