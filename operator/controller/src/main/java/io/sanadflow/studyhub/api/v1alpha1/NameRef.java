package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** An object of the hub's namespace by name. */
public record NameRef(
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("The name, in the hub's namespace.")
        String name) {}
