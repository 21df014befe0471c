package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.pki.CertificateFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the certificates of the ways in say of themselves, each read once after it has changed. */
final class IngressCertificates {

  private record Seen(String version, Optional<CertificateFacts> facts) {}

  private final Surroundings surroundings;
  private final Map<String, Seen> known = new ConcurrentHashMap<>();

  IngressCertificates(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Empty where there is none, or it cannot be read. */
  Optional<CertificateFacts> of(Hub hub, Watches watches) {
    Optional<String> secret = hub.app().ingress().flatMap(Hub.Ingress::tlsSecret);
    String version = secret.map(it -> Surroundings.digest(watches, hub, List.of(it))).orElse("");
    if (version.isEmpty()) {
      known.remove(hub.uid());
      return Optional.empty();
    }
    return known
        .compute(
            hub.uid(),
            (uid, last) ->
                last != null && last.version().equals(version)
                    ? last
                    : new Seen(version, secret.flatMap(it -> read(hub, it))))
        .facts();
  }

  private Optional<CertificateFacts> read(Hub hub, String secret) {
    try {
      return Optional.ofNullable(surroundings.content(hub, secret).get("tls.crt"))
          .map(CertificateFacts::read);
    } catch (IllegalArgumentException damaged) {
      // Whoever serves it says so.
      return Optional.empty();
    }
  }

  /** The hub is gone. */
  void forget(String uid) {
    known.remove(uid);
  }
}
