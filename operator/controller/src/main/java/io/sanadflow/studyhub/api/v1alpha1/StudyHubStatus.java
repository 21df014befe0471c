package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator observed of a hub. */
@JsonClassDescription("What the operator observed of the hub.")
public record StudyHubStatus(
    @JsonPropertyDescription("The generation that this status is about; -1 before the first visit.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Healthy, Degraded, Progressing, Stalled or Suspended, in one word.")
        @Nullable String health,
    @JsonPropertyDescription("The observations, one a type.") @Nullable List<Condition> conditions,
    @JsonPropertyDescription("The app as it serves.") @Nullable App app,
    @JsonPropertyDescription("The database as it serves.") @Nullable Database database,
    @JsonPropertyDescription("The certificates inside the hub.")
        @Nullable Certificates certificates,
    @JsonPropertyDescription("The sum of the memory limits against the budget.")
        @Nullable Budget budget,
    @JsonPropertyDescription("Backups and drills.") @Nullable Backup backup,
    @JsonPropertyDescription("The object store.") @Nullable ObjectStore objectStore) {

  /** The app as it serves. */
  public record App(
      @JsonPropertyDescription("The image whose pods serve.") @Nullable String image,
      @JsonPropertyDescription("Pods that serve.") @Nullable Integer readyReplicas,
      @JsonPropertyDescription("Where the app is found inside the cluster.")
          @Nullable String url) {}

  /** The database as it serves. */
  public record Database(
      @JsonPropertyDescription("The server's version.") @Nullable String version,
      @JsonPropertyDescription("Where it is found inside the cluster.")
          @Nullable String endpoint) {}

  /** The certificates inside the hub. */
  public record Certificates(
      @JsonPropertyDescription("When the hub's authority ends, RFC 3339.")
          @Nullable String authorityExpires,
      @JsonPropertyDescription("When the first of the certificates ends, RFC 3339.")
          @Nullable String firstExpires) {}

  /** What is used of the budget. */
  public record Budget(
      @JsonPropertyDescription("Sum of the limits against the budget, such as 588/1024Mi.")
          @Nullable String memory) {}

  /** Backups and drills. */
  public record Backup(
      @JsonPropertyDescription("When the newest good backup was made, RFC 3339.")
          @Nullable String lastSuccessTime,
      @JsonPropertyDescription("The newest restore drill.") @Nullable Drill lastDrill) {}

  /** A restore drill. */
  public record Drill(
      @JsonPropertyDescription("When it ended, RFC 3339.") @Nullable String time,
      @JsonPropertyDescription("How long the restore took.") @Nullable String recoveryTime) {}

  /** The object store. */
  public record ObjectStore(
      @JsonPropertyDescription("What the last probe found.") @Nullable String state) {}
}
