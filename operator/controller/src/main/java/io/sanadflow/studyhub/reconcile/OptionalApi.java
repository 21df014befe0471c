package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.sanadflow.studyhub.component.AuthorityComponent;
import io.sanadflow.studyhub.component.IngressComponent;
import io.sanadflow.studyhub.component.ObjectKey;
import java.util.Arrays;
import java.util.Optional;

/** A kind that the operator makes objects of where the cluster has it; rare, so not watched. */
enum OptionalApi {
  CERTIFICATE(
      AuthorityComponent.CERT_MANAGER,
      "v1",
      "Certificate",
      "certificates",
      "spec.certificates.issuerRef",
      "install cert-manager with its CRDs, or remove the field"),
  TLS_OPTION(
      IngressComponent.TRAEFIK,
      "v1alpha1",
      "TLSOption",
      "tlsoptions",
      "spec.app.ingress.tls",
      "install Traefik's CRDs, or name another spec.app.ingress.className");

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;
  private final String field;
  private final String cure;

  OptionalApi(String group, String version, String kind, String plural, String field, String cure) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
    this.field = field;
    this.cure = cure;
  }

  /** The API that an object is of, if it is of one of these. */
  static Optional<OptionalApi> of(HasMetadata object) {
    return Arrays.stream(values())
        .filter(it -> object.getApiVersion().equals(it.group + "/" + it.version))
        .filter(it -> object.getKind().equals(it.kind))
        .findFirst();
  }

  String group() {
    return group;
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }

  /** That the server does not know the kind of an object, and what would mend it. */
  ApplyException missing(ObjectKey object) {
    return new ApplyException(
        "ApiMissing",
        "%s: the cluster has no %s of %s/%s, so %s cannot be made; %s"
            .formatted(field, kind, group, version, object, cure));
  }
}
