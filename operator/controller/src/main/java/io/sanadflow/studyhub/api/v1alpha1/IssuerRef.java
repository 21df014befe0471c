package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A cert-manager issuer by kind and name. */
public record IssuerRef(
    @Default("Issuer")
        @Pattern("^(Issuer|ClusterIssuer)$")
        @JsonPropertyDescription("Issuer or ClusterIssuer.")
        String kind,
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The issuer's name.")
        String name) {}
