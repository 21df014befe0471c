package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Who is told of trouble. URLs are credentials, so they come from Secrets. */
public record NotificationsSpec(
    @JsonPropertyDescription("A Slack webhook.") @Nullable Slack slack,
    @JsonPropertyDescription("Any webhook that takes JSON.") @Nullable Url webhook,
    @JsonPropertyDescription(
            "A heartbeat monitor, which hears of each good backup, and where it has a signal for"
                + " it, of each that failed.")
        @Nullable Url heartbeat,
    @JsonPropertyDescription(
            "The Secret with the authority (ca.crt) of the receivers' certificates, where no public"
                + " one has signed them.")
        @Nullable NameRef caSecret) {

  /** Slack's incoming webhook. */
  public record Slack(
      @Required @JsonPropertyDescription("The webhook's URL.") SecretKeyRef webhookSecret) {}

  /** A URL in a Secret. */
  public record Url(@Required @JsonPropertyDescription("The URL.") SecretKeyRef urlSecret) {}
}
