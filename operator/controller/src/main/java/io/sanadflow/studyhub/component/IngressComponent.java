package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The way in: an Ingress, and on Traefik the option that admits TLS 1.3 alone. */
public final class IngressComponent implements Component {

  /** The API group of Traefik's own resources. */
  public static final String TRAEFIK = "traefik.io";

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    if (hub.app().ingress().isEmpty()) {
      return List.of();
    }
    Hub.Ingress ingress = hub.app().ingress().get();
    boolean traefik =
        ingress.tlsSecret().isPresent()
            && observed.apis().contains(TRAEFIK)
            && ingress.className().map("traefik"::equals).orElse(true);
    List<HasMetadata> objects = new ArrayList<>();
    if (traefik) {
      objects.add(
          new GenericKubernetesResourceBuilder()
              .withApiVersion(TRAEFIK + "/v1alpha1")
              .withKind("TLSOption")
              .withMetadata(Metadata.owned(hub, hub.names().tlsOption(), AppComponent.NAME).build())
              .addToAdditionalProperties("spec", Map.of("minVersion", "VersionTLS13"))
              .build());
    }
    objects.add(ingress(hub, ingress, traefik));
    return objects;
  }

  private static HasMetadata ingress(Hub hub, Hub.Ingress ingress, boolean traefik) {
    Map<String, String> annotations = new TreeMap<>();
    ingress
        .issuer()
        .ifPresent(
            it ->
                annotations.put(
                    it.kind().equals("ClusterIssuer")
                        ? "cert-manager.io/cluster-issuer"
                        : "cert-manager.io/issuer",
                    it.name()));
    if (traefik) {
      annotations.put(
          "traefik.ingress.kubernetes.io/router.tls.options",
          hub.names().namespace() + "-" + hub.names().tlsOption() + "@kubernetescrd");
    }
    var builder =
        new IngressBuilder()
            .withMetadata(
                Metadata.owned(hub, hub.names().app(), AppComponent.NAME)
                    .withAnnotations(annotations)
                    .build())
            .withNewSpec()
            .withIngressClassName(ingress.className().orElse(null))
            .addNewRule()
            .withHost(ingress.host())
            .withNewHttp()
            .addNewPath()
            .withPath("/")
            .withPathType("Prefix")
            .withNewBackend()
            .withNewService()
            .withName(hub.names().app())
            .withNewPort()
            .withName("http")
            .endPort()
            .endService()
            .endBackend()
            .endPath()
            .endHttp()
            .endRule();
    ingress
        .tlsSecret()
        .ifPresent(it -> builder.addNewTl().withHosts(ingress.host()).withSecretName(it).endTl());
    return builder.endSpec().build();
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return hub.app()
        .ingress()
        .filter(it -> it.issuer().isPresent())
        .filter(it -> !observed.apis().contains(AuthorityComponent.CERT_MANAGER))
        .map(
            it ->
                new Health(
                    Optional.empty(),
                    Health.Serving.UNKNOWN,
                    Health.Phase.LACKING,
                    "ApiMissing",
                    "spec.app.ingress.tls.issuerRef: the cluster has no "
                        + AuthorityComponent.CERT_MANAGER
                        + ", so nobody makes Secret "
                        + it.tlsSecret().orElse("")
                        + " for "
                        + it.host()
                        + "; install cert-manager with its CRDs, or make that Secret and name it"
                        + " in spec.app.ingress.tls.secretName"));
  }
}
