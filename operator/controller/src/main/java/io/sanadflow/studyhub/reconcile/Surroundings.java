package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.sanadflow.studyhub.api.v1alpha1.IssuerRef;
import io.sanadflow.studyhub.component.AuthorityComponent;
import io.sanadflow.studyhub.component.IngressComponent;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.model.Facts;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Material.ExternalLogin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a hub stands among: the cluster's optional APIs, the user's Secrets, existing volumes. */
final class Surroundings {

  /** An API that comes later is noticed within this time. */
  private static final Duration APIS_VALID = Duration.ofMinutes(5);

  /** One that a hub waits for is looked for again after this time. */
  private static final Duration MISSING_VALID = Duration.ofSeconds(15);

  private final KubernetesClient client;
  private final Clock clock;
  private Set<String> apis = Set.of();
  private Instant apisRead = Instant.MIN;

  Surroundings(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * The optional API groups that the cluster serves.
   *
   * @throws KubernetesClientException if the server does not say: what it is not known to lack must
   *     not be taken for lacking
   */
  synchronized Set<String> apis(Hub hub) {
    boolean onTraefik =
        hub.app()
            .ingress()
            .filter(it -> it.tlsSecret().isPresent())
            .flatMap(Hub.Ingress::className)
            .filter("traefik"::equals)
            .isPresent();
    boolean issuer =
        hub.issuer().isPresent() || hub.app().ingress().flatMap(Hub.Ingress::issuer).isPresent();
    boolean lacks =
        (issuer && !apis.contains(AuthorityComponent.CERT_MANAGER))
            || (onTraefik && !apis.contains(IngressComponent.TRAEFIK));
    Instant now = clock.instant();
    if (apisRead.equals(Instant.MIN)
        || apisRead.plus(lacks ? MISSING_VALID : APIS_VALID).isBefore(now)) {
      Set<String> found = new HashSet<>();
      for (OptionalApi api : OptionalApi.values()) {
        APIGroup served = client.getApiGroup(api.group());
        if (served != null && !served.getVersions().isEmpty()) {
          found.add(api.group());
        }
      }
      apis = Set.copyOf(found);
      apisRead = now;
    }
    return apis;
  }

  /** Asks anew at the next visit which APIs there are: one has turned out to be gone. */
  private synchronized void forgetApis() {
    apisRead = Instant.MIN;
  }

  /** The hub's objects of optional APIs. */
  List<HasMetadata> optionalObjects(Hub hub) {
    List<HasMetadata> objects = new ArrayList<>();
    for (OptionalApi api : OptionalApi.values()) {
      if (!apis(hub).contains(api.group())) {
        continue;
      }
      try {
        objects.addAll(
            client
                .genericKubernetesResources(api.context())
                .inNamespace(hub.names().namespace())
                .withLabel(Labels.HUB, hub.names().hub())
                .list()
                .getItems());
      } catch (KubernetesClientException failed) {
        if (failed.getCode() != 404) {
          throw failed;
        }
        forgetApis();
      }
    }
    return objects;
  }

  /** Adds what is not watched, which a hub that names no issuer does not have. */
  Map<ObjectKey, HasMetadata> withCertificates(Hub hub, Map<ObjectKey, HasMetadata> watched) {
    if (hub.issuer().isEmpty()) {
      return watched;
    }
    Map<ObjectKey, HasMetadata> all = new HashMap<>(watched);
    optionalObjects(hub).forEach(it -> all.put(ObjectKey.of(it), it));
    return all;
  }

  /** The issuer that a hub names. */
  Issuance.Issuer issuer(Hub hub) {
    IssuerRef ref = hub.issuer().orElseThrow();
    boolean namespaced = ref.kind().equals("Issuer");
    var issuers =
        client.genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup(AuthorityComponent.CERT_MANAGER)
                .withVersion("v1")
                .withKind(ref.kind())
                .withPlural(namespaced ? "issuers" : "clusterissuers")
                .withNamespaced(namespaced)
                .build());
    try {
      GenericKubernetesResource found =
          (namespaced ? issuers.inNamespace(hub.names().namespace()) : issuers)
              .withName(ref.name())
              .get();
      return new Issuance.Issuer(
          found != null,
          Optional.ofNullable(found).flatMap(it -> conditionOtherThanTrue(it, "Ready")));
    } catch (KubernetesClientException failed) {
      // A Role of one namespace cannot allow to look at ClusterIssuers.
      if (failed.getCode() == 403) {
        return Issuance.Issuer.UNKNOWN;
      }
      throw failed;
    }
  }

