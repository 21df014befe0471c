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
    @Default("10G")
        @JsonPropertyDescription(
            "What the hub may keep in object stores, the mean of a month's days as R2 bills it.")
        Quantity objectStorage,
    @Default("1M")
        @JsonPropertyDescription("Operations of class A (put, list) that it may ask for a month.")
        Quantity classAOperations,
    @Default("10M")
        @JsonPropertyDescription("Operations of class B (get, head) that it may ask for a month.")
        Quantity classBOperations,
    @Default("0")
        @JsonPropertyDescription(
            "Dollars that object stores may cost a month by R2's prices, beyond its free tier.")
        Quantity cost) {}
