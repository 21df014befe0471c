package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.kubernetes.api.model.Quantity;

/** What a hub may use. */
public record BudgetSpec(
    @Default("1Gi")
        @JsonPropertyDescription(
            "The sum of the memory limits of all the hub's pods; 0 leaves room for none.")
        Quantity memory,
    @Default("10G") @JsonPropertyDescription("What the hub may keep in object stores.")
        Quantity objectStorage) {}
