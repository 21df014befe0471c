package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.pki.Authority;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuanceTest {

  private static final Issuance.Issuer READY = new Issuance.Issuer(true, Optional.empty());

  private final Hub hub =
      Hubs.resolved(
          Hubs.withSpec("app: {image: hub}\ncertificates: {issuerRef: {name: internal}}"));
  private final Map<String, Map<String, String>> secrets = new HashMap<>();

  private Health health(Issuance.Issuer issuer, Optional<String> said) {
    return Issuance.of(hub, it -> Optional.ofNullable(secrets.get(it)), issuer, said);
  }

  @Test
  void whatIsWaitedForIsNamed() {
    secrets.put("pilot-db-tls", issued(authority()));
    Health health = health(READY, Optional.of("pilot-redis-tls: denied by policy"));
    assertThat(health.phase()).isEqualTo(Phase.PROGRESSING);
    assertThat(health.reason()).isEqualTo("WaitsForCertificates");
    assertThat(health.message())
        .isEqualTo(
            "waits for cert-manager's Issuer internal to issue pilot-pooler-tls, pilot-redis-tls;"
                + " cert-manager says: pilot-redis-tls: denied by policy");
  }

  @Test
  void anIssuerThatIsNotReadyIsQuoted() {
    assertThat(health(new Issuance.Issuer(true, Optional.of("no key pair")), Optional.empty()))
        .satisfies(it -> assertThat(it.phase()).isEqualTo(Phase.PROGRESSING))
        .satisfies(
            it -> assertThat(it.message()).endsWith("; the issuer is not ready: no key pair"));
  }

  @Test
  void anIssuerThatIsNotThereNeedsHelp() {
    Health health = health(new Issuance.Issuer(false, Optional.empty()), Optional.empty());
    assertThat(health.phase()).isEqualTo(Phase.STUCK);
    assertThat(health.reason()).isEqualTo("IssuerMissing");
    assertThat(health.message())
        .isEqualTo(
            "spec.certificates.issuerRef: there is no Issuer internal in namespace study;"
                + " create it, or name one that exists");
  }

  /** As of Let's Encrypt, which gives no ca.crt. */
  @ParameterizedTest
  @ValueSource(strings = {"", "not a certificate"})
  void anIssuerThatNamesNoAuthorityNeedsHelp(String authority) {
    secrets.put("pilot-db-tls", issued(authority));
    Map<String, String> without = issued(authority);
    without.remove("ca.crt");
    secrets.put("pilot-redis-tls", without);
    Health health = health(READY, Optional.empty());
    assertThat(health.phase()).isEqualTo(Phase.STUCK);
    assertThat(health.reason()).isEqualTo("AuthorityMissing");
    assertThat(health.message())
        .startsWith(
            "spec.certificates.issuerRef: Issuer internal issued pilot-db-tls, pilot-redis-tls"
                + " without the certificate of its authority (ca.crt)")
        .contains("name an issuer of a private authority");
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "4, 5", "30, 30", "119, 119", "3600, 120", "-10, 5"})
  void itIsLookedAtEverMoreRarely(long waited, long again) {
    assertThat(Issuance.lookAgain(Duration.ofSeconds(waited))).isEqualTo(Duration.ofSeconds(again));
  }

  private static Map<String, String> issued(String authority) {
    return new HashMap<>(Map.of("tls.crt", "a", "tls.key", "b", "ca.crt", authority));
  }

  private static String authority() {
    return Authority.newAuthority(
            "campus", Instant.parse("2030-01-01T00:00:00Z"), Duration.ofDays(365))
        .certificatePem();
  }
}
