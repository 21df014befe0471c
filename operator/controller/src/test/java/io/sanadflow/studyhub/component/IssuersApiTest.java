package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A cluster without cert-manager, and hubs that name an issuer of it. */
class IssuersApiTest {

  private static final Observed WITHOUT = Observed.nothing(Set.of(), "studyhub-system");
  private static final Observed WITH =
      Observed.nothing(Set.of(AuthorityComponent.CERT_MANAGER), "studyhub-system");

  @Test
  void aHubWhoseCertificatesNobodyCanIssueIsStuck() {
    Hub hub =
        Hubs.resolved(Hubs.withSpec("app: {image: hub}\ncertificates: {issuerRef: {name: a}}"));
    AuthorityComponent authority = new AuthorityComponent();
    assertThat(authority.health(hub, WITHOUT))
        .hasValueSatisfying(
            it -> {
              assertThat(it.phase()).isEqualTo(Phase.STUCK);
              assertThat(it.reason()).isEqualTo("ApiMissing");
              assertThat(it.message())
                  .startsWith("spec.certificates.issuerRef: ")
                  .contains("install cert-manager with its CRDs");
            });
    assertThat(AuthorityComponent.requests(hub, WITHOUT)).isEmpty();
    assertThat(authority.health(hub, WITH)).isEmpty();
    assertThat(AuthorityComponent.requests(hub, WITH)).hasSize(3);
  }

  @Test
  void anIngressWhoseCertificateNobodyMakesIsLacking() {
    Hub hub =
        Hubs.resolved(
            Hubs.withSpec(
                "app: {image: hub, ingress: {host: a.example.org, tls: {issuerRef: {name: a}}}}"));
    assertThat(new IngressComponent().health(hub, WITHOUT))
        .hasValueSatisfying(
            it -> {
              assertThat(it.phase()).isEqualTo(Phase.LACKING);
              assertThat(it.reason()).isEqualTo("ApiMissing");
              assertThat(it.message())
                  .startsWith("spec.app.ingress.tls.issuerRef: ")
                  .contains("Secret a.example.org-tls");
            });
    assertThat(new IngressComponent().health(hub, WITH)).isEmpty();
  }

  @Test
  void aHubThatNamesNoIssuerMindsNothing() {
    Hub hub = Hubs.resolved(Hubs.read(Hubs.MINIMAL));
    assertThat(new AuthorityComponent().health(hub, WITHOUT)).isEmpty();
    assertThat(new IngressComponent().health(hub, WITHOUT)).isEmpty();
  }
}
