package io.sanadflow.studyhub.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sanadflow.studyhub.pki.Authority;
import io.sanadflow.studyhub.pki.CertificateFacts;
import io.sanadflow.studyhub.pki.Signed;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes with real servers: who is trusted, and with what words the others are refused. */
class ServerTrustTest {

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Signed AUTHORITY = Authority.newAuthority("the hub's", NOW, YEAR);

  private static Signed server(Instant from, Duration lifetime, String... names) {
    return Authority.issue(
        AUTHORITY, "server", List.of(names), List.of("127.0.0.1"), from, lifetime);
  }

  private static ServerTrust handshake(
      Signed server, String protocol, String authority, String name) throws Exception {
    ServerTrust trust = new ServerTrust(new TlsTrust(authority, name));
    try (TlsServer there =
            new TlsServer(server, protocol, client -> client.getOutputStream().write('!'));
        Socket plain = new Socket("127.0.0.1", there.port())) {
      plain.setSoTimeout(5000);
      Socket secured = ServerTrust.secured(trust.sockets(), plain, "127.0.0.1", there.port());
      assertThat(secured.getInputStream().read()).isEqualTo('!');
      return trust;
    }
  }

  private static ServerTrust handshake(Signed server, String name) throws Exception {
    return handshake(server, "TLSv1.3", AUTHORITY.certificatePem(), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pilot-db.study.svc", "PILOT-DB.study.svc", "127.0.0.1", "localhost"})
  void theRightServerIsTrustedWhateverAddressWasConnectedTo(String name) throws Exception {
    Signed server = server(NOW, YEAR, "pilot-db.study.svc", "localhost");
    CertificateFacts facts = CertificateFacts.read(server.certificatePem());
    assertThat(handshake(server, name).served())
        .contains(new Served(facts.serial(), facts.notAfter()));
  }

  @Test
  void oneOfSeveralAuthoritiesIsEnough() throws Exception {
    Signed other = Authority.newAuthority("the one before", NOW, YEAR);
    String bundle = other.certificatePem() + AUTHORITY.certificatePem();
    assertThat(handshake(server(NOW, YEAR, "a"), "TLSv1.3", bundle, "a").served()).isPresent();
  }

  @Test
  void aWildcardStandsForOneLabel() throws Exception {
    Signed server = server(NOW, YEAR, "*.example.org");
    assertThat(handshake(server, "db.example.org").served()).isPresent();
    for (String name : List.of("example.org", "a.b.example.org", ".example.org")) {
      assertThatThrownBy(() -> handshake(server, name))
          .as(name)
          .hasRootCauseInstanceOf(CertificateException.class);
    }
  }

  @Test
  void anotherAuthorityIsRefusedThoughItHasTheSameName() {
    Signed impostor = Authority.newAuthority("the hub's", NOW, YEAR);
    assertThatThrownBy(
            () -> handshake(server(NOW, YEAR, "a"), "TLSv1.3", impostor.certificatePem(), "a"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("PKIX path validation failed");
  }

  @Test
  void aPrivateAuthorityIsNotOneOfTheWorlds() {
    assertThatThrownBy(() -> handshake(server(NOW, YEAR, "a"), "TLSv1.3", "", "a"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("unable to find valid certification path");
  }

  @Test
  void anotherNameIsRefused() {
    assertThatThrownBy(() -> handshake(server(NOW, YEAR, "a"), "b"))
        .rootCause()
        .isInstanceOf(CertificateException.class)
        .hasMessageStartingWith("its certificate is not for b but for ");
  }

  @Test
  void anExpiredCertificateIsRefusedAndStillSeen() throws Exception {
    Instant past = NOW.minus(Duration.ofDays(400));
    Signed old = Authority.newAuthority("old", past, YEAR.multipliedBy(3));
    Signed expired =
        Authority.issue(old, "server", List.of("a"), List.of(), past, Duration.ofDays(30));
    ServerTrust trust = new ServerTrust(new TlsTrust(old.certificatePem(), "a"));
    try (TlsServer there =
            new TlsServer(expired, "TLSv1.3", client -> client.getOutputStream().write('!'));
        Socket plain = new Socket("127.0.0.1", there.port())) {
      Socket secured = ServerTrust.secured(trust.sockets(), plain, "a", there.port());
      assertThatThrownBy(() -> secured.getInputStream().read())
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("validity check failed");
    }
    assertThat(trust.served().orElseThrow().notAfter()).isBefore(NOW);
  }

  @Test
  void aServerOfTls12IsRefused() {
    Signed server = server(NOW, YEAR, "a");
    assertThatThrownBy(() -> handshake(server, "TLSv1.2", AUTHORITY.certificatePem(), "a"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("protocol_version");
  }

  @Test
  void anAuthorityThatIsNoneIsTold() {
    String damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assertThatThrownBy(() -> new ServerTrust(new TlsTrust(damaged, "a")))
        .isInstanceOf(ProbeException.class)
        .hasMessageStartingWith("the authority of a cannot be read: ");
  }

  @Test
  void anAuthorityOfOtherTextTrustsNobody() {
    assertThatThrownBy(() -> handshake(server(NOW, YEAR, "a"), "TLSv1.3", "replace me", "a"))
        .isInstanceOfAny(ProbeException.class, IOException.class);
  }
}
