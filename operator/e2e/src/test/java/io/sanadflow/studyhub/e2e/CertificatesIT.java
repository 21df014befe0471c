package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Certificates are renewed while a hub serves. It waits for minutes, since the kubelet takes its
 * time to bring a file into a pod, so it is not of the fast part.
 */
@ExtendWith(Installed.class)
class CertificatesIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Operator operator = new Operator(cluster);

  private static final ServedCertificates certificates = new ServedCertificates(cluster, hub);

  @BeforeAll
  static void certificatesThatLastSixMinutes() {
    operator.setEnvironment("CERTIFICATE_LIFETIME=6m");
    hub.apply("{app: {image: \"" + Hub.IMAGE_1 + "\", replicas: 2}}").orFail();
    hub.awaitReady(Duration.ofMinutes(3));
  }

  @AfterAll
  static void asBefore() {
    operator.setEnvironment("CERTIFICATE_LIFETIME-");
  }

  @Test
  void allPartsTakeNewCertificatesWithoutLosingAConnection() {
    Map<String, BigInteger> before = certificates.stored();
    List<String> pods = certificates.podUids();
    certificates.assertServed(before);

    try (Load load = hub.load()) {
      // Due with a third of the six minutes left, which the kubelet then has for the files.
      await()
          .atMost(Duration.ofMinutes(6))
          .pollInterval(Duration.ofSeconds(5))
          .until(
              () ->
                  certificates.stored().entrySet().stream().noneMatch(before.entrySet()::contains));
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(5))
          .untilAsserted(() -> certificates.assertServed(certificates.stored()));
      int then = load.sent();
      await().until(() -> load.sent() > then + 50);
      Load.Report report = load.stop();
      assertThat(report.failures()).as("of %d requests", report.sent()).isEmpty();
    }

    assertThat(certificates.podUids()).isEqualTo(pods);
    for (Pod app : hub.pods("app")) {
      String log = cluster.kubectl("logs", app.getMetadata().getName(), "-c", "app").orFail();
      assertThat(log)
          .doesNotContain("database connection lost", "\"event\":\"redis\"", "request failed");
    }
    hub.awaitReady(Duration.ofMinutes(1));
  }
}
