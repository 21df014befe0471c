package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** An object of the hub's namespace by name. */
public record NameRef(
    @Required @JsonPropertyDescription("The name, in the hub's namespace.") String name) {}
