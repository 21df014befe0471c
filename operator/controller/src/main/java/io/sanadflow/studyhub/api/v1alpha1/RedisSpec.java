package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import org.jspecify.annotations.Nullable;

/** The hub's Redis. */
@ValidationRule(
    value =
        "!has(oldSelf.storageClassName) || (has(self.storageClassName) && self.storageClassName == oldSelf.storageClassName)",
    messageExpression =
        "'a volume cannot change its class: put ' + oldSelf.storageClassName + ' back, or make a new hub'",
    reason = "FieldValueForbidden",
    fieldPath = ".storageClassName")
public record RedisSpec(
    @Default("true") @JsonPropertyDescription("false for an app that needs no Redis.")
        boolean enabled,
    @Default("Shared")
        @JsonPropertyDescription(
            "Shared is one Redis for all app pods; Sidecar runs it inside the app pod on localhost:6379, for one replica.")
        Placement placement,
    @Default("redis:8")
        @Pattern("^[^\\s]+$")
        @Size(max = 800)
        @JsonPropertyDescription("An image with the contract of the official redis image.")
        String image,
    @Default("{\"requests\": {\"cpu\": \"10m\"}, \"limits\": {\"memory\": \"48Mi\"}}")
        @JsonPropertyDescription("CPU and memory; maxmemory is sized from the limit.")
        ResourceRequirements resources,
    @Default("noeviction")
        @Pattern(
            "^(noeviction|allkeys-lru|allkeys-lfu|allkeys-random|volatile-lru|volatile-lfu|volatile-random|volatile-ttl)$")
        @JsonPropertyDescription("Redis's maxmemory-policy.")
        String evictionPolicy,
    @Default("true")
        @JsonPropertyDescription(
            "true writes an append-only file to a volume; false is a cache that starts empty.")
        boolean persistence,
    @Default("256Mi") @JsonPropertyDescription("The volume's size; it can grow only.")
        Quantity storage,
    @Size(max = 253)
        @JsonPropertyDescription("The volume's storage class; the cluster's default unless given.")
        @Nullable String storageClassName) {

  /** Where Redis runs. */
  public enum Placement {
    /** A StatefulSet of one for all app pods. */
    @JsonProperty("Shared")
    SHARED,
    /** A sidecar of the one app pod. */
    @JsonProperty("Sidecar")
    SIDECAR
  }
}
