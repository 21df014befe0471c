package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Uptime, status page and logs. */
public record MonitoringSpec(
    @Default("99.5")
        @Pattern("^(100|[0-9]{1,2}(\\.[0-9]+)?)$")
        @JsonPropertyDescription("The share of time, in percent, that the hub should be up.")
        String uptimeTarget,
    @Default("30s")
        @Pattern(Durations.PATTERN)
        @Size(max = Durations.MOST_CHARACTERS)
        @JsonPropertyDescription("How often the hub is probed.")
        String probeInterval,
    @Default("Private")
        @Pattern("^(Private|Public)$")
        @JsonPropertyDescription("Public shows the hub on the operator's status page.")
        String statusPage,
    @JsonPropertyDescription("Where logs are sent.") @Nullable Logs logs) {

  /** A receiver of logs. */
  public record Logs(
      @JsonPropertyDescription("The endpoint.") @Nullable String endpoint,
      @JsonPropertyDescription("The bearer token.") @Nullable SecretKeyRef tokenSecret) {}
}
