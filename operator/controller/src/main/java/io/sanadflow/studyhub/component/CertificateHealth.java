package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.pki.CertificateFacts;
import io.sanadflow.studyhub.pki.Signed;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a certificate is near its end: later than whoever renews it should have done so. The
 * operator and cert-manager do with a third of its life left; a user's own is the user's to renew.
 */
public final class CertificateHealth {

  /** The reason of a hub of which a certificate is near its end. */
  public static final String ENDING = "CertificateEnding";

  /** Long enough to get another one, and not so long that nobody cares yet. */
  private static final Duration LONGEST_NOTICE = Duration.ofDays(21);

  /**
   * How long a certificate is valid.
   *
   * @param what whose it is, and where it is from
   * @param cure what brings a new one
   */
  public record Term(String what, Instant from, Instant until, String cure) {

    /** From when on it is near its end: a quarter of its life, or three weeks if that is less. */
    Instant notice() {
      Duration quarter = Duration.between(from, until).dividedBy(4);
      return until.minus(quarter.compareTo(LONGEST_NOTICE) < 0 ? quarter : LONGEST_NOTICE);
    }
  }

  private CertificateHealth() {}

  /**
   * The certificates of a hub.
   *
   * @param ingress that of the way in, if it is there and can be read
   */
  public static List<Term> terms(
      Hub hub, Optional<Material> material, Optional<CertificateFacts> ingress) {
    List<Term> terms = new ArrayList<>();
    hub.app()
        .ingress()
        .ifPresent(
            it ->
                ingress.ifPresent(
                    facts ->
                        terms.add(
                            term(
                                "the certificate for "
                                    + it.host()
                                    + " in Secret "
                                    + it.tlsSecret().orElse("")
                                    + " (spec.app.ingress.tls)",
                                facts,
                                it.issuer().isPresent()
                                    ? "cert-manager has not renewed it: describe its Certificate"
                                    : "put a new one into that Secret"))));
    String cure =
        hub.issuer().isPresent()
            ? "cert-manager has not renewed it: describe the Certificates of the namespace"
            : "the operator has not renewed it: see Stalled and its log";
    material.ifPresent(
        it -> {
          it.authorityKey()
              .ifPresent(
                  key -> terms.add(term("the certificate of the authority", key.facts(), cure)));
          add(terms, "PostgreSQL", it.database(), cure);
          add(terms, "PgBouncer", it.pooler(), cure);
          add(terms, "Redis", it.redis(), cure);
        });
    return List.copyOf(terms);
  }

  private static void add(List<Term> terms, String server, Signed signed, String cure) {
    terms.add(term("the certificate of " + server, signed.facts(), cure));
  }

  private static Term term(String what, CertificateFacts facts, String cure) {
    return new Term(what, facts.notBefore(), facts.notAfter(), cure);
  }

  /** That one is near its end, or past it. */
  public static Optional<Health> of(List<Term> terms, Instant now) {
    return terms.stream()
        .filter(it -> !it.notice().isAfter(now))
        .findFirst()
        .map(
            it ->
                new Health(
                    Optional.empty(),
                    Serving.UNKNOWN,
                    Phase.LACKING,
                    ENDING,
                    it.what()
                        + (it.until().isAfter(now) ? " ends at " : " has ended at ")
                        + it.until().truncatedTo(ChronoUnit.SECONDS)
                        + "; "
                        + it.cure()));
  }

  /** When another one comes near its end, or to it. */
  public static Optional<Instant> next(List<Term> terms, Instant now) {
    return terms.stream()
        .flatMap(it -> List.of(it.notice(), it.until()).stream())
        .filter(it -> it.isAfter(now))
        .min(Instant::compareTo);
  }
}
