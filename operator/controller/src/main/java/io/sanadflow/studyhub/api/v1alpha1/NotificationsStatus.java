package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What receivers were told, and what they are yet to be told: written before anything is sent, so
 * that an operator that starts anew goes on where the last one ended.
 */
public record NotificationsStatus(
    @JsonPropertyDescription("Each receiver of messages.") @Nullable List<Receiver> receivers,
    @JsonPropertyDescription("The heartbeat monitor.") @Nullable Heartbeat heartbeat) {

  /** A receiver of messages. */
  public record Receiver(
      @Required @JsonPropertyDescription("slack or webhook.") String name,
      @JsonPropertyDescription(
              "What it knows: Served (the hub was Ready once), NotReady, Stalled, Offloaded, and"
                  + " Degraded/ with each reason.")
          @Nullable List<String> told,
      @JsonPropertyDescription("When it last took a message, RFC 3339.") @Nullable String lastSent,
      @JsonPropertyDescription("Why it does not take messages.") @Nullable String lastError,
      @JsonPropertyDescription("Since when it takes none, RFC 3339.") @Nullable String failingSince,
      @JsonPropertyDescription(
              "Messages that it has not taken yet: the one that is being sent, and the next.")
          @Nullable List<Message> pending) {}

  /** A message, of one or more news. */
  public record Message(
      @Required
          @JsonPropertyDescription("The same at each attempt, so that a receiver can drop doubles.")
          String id,
      @JsonPropertyDescription("Older news that had no more room in it.") @Nullable Integer leftOut,
      @Required @JsonPropertyDescription("What it tells, the oldest first.") List<News> news) {}

  /** Something that began or ended. */
  public record News(
      @Required @JsonPropertyDescription("When it was seen, RFC 3339.") String time,
      @Required @JsonPropertyDescription("Ready, Stalled, Degraded or Offload.") String type,
      @Required @JsonPropertyDescription("Problem, Recovered or Done.") String state,
      @JsonPropertyDescription("The condition's reason.") @Nullable String reason,
      @JsonPropertyDescription("For people.") @Nullable String message) {}

  /** What the heartbeat monitor was told. */
  public record Heartbeat(
      @JsonPropertyDescription("The time of the newest good backup that it knows of.")
          @Nullable String toldSuccess,
      @JsonPropertyDescription("The time of the newest failure that it knows of.")
          @Nullable String toldFailure,
      @JsonPropertyDescription("When it last answered, RFC 3339.") @Nullable String lastSent,
      @JsonPropertyDescription("Why it was not reached.") @Nullable String lastError,
      @JsonPropertyDescription("Since when it is not reached, RFC 3339.")
          @Nullable String failingSince) {}
}
