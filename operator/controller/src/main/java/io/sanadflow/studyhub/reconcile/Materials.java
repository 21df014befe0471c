package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.component.AuthorityComponent;
import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Material.ExternalLogin;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.model.Offload;
import io.sanadflow.studyhub.pki.Authority;
import io.sanadflow.studyhub.pki.CertificateFacts;
import io.sanadflow.studyhub.pki.Signed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Generates a hub's passwords and certificates once, and reads them from its Secrets ever after.
 * Certificates are made anew in the last third of their life. What was read last is remembered, so
 * that a Secret that somebody deletes comes back as it was.
 */
final class Materials {

  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

  private final Passwords passwords = new Passwords();
  private final Map<String, Material> remembered = new ConcurrentHashMap<>();
  private final Clock clock;
  private final Duration lifetime;

  /**
   * Issues certificates that last so long.
   *
   * @param lifetime of a certificate; it is renewed when a third of it is left
   */
  Materials(Clock clock, Duration lifetime) {
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /**
   * The material of a hub.
   *
   * @param secrets the hub's own Secrets by name, decoded
   * @param external the login of a database elsewhere
   * @return empty while cert-manager has not issued yet
   */
  Optional<Material> of(
      Hub hub,
      Function<String, Optional<Map<String, String>>> secrets,
      Optional<ExternalLogin> external) {
    Optional<Material> before = Optional.ofNullable(remembered.get(hub.uid()));
    Credentials credentials = passwords.of(hub.names(), secrets, before.map(Material::credentials));
    Optional<Material> material =
        hub.issuer().isPresent()
            ? issued(hub, secrets, before, credentials, external)
            : Optional.of(own(hub, secrets, before, credentials, external));
    material.ifPresent(it -> remembered.put(hub.uid(), it));
    return material;
  }

  /** Whether there was material of the hub before. */
  boolean knows(Hub hub) {
    return remembered.containsKey(hub.uid());
  }

  /** Forgets a hub that is gone. */
  void forget(String uid) {
    remembered.remove(uid);
  }

  /** How long until the first of the certificates is due to be made anew. */
  Duration untilRenewal(Hub hub, Material material) {
    if (material.authorityKey().isEmpty()) {
      return Duration.ofDays(1);
    }
    Instant first =
        material.certificates().stream()
            .map(it -> due(it.facts()))
            .min(Instant::compareTo)
            .orElseThrow();
    Duration left = Duration.between(clock.instant(), first);
    return left.compareTo(Duration.ofSeconds(5)) < 0 ? Duration.ofSeconds(5) : left;
  }

  private Material own(
      Hub hub,
      Function<String, Optional<Map<String, String>>> secrets,
      Optional<Material> before,
      Credentials credentials,
      Optional<ExternalLogin> external) {
    Names names = hub.names();
    Instant now = clock.instant();
    Signed authority =
        stored(secrets, names.authorityKey(), before.flatMap(Material::authorityKey))
            .or(() -> before.flatMap(Material::authorityKey))
            .filter(it -> due(it.facts()).isAfter(now))
            .orElseGet(
                () -> Authority.newAuthority(names.hub() + " authority", now, AUTHORITY_LIFETIME));
    String trusted = bundle(List.of(authority.certificatePem()), secrets.apply(names.authority()));
    return new Material(
            credentials,
            trusted,
            Optional.of(authority),
            leaf(
                names,
                names.database(),
                secrets,
                before,
                before.map(Material::database),
                authority),
            leaf(names, names.pooler(), secrets, before, before.map(Material::pooler), authority),
            leaf(names, names.redis(), secrets, before, before.map(Material::redis), authority),
            external)
        .withGateway(
            hub.offload()
                .flatMap(Offload::gateway)
                .map(
                    it ->
                        new Material.Gateway(
                            leaf(
                                names,
                                names.media(),
                                secrets,
                                before,
                                before
                                    .flatMap(Material::gateway)
                                    .map(Material.Gateway::certificate),
                                authority),
                            passwords.signingKey(names, secrets, before))));
  }

  /**
   * Authorities, and those before them while they last: clients trust what servers still show.
   *
   * @param secret the bundle as it is stored
   */
  private String bundle(List<String> authorities, Optional<Map<String, String>> secret) {
    StringBuilder bundle = new StringBuilder();
    Set<String> seen = new HashSet<>();
    authorities.stream()
        .flatMap(Materials::certificates)
        .filter(seen::add)
        .forEach(it -> bundle.append(it).append('\n'));
    Instant now = clock.instant();
    secret.map(it -> it.get(AuthorityComponent.CA)).stream()
        .flatMap(Materials::certificates)
        .filter(seen::add)
        .filter(it -> lasts(it, now))
        .forEach(it -> bundle.append(it).append('\n'));
    return bundle.toString();
  }

  private static Stream<String> certificates(String pem) {
    return Arrays.stream(pem.split("(?<=-----END CERTIFICATE-----)"))
        .map(String::strip)
        .filter(it -> !it.isEmpty());
  }

  /** What somebody has damaged does not last. */
  private static boolean lasts(String pem, Instant now) {
    try {
      return CertificateFacts.read(pem).notAfter().isAfter(now);
    } catch (IllegalArgumentException damaged) {
      return false;
    }
  }

  private Signed leaf(
      Names names,
      String part,
      Function<String, Optional<Map<String, String>>> secrets,
      Optional<Material> before,
      Optional<Signed> last,
      Signed authority) {
    Instant now = clock.instant();
    boolean sameAuthority =
        before.flatMap(Material::authorityKey).filter(authority::equals).isPresent();
    List<String> dnsNames = AuthorityComponent.dnsNames(names, part);
    return stored(secrets, names.tls(part), last)
        .or(() -> last)
        .filter(
            it ->
                // What was found to be of this authority need not be verified again.
                (sameAuthority && last.filter(known -> known == it).isPresent())
                    || CertificateFacts.signedBy(it.certificatePem(), authority.certificatePem()))
        .filter(it -> due(it.facts()).isAfter(now) && it.facts().names().containsAll(dnsNames))
        .orElseGet(
            () -> Authority.issue(authority, part, dnsNames, List.of("127.0.0.1"), now, lifetime));
  }

  /** When a third of its life is left. */
  private static Instant due(CertificateFacts facts) {
    Duration life = Duration.between(facts.notBefore(), facts.notAfter());
    return facts.notAfter().minus(life.dividedBy(3));
  }

  /**
   * A certificate of a Secret.
   *
   * @param known the one that was there last, which has been read already
   */
  private static Optional<Signed> stored(
      Function<String, Optional<Map<String, String>>> secrets,
      String name,
      Optional<Signed> known) {
    return secrets
        .apply(name)
        .filter(
            it ->
                it.containsKey(AuthorityComponent.CERTIFICATE)
                    && it.containsKey(AuthorityComponent.KEY))
        .map(
            it ->
                new Signed(it.get(AuthorityComponent.CERTIFICATE), it.get(AuthorityComponent.KEY)))
        .map(it -> known.filter(it::equals).orElse(it))
        .filter(Materials::readable);
  }

  /** What somebody has damaged is made anew. */
  private static boolean readable(Signed signed) {
    try {
      signed.facts();
      return signed.privateKeyPem().contains("PRIVATE KEY");
    } catch (IllegalArgumentException damaged) {
      return false;
    }
  }

  private Optional<Material> issued(
      Hub hub,
      Function<String, Optional<Map<String, String>>> secrets,
      Optional<Material> before,
      Credentials credentials,
      Optional<ExternalLogin> external) {
    Names names = hub.names();
    Optional<Signed> pooler =
        stored(secrets, names.tls(names.pooler()), before.map(Material::pooler));
    // One by one they come from another authority when the issuer changes.
    List<Optional<String>> authorities =
        AuthorityComponent.parts(hub).stream()
            .map(it -> secrets.apply(names.tls(it)).flatMap(Issuance::authority))
            .toList();
    Optional<Signed> database =
        hub.database().external().isPresent()
            ? pooler
            : stored(secrets, names.tls(names.database()), before.map(Material::database));
    Optional<Signed> redis =
        hub.redis().isEmpty()
            ? pooler
            : stored(secrets, names.tls(names.redis()), before.map(Material::redis));
    boolean gateway = hub.offload().flatMap(Offload::gateway).isPresent();
    Optional<Signed> media =
        gateway
            ? stored(
                secrets,
                names.tls(names.media()),
                before.flatMap(Material::gateway).map(Material.Gateway::certificate))
            : pooler;
    if (pooler.isEmpty()
        || database.isEmpty()
        || redis.isEmpty()
        || media.isEmpty()
        || authorities.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    return Optional.of(
        new Material(
                credentials,
                bundle(
                    authorities.stream().flatMap(Optional::stream).toList(),
                    secrets.apply(names.authority())),
                Optional.empty(),
                database.get(),
                pooler.get(),
                redis.get(),
                external)
            .withGateway(
                media
                    .filter(it -> gateway)
                    .map(
                        it ->
                            new Material.Gateway(
                                it, passwords.signingKey(names, secrets, before)))));
  }
}
