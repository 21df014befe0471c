package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.component.CertificateHealth.Term;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.pki.CertificateFacts;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateHealthTest {

  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  private static Term term(Duration life, Duration left) {
    return new Term("it", NOW.plus(left).minus(life), NOW.plus(left), "mend it");
  }

  @ParameterizedTest(name = "of {0}, {1} left: {2}")
  @CsvSource({
    // A third is left when it is renewed.
    "P90D, P30D, false",
    "P90D, P22D, false",
    "P90D, P21D, true",
    "P3650D, P40D, false",
    "P3650D, P20D, true",
    "PT20M, PT6M, false",
    "PT20M, PT5M, true",
    "P90D, -PT1S, true",
  })
  void tellsInTime(Duration life, Duration left, boolean told) {
    List<Term> terms = List.of(term(life, left));

    assertThat(CertificateHealth.of(terms, NOW).isPresent()).isEqualTo(told);
    // The next visit is when that changes.
    CertificateHealth.next(terms, NOW)
        .ifPresent(
            it -> {
              assertThat(it).isAfter(NOW);
              assertThat(CertificateHealth.of(terms, it)).isPresent();
            });
  }

  @Test
  void saysWhichAndWhatToDo() {
    Hub hub =
        Hubs.resolved(
            Hubs.withSpec(
                "app: {image: hub, ingress: {host: hub.example.org, tls: {secretName: mine}}}"));
    CertificateFacts facts =
        new CertificateFacts(
            BigInteger.ONE,
            NOW.minus(Duration.ofDays(80)),
            NOW.plus(Duration.ofDays(10)),
            "CN=x",
            Set.of("hub.example.org"),
            Optional.empty(),
            Optional.empty(),
            false);

    List<Term> terms = CertificateHealth.terms(hub, Optional.empty(), Optional.of(facts));

    Health health = CertificateHealth.of(terms, NOW).orElseThrow();
    assertThat(health.reason()).isEqualTo("CertificateEnding");
    assertThat(health.message())
        .isEqualTo(
            "the certificate for hub.example.org in Secret mine (spec.app.ingress.tls) ends at"
                + " 2030-01-12T03:04:05Z; put a new one into that Secret");
    assertThat(CertificateHealth.of(terms, NOW.plus(Duration.ofDays(11))).orElseThrow().message())
        .contains("has ended at");
  }
}
