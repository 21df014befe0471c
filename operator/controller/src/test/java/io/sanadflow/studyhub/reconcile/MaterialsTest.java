package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.component.AuthorityComponent;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.pki.Authority;
import io.sanadflow.studyhub.pki.CertificateFacts;
import io.sanadflow.studyhub.pki.Signed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaterialsTest {

  private static final Duration LIFETIME = Duration.ofDays(90);

  private final Hub hub = Hubs.resolved(Hubs.read(Hubs.MINIMAL));
  private final MovingClock clock = new MovingClock();
  private final Map<String, Map<String, String>> secrets = new HashMap<>();
  private Materials materials = new Materials(clock, LIFETIME);

  /** Time stands until it is moved. */
  private static final class MovingClock extends Clock {
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void firstVisit() {
    store(make());
  }

  private Material make() {
    return materials.of(hub, it -> Optional.ofNullable(secrets.get(it)), Optional.empty()).get();
  }

  /** Writes the Secrets as the parts want them. */
  private void store(Material material) {
    Observed nothing = Observed.nothing(Set.of(), "studyhub-system");
    new AuthorityComponent()
        .desired(hub, material, nothing)
        .forEach(
            it ->
                secrets.put(
                    it.getMetadata().getName(),
                    Watches.decoded((io.fabric8.kubernetes.api.model.Secret) it)));
  }

  private void restartOperator() {
    materials = new Materials(clock, LIFETIME);
  }

  @Test
  void whatIsStoredIsUsedEverAfter() {
    Material first = make();
    restartOperator();
    assertThat(make()).isEqualTo(first);
    assertThat(first.credentials().superuser()).matches("[0-9a-f]{48}");
    assertThat(Set.of(first.credentials().superuser(), first.credentials().owner())).hasSize(2);
  }

  @Test
  void aCertificateIsMadeAnewWhenAThirdOfItsLifeIsLeft() {
    Material first = make();
    CertificateFacts facts = CertificateFacts.read(first.database().certificatePem());
    Duration third = Duration.between(facts.notBefore(), facts.notAfter()).dividedBy(3);
    clock.now = facts.notAfter().minus(third).minusSeconds(1);
    assertThat(make().database()).isEqualTo(first.database());
    assertThat(materials.untilRenewal(hub, first)).isEqualTo(Duration.ofSeconds(5));
    clock.now = facts.notAfter().minus(third);
    Material second = make();
    assertThat(second.database()).isNotEqualTo(first.database());
    assertThat(second.authorityKey()).isEqualTo(first.authorityKey());
    assertThat(second.credentials()).isEqualTo(first.credentials());
    assertThat(CertificateFacts.read(second.database().certificatePem()).notAfter())
        .isEqualTo(clock.now.plus(LIFETIME));
  }

  @Test
  void theNextRenewalIsKnown() {
    // Validity begins five minutes early, so a third of it is a little more.
    assertThat(materials.untilRenewal(hub, make()))
        .isBetween(Duration.ofDays(59).plusHours(23), Duration.ofDays(60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not a certificate",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
      })
  void aDamagedCertificateIsMadeAnew(String damaged) {
    Signed before = make().pooler();
    restartOperator();
    secrets.get("pilot-pooler-tls").put("tls.crt", damaged);
    Signed after = make().pooler();
    assertThat(after).isNotEqualTo(before);
    assertThat(
            CertificateFacts.signedBy(
                after.certificatePem(), make().authorityKey().get().certificatePem()))
        .isTrue();
  }

  @Test
  void aDamagedSecretComesBackFromMemory() {
    Material before = make();
    secrets.get("pilot-pooler-tls").put("tls.key", "");
    secrets.get("pilot-db-auth").put("superuser", "short");
    assertThat(make()).isEqualTo(before);
  }

  @Test
  void deletedSecretsComeBackFromMemory() {
    Material before = make();
    secrets.clear();
    assertThat(make()).isEqualTo(before);
  }

  @Test
  void aHubThatIsGoneIsForgotten() {
    Material before = make();
    secrets.clear();
    materials.forget(hub.uid());
    assertThat(make().credentials()).isNotEqualTo(before.credentials());
  }

  @Test
  void theAuthorityBeforeIsTrustedWhileItLasts() {
    Material first = make();
    String old = first.authorityKey().orElseThrow().certificatePem();
    CertificateFacts facts = CertificateFacts.read(old);
    Duration third = Duration.between(facts.notBefore(), facts.notAfter()).dividedBy(3);
    clock.now = facts.notAfter().minus(third);
    Material second = make();
    store(second);
    String fresh = second.authorityKey().orElseThrow().certificatePem();
    assertThat(fresh).isNotEqualTo(old);
    assertThat(CertificateFacts.readAll(second.authority())).hasSize(2);
    assertThat(second.authority()).startsWith(fresh);
    assertThat(CertificateFacts.signedBy(second.database().certificatePem(), fresh)).isTrue();
    assertThat(CertificateFacts.signedBy(second.redis().certificatePem(), fresh)).isTrue();
    assertThat(make().authority()).as("it is not added twice").isEqualTo(second.authority());
    clock.now = facts.notAfter().plusSeconds(1);
    assertThat(CertificateFacts.readAll(make().authority())).hasSize(1);
  }

  @Test
  void aCertificateForOtherNamesIsMadeAnew() {
    secrets.put("pilot-db-tls", secrets.get("pilot-redis-tls"));
    assertThat(CertificateFacts.read(make().database().certificatePem()).names())
        .contains("pilot-db.study.svc", "localhost", "127.0.0.1");
  }

  @Test
  void anIssuersCertificatesAreWaitedFor() {
    Hub issued =
        Hubs.resolved(
            Hubs.withSpec("app: {image: hub}\ncertificates: {issuerRef: {name: internal}}"));
    Map<String, Map<String, String>> there = new HashMap<>();
    Materials fresh = new Materials(clock, LIFETIME);
    assertThat(fresh.of(issued, it -> Optional.ofNullable(there.get(it)), Optional.empty()))
        .isEmpty();
    for (String part : AuthorityComponent.parts(issued)) {
      there.put(part + "-tls", secrets.get(part + "-tls"));
    }
    Material material =
        fresh.of(issued, it -> Optional.ofNullable(there.get(it)), Optional.empty()).orElseThrow();
    assertThat(material.authorityKey()).isEmpty();
    assertThat(material.authority()).isEqualTo(secrets.get("pilot-ca").get("ca.crt"));
  }

  private final Hub issuedHub =
      Hubs.resolved(
          Hubs.withSpec("app: {image: hub}\ncertificates: {issuerRef: {name: internal}}"));

  private Optional<Material> issued(Map<String, Map<String, String>> there) {
    return materials.of(issuedHub, it -> Optional.ofNullable(there.get(it)), Optional.empty());
  }

  /** As while an issuer changes: one part has a certificate of the new authority already. */
  @Test
  void theAuthoritiesOfAllIssuedCertificatesAreTrusted() {
    Map<String, Map<String, String>> there = issuedBy(authority("old", 365));
    Signed fresh = authority("new", 365);
    there.put("pilot-redis-tls", issuedBy(fresh).get("pilot-redis-tls"));

    Material material = issued(there).orElseThrow();

    for (Signed server : material.certificates()) {
      assertThat(CertificateFacts.signedBy(server.certificatePem(), material.authority())).isTrue();
    }
    assertThat(CertificateFacts.readAll(material.authority())).hasSize(2);

    // The last servers still show a certificate of the old one when its last Secret is replaced.
    there.putAll(issuedBy(fresh));
    there.put("pilot-ca", Map.of("ca.crt", material.authority()));
    Material after = issued(there).orElseThrow();
    assertThat(CertificateFacts.readAll(after.authority())).hasSize(2);
    assertThat(after.authority()).startsWith(fresh.certificatePem().strip());
    there.put("pilot-ca", Map.of("ca.crt", after.authority()));
    assertThat(issued(there).orElseThrow().authority())
        .as("it settles")
        .isEqualTo(after.authority());
    clock.now = clock.now.plus(Duration.ofDays(366));
    there.putAll(issuedBy(authority("newest", 365)));
    assertThat(CertificateFacts.readAll(issued(there).orElseThrow().authority())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not a certificate"})
  void withoutTheAuthorityOfEachPartNothingIsMade(String authority) {
    Map<String, Map<String, String>> there = issuedBy(authority("campus", 365));
    assertThat(issued(there)).isPresent();
    there.get("pilot-redis-tls").put("ca.crt", authority);
    assertThat(issued(there)).isEmpty();
    there.get("pilot-redis-tls").remove("ca.crt");
    assertThat(issued(there)).isEmpty();
  }

  @Test
  void aDamagedBundleIsMadeAnew() {
    String before = make().authority();
    secrets
        .get("pilot-ca")
        .put(
            "ca.crt",
            before + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nrest");
    assertThat(make().authority()).isEqualTo(before);
  }

  private Signed authority(String name, int days) {
    return Authority.newAuthority(name, clock.now, Duration.ofDays(days));
  }

  private Map<String, Map<String, String>> issuedBy(Signed authority) {
    Map<String, Map<String, String>> there = new HashMap<>();
    for (String part : AuthorityComponent.parts(issuedHub)) {
      Signed leaf =
          Authority.issue(
              authority,
              part,
              AuthorityComponent.dnsNames(issuedHub.names(), part),
              List.of("127.0.0.1"),
              clock.now,
              LIFETIME);
      there.put(
          part + "-tls",
          new HashMap<>(
              Map.of(
                  "tls.crt", leaf.certificatePem(),
                  "tls.key", leaf.privateKeyPem(),
                  "ca.crt", authority.certificatePem())));
    }
    return there;
  }
}
