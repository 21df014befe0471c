package io.sanadflow.studyhub.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final Duration YEARS = Duration.ofDays(3650);

  private final Signed authority = Authority.newAuthority("hub h in n", NOW, YEARS);
  private final Signed leaf =
      Authority.issue(
          authority,
          "h-db",
          List.of("h-db", "h-db.n.svc"),
          List.of("127.0.0.1", "::1"),
          NOW,
          Duration.ofDays(90));

  @Test
  void authoritySignsItselfAndMaySignOthers() {
    CertificateFacts facts = CertificateFacts.read(authority.certificatePem());
    assertThat(facts.authority()).isTrue();
    assertThat(facts.subject()).isEqualTo("CN=hub h in n");
    assertThat(facts.notBefore()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
    assertThat(facts.notAfter()).isEqualTo(NOW.plus(YEARS));
    assertThat(facts.names()).isEmpty();
    assertThat(CertificateFacts.signedBy(authority.certificatePem(), authority.certificatePem()))
        .isTrue();
  }

  @Test
  void leafIsForItsNamesAndSignedByItsAuthority() {
    CertificateFacts facts = CertificateFacts.read(leaf.certificatePem());
    assertThat(facts.authority()).isFalse();
    assertThat(facts.names())
        .isEqualTo(Set.of("h-db", "h-db.n.svc", "127.0.0.1", "0:0:0:0:0:0:0:1"));
    assertThat(facts.notAfter()).isEqualTo(NOW.plus(Duration.ofDays(90)));
    assertThat(facts.serial().bitLength()).isEqualTo(128);
    assertThat(facts.issuerKeyId())
        .isPresent()
        .isEqualTo(CertificateFacts.read(authority.certificatePem()).keyId());
    assertThat(CertificateFacts.signedBy(leaf.certificatePem(), authority.certificatePem()))
        .isTrue();
  }

  @Test
  void everyCertificateHasAnotherSerialAndKey() {
    Signed again = issue(authority, "h-db", NOW, Duration.ofDays(90));
    assertThat(CertificateFacts.read(again.certificatePem()).serial())
        .isNotEqualTo(CertificateFacts.read(leaf.certificatePem()).serial());
    assertThat(again.privateKeyPem()).isNotEqualTo(leaf.privateKeyPem());
  }

  @Test
  void anotherAuthorityOfTheSameNameHasNotSignedIt() {
    Signed other = Authority.newAuthority("hub h in n", NOW, YEARS);
    assertThat(CertificateFacts.signedBy(leaf.certificatePem(), other.certificatePem())).isFalse();
    assertThat(CertificateFacts.signedBy(leaf.certificatePem(), leaf.certificatePem())).isFalse();
    String both = other.certificatePem() + authority.certificatePem();
    assertThat(CertificateFacts.signedBy(leaf.certificatePem(), both)).isTrue();
    assertThat(CertificateFacts.readAll(both)).hasSize(2);
  }

  @Test
  void leafNeverOutlivesItsAuthority() {
    Signed brief = Authority.newAuthority("brief", NOW, Duration.ofDays(2));
    Signed long90 = issue(brief, "h-db", NOW, Duration.ofDays(90));
    assertThat(CertificateFacts.read(long90.certificatePem()).notAfter())
        .isEqualTo(NOW.plus(Duration.ofDays(2)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> issue(brief, "h-db", NOW.plus(Duration.ofDays(2)), Duration.ofDays(1)))
        .withMessage("the certificate authority ended at " + NOW.plus(Duration.ofDays(2)));
  }

  @Test
  void keyOfAnotherAuthorityIsNoticed() {
    Signed other = Authority.newAuthority("hub h in n", NOW, YEARS);
    Signed torn = new Signed(authority.certificatePem(), other.privateKeyPem());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> issue(torn, "h-db", NOW, Duration.ofDays(1)))
        .withMessageContaining("belongs to another certificate");
  }

  @Test
  void whatIsNotACertificateIsToldSo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CertificateFacts.read("hello"))
        .withMessageStartingWith("not a certificate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CertificateFacts.read(leaf.privateKeyPem()))
        .withMessageStartingWith("not a certificate");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CertificateFacts.read(
                    "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n"))
        .withMessageStartingWith("a certificate is damaged");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                issue(
                    new Signed(authority.certificatePem(), "hello"),
                    "h-db",
                    NOW,
                    Duration.ofDays(1)))
        .withMessageStartingWith("not a private key");
  }

  @Test
  void longNamesAreCutForPeople() {
    Signed named = issue(authority, "x".repeat(100), NOW, Duration.ofDays(1));
    assertThat(CertificateFacts.read(named.certificatePem()).subject())
        .isEqualTo("CN=" + "x".repeat(64));
  }

  @Test
  void keysStayOutOfText() {
    assertThat(authority.toString()).doesNotContain("PRIVATE KEY");
  }

  @Test
  void theJvmTrustsTheChain() throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("ca", Pem.certificates(authority.certificatePem()).get(0));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    X509Certificate certificate = Pem.certificates(leaf.certificatePem()).get(0);
    ((X509TrustManager) factory.getTrustManagers()[0])
        .checkServerTrusted(new X509Certificate[] {certificate}, "UNKNOWN");
  }

  @Test
  void opensslTrustsTheChain(@TempDir Path directory) throws Exception {
    assumeTrue(run(directory, "openssl", "version").startsWith("OpenSSL"), "openssl is here");
    Files.writeString(directory.resolve("ca.crt"), authority.certificatePem());
    Files.writeString(directory.resolve("tls.crt"), leaf.certificatePem());
    Files.writeString(directory.resolve("tls.key"), leaf.privateKeyPem());

    String[] verify = {
      "openssl",
      "verify",
      "-x509_strict",
      "-check_ss_sig",
      "-purpose",
      "sslserver",
      "-CAfile",
      "ca.crt",
      "-verify_hostname",
      "h-db.n.svc",
      "tls.crt"
    };
    assertThat(run(directory, verify)).isEqualTo("tls.crt: OK\n");
    assertThat(run(directory, "openssl", "pkey", "-in", "tls.key", "-pubout"))
        .isEqualTo(run(directory, "openssl", "x509", "-in", "tls.crt", "-noout", "-pubkey"));
  }

  private static Signed issue(Signed by, String name, Instant now, Duration lifetime) {
    return Authority.issue(by, name, List.of(name), List.of(), now, lifetime);
  }

  private static String run(Path directory, String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output;
    } catch (java.io.IOException e) {
      return "";
    }
  }
}
