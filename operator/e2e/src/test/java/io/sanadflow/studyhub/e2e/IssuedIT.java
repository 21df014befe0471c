package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Secret;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A hub whose certificates cert-manager issues. It needs cert-manager in the cluster and is skipped
 * where that is not. It waits for minutes for a renewal, so it is not of the fast part.
 */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IssuedIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final List<String> PARTS =
      List.of("pilot-db-tls", "pilot-pooler-tls", "pilot-redis-tls");
  private static final Hub hub = new Hub(cluster, "pilot");
  private static final Issuers issuers = new Issuers(cluster);
  private static final ServedCertificates certificates = new ServedCertificates(cluster, hub);

  @BeforeAll
  static void certManager() {
    assumeTrue(
        Issuers.served(cluster), "the cluster has no cert-manager; install it with its CRDs");
  }

  @Test
  @Order(1)
  void anIssuerThatIsMissingIsNamed() {
    hub.apply(
            """
            {app: {image: "%s", replicas: 2,
                   ingress: {host: pilot.example.org, className: traefik, tls: {issuerRef: {name: campus}}}},
             certificates: {issuerRef: {name: campus}}, budget: {memory: 1536Mi}}
            """
                .formatted(Hub.IMAGE_1)
                .replace("\n", " "))
        .orFail();

    hub.awaitCondition("Stalled", "True", Duration.ofSeconds(30));

    assertThat(hub.conditions().get("Stalled").reason()).isEqualTo("IssuerMissing");
    assertThat(hub.conditions().get("Stalled").message())
        .contains("spec.certificates.issuerRef", "no Issuer campus in namespace");
    assertThat(hub.pods("database")).isEmpty();
  }

  @Test
  @Order(2)
  void onceTheIssuerIsThereTheHubServesWithItsCertificates() {
    issuers.create("campus");

    hub.awaitReady(LIMIT);

    hub.write("signed by the campus");
    assertThat(hub.secret("pilot-ca", "ca.crt").strip())
        .isEqualTo(issuers.authority(hub, "campus"));
    assertThat(secret("pilot-ca-key")).as("the operator has no authority here").isNull();
    certificates.assertServed(certificates.stored());
  }

  @Test
  @Order(3)
  void theIngressGetsACertificateForItsHost() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(secret("pilot.example.org-tls")).isNotNull());
    assertThat(ServedCertificates.read(hub.secret("pilot.example.org-tls", "tls.crt")))
        .satisfies(
            it ->
                assertThat(it.getSubjectAlternativeNames())
                    .anySatisfy(name -> assertThat(name.get(1)).isEqualTo("pilot.example.org")));
  }

  /** An hour is the least that cert-manager admits; two and a half minutes of it are used. */
  @Test
  @Order(4)
  void renewalsReachTheServersWithoutLosingAConnection() {
    List<String> pods = certificates.podUids();
    Map<String, BigInteger> before = certificates.stored();
    try (Load load = hub.load()) {
      for (String part : PARTS) {
        cluster
            .kubectl(
                "patch",
                "certificate",
                part,
                "--type=merge",
                "--patch",
                "spec: {duration: 1h, renewBefore: 57m30s}")
            .orFail();
        issueNow(part);
      }
      awaitOthersThan(before, Duration.ofMinutes(1));
      Map<String, BigInteger> shortLived = certificates.stored();
      awaitOthersThan(shortLived, Duration.ofMinutes(5));
      assertThat(ServedCertificates.read(hub.secret("pilot-db-tls", "tls.crt")).getNotAfter())
          .as("renewed long before the end")
          .isAfter(Date.from(Instant.now().plus(Duration.ofMinutes(50))));
      await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofSeconds(5))
          .untilAsserted(() -> certificates.assertServed(certificates.stored()));
      Load.Report report = load.stop();
      assertThat(report.failures()).as("of %d requests", report.sent()).isEmpty();
    }
    assertThat(certificates.podUids()).isEqualTo(pods);
    hub.awaitReady(Duration.ofMinutes(1));
  }

  @Test
  @Order(5)
  void anotherIssuerIsTakenWhileTheHubServes() {
    issuers.create("faculty");
    for (String part : PARTS) {
      cluster
          .kubectl(
              "patch",
              "certificate",
              part,
              "--type=merge",
              "--patch",
              "spec: {duration: 24h, renewBefore: 8h}")
          .orFail();
    }
    Map<String, BigInteger> before = certificates.stored();
    try (Load load = hub.load()) {
      hub.patch("{certificates: {issuerRef: {name: faculty}}}").orFail();
      await()
          .atMost(LIMIT)
          .until(
              () -> hub.secret("pilot-ca", "ca.crt").contains(issuers.authority(hub, "faculty")));
      assertThat(hub.secret("pilot-ca", "ca.crt")).contains(issuers.authority(hub, "campus"));
      awaitOthersThan(before, LIMIT);
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofSeconds(5))
          // Pods that trust the new authority take the place of others, which end meanwhile.
          .ignoreExceptions()
          .untilAsserted(() -> certificates.assertServed(certificates.stored()));
      hub.awaitReady(LIMIT);
      Load.Report report = load.stop();
      assertThat(report.failures()).as("of %d requests", report.sent()).isEmpty();
    }
  }

  @Test
  @Order(6)
  void theCertificatesGoWithTheHub() {
    for (String part : PARTS) {
      assertThat(secret(part).getMetadata().getOwnerReferences())
          .as(part)
          .anySatisfy(it -> assertThat(it.getKind()).isEqualTo("Certificate"));
    }

    cluster.kubectl("delete", "studyhub", "pilot").orFail();

    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(PARTS).allSatisfy(it -> assertThat(secret(it)).isNull()));
    assertThat(secret("pilot-db-auth")).as("what opens the data stays").isNotNull();
  }

  /** As cert-manager's own command does it; a changed duration alone counts from the next time. */
  private static void issueNow(String certificate) {
    cluster
        .kubectl(
            "patch",
            "certificate",
            certificate,
            "--subresource=status",
            "--type=merge",
            "--patch",
            """
            {"status": {"conditions": [{"type": "Issuing", "status": "True", "reason": "ManuallyTriggered",
             "message": "by the test", "lastTransitionTime": "%s"}]}}
            """
                .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS)))
        .orFail();
  }

  private static void awaitOthersThan(Map<String, BigInteger> before, Duration limit) {
    await()
        .atMost(limit)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> certificates.stored().entrySet().stream().noneMatch(before.entrySet()::contains));
  }

  private static Secret secret(String name) {
    return cluster.client().secrets().inNamespace(cluster.namespace()).withName(name).get();
  }
}
