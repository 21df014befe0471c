package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Who is told of trouble. URLs are credentials, so they come from Secrets. */
public record NotificationsSpec(
    @JsonPropertyDescription("A Slack webhook.") @Nullable Slack slack,
    @JsonPropertyDescription("Any webhook that takes JSON.") @Nullable Url webhook,
    @JsonPropertyDescription("A heartbeat monitor.") @Nullable Url heartbeat) {

  /** Slack's incoming webhook. */
  public record Slack(
      @JsonPropertyDescription("The webhook's URL.") @Nullable SecretKeyRef webhookSecret) {}

  /** A URL in a Secret. */
  public record Url(@JsonPropertyDescription("The URL.") @Nullable SecretKeyRef urlSecret) {}
}
