package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Uptime, status page and logs. */
public record MonitoringSpec(
    @Default("99.5")
        @Pattern(PERCENT)
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
    @JsonPropertyDescription(
            "The hub's health as JSON through a Service of its own, HUB-health, on port 80.")
        @Nullable HealthEndpoint health,
    @JsonPropertyDescription("Times at which downtime does not count.") @Size(max = 20)
        @Nullable List<MaintenanceWindow> maintenanceWindows,
    @JsonPropertyDescription("Sends the lines of the hub's pods to a receiver.")
        @Nullable Logs logs) {

  /** What the schema admits as a percentage. */
  public static final String PERCENT = "^(100|[0-9]{1,2}(\\.[0-9]+)?)$";

  /** The health of the hub for its own namespace. */
  public record HealthEndpoint(
      @JsonPropertyDescription(
              "A bearer token that must be presented for more than healthy or degraded.")
          @Nullable SecretKeyRef tokenSecret) {}

  /** A time at which downtime does not count. */
  public record MaintenanceWindow(
      @Required @Size(max = 256) @JsonPropertyDescription("When it begins, in cron's form.")
          String schedule,
      @Required
          @Pattern(Durations.PATTERN)
          @Size(max = Durations.MOST_CHARACTERS)
          @JsonPropertyDescription("How long it lasts, 1m to 7d.")
          String duration,
      @Default("Asia/Singapore") @JsonPropertyDescription("The schedule's time zone.")
          String timeZone) {}

  /** A receiver of logs. */
  public record Logs(
      @Required
          @Size(min = 1, max = 2048)
          @JsonPropertyDescription(
              "Takes OTLP/HTTP as JSON: a URL of https, to which /v1/logs is added where it has no"
                  + " path.")
          String endpoint,
      @JsonPropertyDescription("The bearer token; none where there is no Secret named.")
          @Nullable SecretKeyRef tokenSecret,
      @JsonPropertyDescription("A Secret whose ca.crt signs the endpoint's certificate.")
          @Nullable NameRef caSecret,
      @Default(COLLECTOR) @JsonPropertyDescription("The OpenTelemetry Collector, contrib.")
          String image) {}

  /** The collector that the shipped configuration was tried with. */
  public static final String COLLECTOR = "otel/opentelemetry-collector-contrib:0.149.0";
}
