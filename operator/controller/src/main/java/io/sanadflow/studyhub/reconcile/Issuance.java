package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.api.v1alpha1.IssuerRef;
import io.sanadflow.studyhub.component.AuthorityComponent;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.pki.CertificateFacts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How far cert-manager is with a hub's certificates while the hub cannot start for want of them.
 */
final class Issuance {

  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LAST = Duration.ofMinutes(2);

  private Issuance() {}

  /** Of an issuer, whether it is there, and what it says of itself while it is not ready. */
  record Issuer(boolean exists, Optional<String> trouble) {

    /** Nothing is known of it, for want of the right to look. */
    static final Issuer UNKNOWN = new Issuer(true, Optional.empty());
  }

  /** The certificate of the authority that has signed an issued certificate, if it is readable. */
  static Optional<String> authority(Map<String, String> secret) {
    return Optional.ofNullable(secret.get(AuthorityComponent.CA)).filter(Issuance::readable);
  }

  private static boolean readable(String pem) {
    try {
      CertificateFacts.readAll(pem);
      return true;
    } catch (IllegalArgumentException damaged) {
      return false;
    }
  }

  /** What is waited for. */
  static Health of(Hub hub, Watches watches, Surroundings surroundings) {
    return of(
        hub,
        name -> watches.ownSecret(hub.names().namespace(), name),
        surroundings.issuer(hub),
        surroundings.saidOfCertificates(hub));
  }

  /**
   * What is waited for.
   *
   * @param secrets the Secrets of the hub by name, decoded
   * @param said what cert-manager says of the hub's Certificates, if anything
   */
  static Health of(
      Hub hub,
      Function<String, Optional<Map<String, String>>> secrets,
      Issuer issuer,
      Optional<String> said) {
    IssuerRef ref = hub.issuer().orElseThrow();
    String name = ref.kind() + " " + ref.name();
    List<String> parts =
        AuthorityComponent.parts(hub).stream().map(hub.names()::tls).sorted().toList();
    List<String> bare =
        parts.stream()
            .filter(
                it ->
                    secrets
                        .apply(it)
                        .filter(found -> found.containsKey(AuthorityComponent.CERTIFICATE))
                        .filter(found -> authority(found).isEmpty())
                        .isPresent())
            .toList();
    if (!bare.isEmpty()) {
      return health(
          Phase.STUCK,
          "AuthorityMissing",
          "spec.certificates.issuerRef: %s issued %s without the certificate of its authority (ca.crt), as issuers of public certificates do, so nobody in the hub could verify its servers; name an issuer of a private authority (CA, Vault, SelfSigned), or remove the field for the hub's own"
              .formatted(name, String.join(", ", bare)));
    }
    if (!issuer.exists()) {
      return health(
          Phase.STUCK,
          "IssuerMissing",
          "spec.certificates.issuerRef: there is no %s%s; create it, or name one that exists"
              .formatted(
                  name,
                  ref.kind().equals("Issuer") ? " in namespace " + hub.names().namespace() : ""));
    }
    List<String> waiting = parts.stream().filter(it -> secrets.apply(it).isEmpty()).toList();
    return health(
        Phase.PROGRESSING,
        "WaitsForCertificates",
        "waits for cert-manager's %s to issue %s"
                .formatted(name, String.join(", ", waiting.isEmpty() ? parts : waiting))
            + issuer.trouble().map(it -> "; the issuer is not ready: " + it).orElse("")
            + said.map(it -> "; cert-manager says: " + it).orElse(""));
  }

  private static Health health(Phase phase, String reason, String message) {
    return new Health(Optional.empty(), Serving.UNKNOWN, phase, reason, message);
  }

  /** When to look again: after as long as it has taken already, for 5 seconds to 2 minutes. */
  static Duration lookAgain(Duration waited) {
    if (waited.compareTo(FIRST) < 0) {
      return FIRST;
    }
    return waited.compareTo(LAST) > 0 ? LAST : waited;
  }
}
