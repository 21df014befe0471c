package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** One key of a Secret of the hub's namespace. */
public record SecretKeyRef(
    @Required @JsonPropertyDescription("The Secret's name, in the hub's namespace.") String name,
    @Required @JsonPropertyDescription("The key in the Secret.") String key) {}
