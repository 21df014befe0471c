package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Who signs the certificates inside the hub: the operator, unless an issuer is named. */
public record CertificatesSpec(
    @JsonPropertyDescription(
            "A cert-manager issuer that puts its authority into the ca.crt of what it issues.")
        @Nullable IssuerRef issuerRef) {}
