package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key of a Secret of the hub's namespace. */
public record SecretKeyRef(
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("The Secret's name, in the hub's namespace.")
        String name,
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The key in the Secret.")
        String key) {}