  /** What cert-manager says of the hub's Certificates that it has failed to issue. */
  Optional<String> saidOfCertificates(Hub hub) {
    return optionalObjects(hub).stream()
        .filter(it -> it instanceof GenericKubernetesResource)
        .map(GenericKubernetesResource.class::cast)
        .filter(it -> it.getKind().equals("Certificate"))
        .flatMap(
            it ->
                conditionOtherThanTrue(it, "Issuing")
                    .map(said -> it.getMetadata().getName() + ": " + said)
                    .stream())
        .findFirst();
  }

  private static Optional<String> conditionOtherThanTrue(
      GenericKubernetesResource resource, String type) {
    List<Map<String, Object>> conditions = resource.get("status", "conditions");
    return Optional.ofNullable(conditions).orElse(List.of()).stream()
        .filter(it -> type.equals(it.get("type")) && !"True".equals(it.get("status")))
        .map(it -> String.valueOf(it.get("message")))
        .findFirst();
  }

  /** The facts that a spec is checked against. */
  static Facts facts(Watches watches, String namespace) {
    return new Facts() {
      @Override
      public Optional<Set<String>> secretKeys(String secret) {
        return watches
            .secret(namespace, secret)
            .map(it -> it.getData() == null ? Set.<String>of() : it.getData().keySet());
      }

      @Override
      public Optional<Volume> volume(String claim) {
        return watches
            .claim(namespace, claim)
            .filter(it -> it.getSpec() != null && it.getSpec().getResources() != null)
            .map(
                it -> {
                  Quantity size = it.getSpec().getResources().getRequests().get("storage");
                  return new Volume(
                      size == null ? 0 : Quantity.getAmountInBytes(size).longValue(),
                      Optional.ofNullable(it.getSpec().getStorageClassName()),
                      Optional.ofNullable(it.getMetadata().getAnnotations())
                          .map(all -> all.get(Labels.MEDIA)));
                });
      }
    };
  }

  /** The material of a hub, with what the user's own Secrets hold of it. */
  Optional<Material> material(Hub hub, Materials materials, Watches watches) {
    String namespace = hub.names().namespace();
    return materials
        .of(
            hub,
            name ->
                watches
                    .ownSecret(namespace, name)
                    // Never made anew because a cache lacks it.
                    .or(() -> materials.knows(hub) ? Optional.empty() : ownSecret(hub, name)),
            external(hub))
        .map(it -> it.withStoreAuthority(storeAuthority(hub)));
  }

  /** What signs the store's certificate, read only where the app may have to trust it. */
  private Optional<String> storeAuthority(Hub hub) {
    return hub.offload()
        .flatMap(it -> it.store().authoritySecret())
        .map(it -> content(hub, it).getOrDefault("ca.crt", ""));
  }

  /** The login of a database elsewhere, read when it is needed and not kept in a cache. */
  private Optional<ExternalLogin> external(Hub hub) {
    if (hub.database().external().isEmpty()) {
      return Optional.empty();
    }
    Hub.External external = hub.database().external().get();
    Map<String, String> login = content(hub, external.credentialsSecret());
    return Optional.of(
        new ExternalLogin(
            login.getOrDefault("username", ""),
            login.getOrDefault("password", ""),
            external.authoritySecret().map(it -> content(hub, it).getOrDefault("ca.crt", ""))));
  }

  /** The content of a Secret of ours as the server has it now. */
  Optional<Map<String, String>> ownSecret(Hub hub, String name) {
    return Optional.ofNullable(
            client.secrets().inNamespace(hub.names().namespace()).withName(name).get())
        .filter(Labels::ours)
        .map(Watches::decoded);
  }

  /** The content of a user's Secret, read when it is needed and not kept in a cache. */
  Map<String, String> content(Hub hub, String name) {
    Secret secret = client.secrets().inNamespace(hub.names().namespace()).withName(name).get();
    return secret == null ? Map.of() : Watches.decoded(secret);
  }

  /** A text that changes with the Secrets that open the hub's object store. */
  static String storeDigest(Watches watches, Hub hub) {
    return hub.objectStore()
        .map(
            it ->
                Stream.concat(Stream.of(it.credentialsSecret()), it.authoritySecret().stream())
                    .toList())
        .map(it -> digest(watches, hub, it))
        .orElse("");
  }

  /** A hash over the Secrets that the hub's pods read at their start. */
  static String digest(Watches watches, Hub hub, List<String> secrets) {
    StringBuilder text = new StringBuilder();
    for (String name : secrets.stream().distinct().sorted().toList()) {
      watches
          .secret(hub.names().namespace(), name)
          .ifPresent(
              it ->
                  text.append(name)
                      .append(it.getData() == null ? "" : new TreeMap<>(it.getData())));
    }
    return text.toString();
  }
}
