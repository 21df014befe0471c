package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.sanadflow.studyhub.api.v1alpha1.IssuerRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Credentials;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Names;
import io.sanadflow.studyhub.model.Offload;
import io.sanadflow.studyhub.pki.Signed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The hub's authority, certificates and passwords. With an issuer of cert-manager only the
 * Certificates are ours, and cert-manager writes the Secrets.
 */
public final class AuthorityComponent implements Component {

  private static final String NAME = "authority";

  /** The API group of cert-manager's Certificates. */
  public static final String CERT_MANAGER = "cert-manager.io";

  private static final String CERTIFICATE_KIND = "Certificate";

  /** On Secrets that cert-manager has written for a hub: by which issuer. */
  private static final String ISSUER = StudyHub.GROUP + "/issuer";

  /** The key of the authority in every Secret that has one. */
  public static final String CA = "ca.crt";

  /** The key of a certificate, as in a Secret of type kubernetes.io/tls. */
  public static final String CERTIFICATE = "tls.crt";

  /** The key of a private key, as in a Secret of type kubernetes.io/tls. */
  public static final String KEY = "tls.key";

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    Names names = hub.names();
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(passwords(hub, material.credentials()));
    hub.redis().ifPresent(it -> objects.add(redisPassword(hub, material.credentials())));
    objects.add(
        Secrets.of(
            Metadata.owned(hub, names.authority(), NAME).build(),
            Map.of(CA, material.authority())));
    if (hub.issuer().isPresent()) {
      objects.addAll(requests(hub, observed));
      objects.addAll(adopted(hub, observed));
      return objects;
    }
    material
        .authorityKey()
        .ifPresent(
            it ->
                objects.add(
                    Secrets.of(
                        Metadata.owned(hub, names.authorityKey(), NAME).build(),
                        Map.of(CERTIFICATE, it.certificatePem(), KEY, it.privateKeyPem()))));
    for (String part : parts(hub)) {
      objects.add(tls(hub, part, material));
    }
    return objects;
  }

  /** The Certificates that an issuer of cert-manager is asked for; none without the two. */
  public static List<HasMetadata> requests(Hub hub, Observed observed) {
    return hub.issuer()
        .filter(it -> observed.apis().contains(CERT_MANAGER))
        .map(
            issuer ->
                parts(hub).stream().<HasMetadata>map(it -> certificate(hub, it, issuer)).toList())
        .orElse(List.of());
  }

  @Override
  public List<ObjectKey> kept(Hub hub, Observed observed) {
    List<ObjectKey> kept = new ArrayList<>();
    // Without Redis its volume stays, and so does what opens it.
    kept.add(new ObjectKey("Secret", hub.names().auth(hub.names().redis())));
    if (hub.issuer().isPresent()) {
      parts(hub).forEach(it -> kept.add(new ObjectKey("Secret", hub.names().tls(it))));
    }
    return kept;
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return hub.issuer()
        .filter(it -> !observed.apis().contains(CERT_MANAGER))
        .map(
            it ->
                new Health(
                    Optional.empty(),
                    Health.Serving.UNKNOWN,
                    Health.Phase.STUCK,
                    Health.API_MISSING,
                    "spec.certificates.issuerRef: the cluster has no Certificate of "
                        + CERT_MANAGER
                        + "/v1, so nobody issues the hub's certificates; install cert-manager with"
                        + " its CRDs, or remove the field for an authority of the hub's own"));
  }

  /**
   * The Secrets that cert-manager has written, so that they go with their Certificates and those
   * with the hub: it leaves them behind by default. Were the hub itself their owner, they could go
   * before the Certificates, and cert-manager would write them again. Only ownership is said of
   * them; the content stays cert-manager's.
   */
  private static List<HasMetadata> adopted(Hub hub, Observed observed) {
    List<HasMetadata> adopted = new ArrayList<>();
    for (String part : parts(hub)) {
      ObjectKey key = new ObjectKey("Secret", hub.names().tls(part));
      HasMetadata there = observed.objects().get(key);
      HasMetadata request = observed.objects().get(new ObjectKey(CERTIFICATE_KIND, key.name()));
      if (there != null
          && request != null
          && observed.annotation(key, ISSUER).isPresent()
          && Metadata.mayShare(hub, there)) {
        adopted.add(
            new SecretBuilder()
                .withMetadata(Metadata.following(hub, request, key.name(), NAME))
                .build());
      }
    }
    return adopted;
  }

  /** The parts that have a certificate, by the names that their Secrets start with. */
  public static List<String> parts(Hub hub) {
    List<String> parts = new ArrayList<>();
    if (hub.database().external().isEmpty()) {
      parts.add(hub.names().database());
    }
    parts.add(hub.names().pooler());
    if (hub.redis().isPresent()) {
      parts.add(hub.names().redis());
    }
    if (hub.offload().flatMap(Offload::gateway).isPresent()) {
      parts.add(hub.names().media());
    }
    return parts;
  }

  /** The names in a part's certificate: as clients write its Service, and loopback. */
  public static List<String> dnsNames(Names names, String part) {
    return List.of(
        part,
        part + "." + names.namespace(),
        part + "." + names.namespace() + ".svc",
        part + "." + names.namespace() + ".svc.cluster.local",
        "localhost");
  }

  private static HasMetadata tls(Hub hub, String part, Material material) {
    Signed signed =
        part.equals(hub.names().database())
            ? material.database()
            : part.equals(hub.names().redis())
                ? material.redis()
                : part.equals(hub.names().media())
                    ? material.gateway().orElseThrow().certificate()
                    : material.pooler();
    return Secrets.of(
        Metadata.owned(hub, hub.names().tls(part), NAME).build(),
        Map.of(
            CERTIFICATE, signed.certificatePem(),
            KEY, signed.privateKeyPem(),
            CA, material.authority()));
  }

  private static HasMetadata passwords(Hub hub, Credentials credentials) {
    return Secrets.of(
        Metadata.data(hub, hub.names().auth(hub.names().database()), NAME),
        Map.of(
            "superuser", credentials.superuser(),
            "owner", credentials.owner(),
            "app", credentials.app(),
            "monitor", credentials.monitor(),
            "pooler-admin", credentials.poolerAdmin()));
  }

  private static HasMetadata redisPassword(Hub hub, Credentials credentials) {
    return Secrets.of(
        Metadata.data(hub, hub.names().auth(hub.names().redis()), NAME),
        Map.of(
            "password",
            credentials.redis(),
            "auth.conf",
            "requirepass " + credentials.redis() + "\n"));
  }

  private static Map<String, Object> privateKey(Hub hub, String part) {
    Map<String, Object> key =
        new TreeMap<>(Map.of("algorithm", "ECDSA", "size", 256, "rotationPolicy", "Always"));
    if (part.equals(hub.names().media())) {
      // The JDK reads no other.
      key.put("encoding", "PKCS8");
    }
    return key;
  }

  private static GenericKubernetesResource certificate(Hub hub, String part, IssuerRef issuer) {
    Names names = hub.names();
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(CERT_MANAGER + "/v1")
        .withKind(CERTIFICATE_KIND)
        .withMetadata(Metadata.owned(hub, names.tls(part), NAME).build())
        .addToAdditionalProperties(
            "spec",
            Map.of(
                "secretName", names.tls(part),
                "secretTemplate",
                    Map.of(
                        "labels", Labels.of(names.hub(), NAME),
                        "annotations", Map.of(ISSUER, issuer.kind() + "." + issuer.name())),
                "commonName", part,
                "dnsNames", dnsNames(names, part),
                "ipAddresses", List.of("127.0.0.1"),
                "privateKey", privateKey(hub, part),
                "usages", List.of("digital signature", "server auth"),
                "issuerRef",
                    Map.of("group", CERT_MANAGER, "kind", issuer.kind(), "name", issuer.name())))
        .build();
  }
}
