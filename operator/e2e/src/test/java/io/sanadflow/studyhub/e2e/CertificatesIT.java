package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** By part: the port that speaks TLS. */
  private static final Map<String, Integer> PORTS =
      Map.of("database", 5432, "redis", 6379, "app", 6432);

  private static final Map<String, String> SECRETS =
      Map.of("database", "pilot-db-tls", "redis", "pilot-redis-tls", "app", "pilot-pooler-tls");

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
    Map<String, BigInteger> before = stored();
    List<String> pods =
        PORTS.keySet().stream().sorted().flatMap(it -> hub.podUids(it).stream()).toList();
    assertServed(before);

    try (Load load = hub.load()) {
      // Due with a third of the six minutes left, which the kubelet then has for the files.
      await()
          .atMost(Duration.ofMinutes(6))
          .pollInterval(Duration.ofSeconds(5))
          .until(() -> stored().entrySet().stream().noneMatch(before.entrySet()::contains));
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(5))
          .untilAsserted(() -> assertServed(stored()));
      int then = load.sent();
      await().until(() -> load.sent() > then + 50);
      Load.Report report = load.stop();
      assertThat(report.failures()).as("of %d requests", report.sent()).isEmpty();
    }

    assertThat(PORTS.keySet().stream().sorted().flatMap(it -> hub.podUids(it).stream()).toList())
        .isEqualTo(pods);
    for (Pod app : hub.pods("app")) {
      String log = cluster.kubectl("logs", app.getMetadata().getName(), "-c", "app").orFail();
      assertThat(log)
          .doesNotContain("database connection lost", "\"event\":\"redis\"", "request failed");
    }
    hub.awaitReady(Duration.ofMinutes(1));
  }

  /** The numbers of the certificates in the Secrets. */
  private static Map<String, BigInteger> stored() {
    Map<String, BigInteger> serials = new TreeMap<>();
    SECRETS.forEach((part, secret) -> serials.put(part, serial(hub.secret(secret, "tls.crt"))));
    return serials;
  }

  /** Every pod shows the certificate that its part should have. */
  private static void assertServed(Map<String, BigInteger> wanted) {
    wanted.forEach(
        (part, serial) ->
            assertThat(hub.pods(part))
                .isNotEmpty()
                .allSatisfy(
                    pod ->
                        assertThat(
                                Presented.by(cluster, pod, PORTS.get(part), !part.equals("redis")))
                            .as(pod.getMetadata().getName())
                            .isEqualTo(serial)));
  }

  private static BigInteger serial(String pem) {
    try (var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return ((X509Certificate) factory.generateCertificate(in)).getSerialNumber();
    } catch (CertificateException | IOException damaged) {
      throw new AssertionError("not a certificate: " + pem, damaged);
    }
  }
}
