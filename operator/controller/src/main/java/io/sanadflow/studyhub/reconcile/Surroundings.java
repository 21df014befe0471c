package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.sanadflow.studyhub.model.Facts;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material.ExternalLogin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a hub stands among: the cluster's optional APIs, the user's Secrets, existing volumes. */
final class Surroundings {

  /** An API that comes later is noticed within this time. */
  private static final Duration APIS_VALID = Duration.ofMinutes(5);

  /** Kinds of optional APIs that the operator makes objects of; rare, so not watched. */
  private static final Map<String, ResourceDefinitionContext> OPTIONAL =
      Map.of(
          "traefik.io", kind("traefik.io", "v1alpha1", "TLSOption", "tlsoptions"),
          "cert-manager.io", kind("cert-manager.io", "v1", "Certificate", "certificates"));

  private final KubernetesClient client;
  private final Clock clock;
  private Set<String> apis = Set.of();
  private Instant apisRead = Instant.MIN;

  Surroundings(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  private static ResourceDefinitionContext kind(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }

  /** The optional API groups that the cluster serves. */
  synchronized Set<String> apis() {
    Instant now = clock.instant();
    if (apisRead.plus(APIS_VALID).isBefore(now) || apisRead.equals(Instant.MIN)) {
      Set<String> found = new HashSet<>();
      for (String group : OPTIONAL.keySet()) {
        try {
          APIGroup served = client.getApiGroup(group);
          if (served != null && !served.getVersions().isEmpty()) {
            found.add(group);
          }
        } catch (KubernetesClientException unknown) {
          // Discovery is for extras; without it there are none.
        }
      }
      apis = Set.copyOf(found);
      apisRead = now;
    }
    return apis;
  }

  /** The hub's objects of optional APIs. */
  List<HasMetadata> optionalObjects(Hub hub) {
    List<HasMetadata> objects = new ArrayList<>();
    for (String group : apis()) {
      for (GenericKubernetesResource object :
          client
              .genericKubernetesResources(OPTIONAL.get(group))
              .inNamespace(hub.names().namespace())
              .withLabel(Labels.HUB, hub.names().hub())
              .list()
              .getItems()) {
        objects.add(object);
      }
    }
    return objects;
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
                      Optional.ofNullable(it.getSpec().getStorageClassName()));
                });
      }
    };
  }

  /** The login of a database elsewhere, read when it is needed and not kept in a cache. */
  Optional<ExternalLogin> external(Hub hub) {
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

  private Map<String, String> content(Hub hub, String name) {
    Secret secret = client.secrets().inNamespace(hub.names().namespace()).withName(name).get();
    return secret == null ? Map.of() : Watches.decoded(secret);
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
