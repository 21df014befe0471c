package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PgBouncer, as a sidecar of each app pod. */
public record PoolerSpec(
    @Default("edoburu/pgbouncer:v1.24.1-p1")
        @Pattern("^[^\\s]+$")
        @Size(max = 800)
        @JsonPropertyDescription("An image that runs PgBouncer from /etc/pgbouncer/pgbouncer.ini.")
        String image,
    @Default("Session")
        @JsonPropertyDescription(
            "Session lends a client a server connection for as long as it stays, Transaction for one transaction.")
        Mode mode,
    @Min(1)
        @Max(10000)
        @JsonPropertyDescription(
            "Client connections to one pod's PgBouncer; 50 in Session mode and 100 in Transaction mode unless given.")
        @Nullable Integer maxClientConnections,
    @Default("10") @Min(1) @Max(1000) @JsonPropertyDescription("Server connections of one pod.")
        int defaultPoolSize,
    @Default("2")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription("Server connections that are kept open.")
        int minPoolSize,
    @Default("2")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription("Further server connections for clients that have waited.")
        int reservePoolSize,
    @Default("15")
        @Min(1)
        @Max(1000)
        @JsonPropertyDescription("The most server connections of one pod.")
        int maxDbConnections,
    @Default("30s")
        @Pattern(Durations.PATTERN)
        @Size(max = Durations.MOST_CHARACTERS)
        @JsonPropertyDescription("An idle server connection is closed after this time.")
        String serverIdleTimeout,
    @Default("5m")
        @Pattern(Durations.PATTERN)
        @Size(max = Durations.MOST_CHARACTERS)
        @JsonPropertyDescription("A server connection is closed at this age.")
        String serverLifetime,
    @JsonPropertyDescription(
            "Any further setting of PgBouncer's [pgbouncer] section; those that the operator needs are refused by name.")
        @Nullable Map<String, String> parameters,
    @Default("{\"requests\": {\"cpu\": \"10m\"}, \"limits\": {\"memory\": \"28Mi\"}}")
        @JsonPropertyDescription("CPU and memory of one PgBouncer.")
        ResourceRequirements resources) {

  /** PgBouncer's pool_mode. */
  public enum Mode {
    /** pool_mode = session. */
    @JsonProperty("Session")
    SESSION,
    /** pool_mode = transaction. */
    @JsonProperty("Transaction")
    TRANSACTION
  }
}
