package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** One observation about a hub, in the form of metav1.Condition. */
public record Condition(
    @Required @JsonPropertyDescription("What the condition is about.") String type,
    @Required @Pattern("^(True|False|Unknown)$") @JsonPropertyDescription("True, False or Unknown.")
        String status,
    @JsonPropertyDescription("The generation that was observed.") long observedGeneration,
    @Required @JsonPropertyDescription("When the status last changed, RFC 3339.")
        String lastTransitionTime,
    @Required
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @JsonPropertyDescription("Why, in one word.")
        String reason,
    @Required @JsonPropertyDescription("Why, for people.") String message) {}
