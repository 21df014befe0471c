package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator is small and, when nothing changes, silent. */
@Tag("fast")
@ExtendWith(Installed.class)
class FootprintIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Logger log = LoggerFactory.getLogger(FootprintIT.class);
  private static final long MIB = 1024 * 1024;
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Operator operator = new Operator(cluster);

  @BeforeAll
  static void aHub() {
    hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail();
    hub.awaitReady(Duration.ofMinutes(3));
  }

  @Test
  void memoryStaysBelowALimitOf192Mi() {
    Pod pod = operator.awaitReady();
    Quantity limit = pod.getSpec().getContainers().get(0).getResources().getLimits().get("memory");
    assertThat(limit.getNumericalAmount().longValueExact()).isLessThanOrEqualTo(192 * MIB);
    assertThat(pod.getStatus().getContainerStatuses().get(0).getLastState().getTerminated())
        .satisfiesAnyOf(
            it -> assertThat(it).isNull(),
            it -> assertThat(it.getReason()).isNotEqualTo("OOMKilled"));

    // The kubelet looks every ten seconds or so.
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(workingSet(pod)).isPositive());
    long used = workingSet(pod);

    log.info("the operator's working set is {} MiB", used / MIB);
    assertThat(used).isLessThan(192 * MIB);
  }

  @Test
  void nothingIsWrittenWhenNothingChanges() {
    quiet(() -> {});
  }

  @Test
  void nothingIsWrittenAfterARestart() {
    quiet(operator::restart);
  }

  @Test
  void theSameManifestAppliedAgainChangesNothing() {
    quiet(() -> hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail());
  }

  private static void quiet(Runnable cause) {
    hub.awaitReady(Duration.ofMinutes(3));
    quiet(cluster, cause);
  }

  /** Nothing at all, by anybody, the status included, for half a minute after {@code cause}. */
  static void quiet(Cluster cluster, Runnable cause) {
    await().pollDelay(Duration.ofSeconds(10)).atMost(Duration.ofSeconds(15)).until(() -> true);
    Inventory before = Inventory.of(cluster);

    cause.run();

    await().pollDelay(Duration.ofSeconds(30)).atMost(Duration.ofSeconds(35)).until(() -> true);
    Set<String> changed = before.changed(Inventory.of(cluster));
    assertThat(changed).isEmpty();
  }

  static long workingSet(Pod pod) {
    String summary =
        Shell.run(
                "",
                List.of(
                    "kubectl",
                    "get",
                    "--raw",
                    "/api/v1/nodes/" + pod.getSpec().getNodeName() + "/proxy/stats/summary"))
            .orFail();
    for (JsonNode it : Serialization.unmarshal(summary, JsonNode.class).path("pods")) {
      if (it.path("podRef").path("uid").asText().equals(pod.getMetadata().getUid())) {
        return it.path("memory").path("workingSetBytes").asLong();
      }
    }
    return 0;
  }
}
