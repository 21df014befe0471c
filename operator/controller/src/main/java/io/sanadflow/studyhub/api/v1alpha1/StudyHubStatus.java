package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
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
    @JsonPropertyDescription("What the hub uses of its budget.") @Nullable Budget budget,
    @JsonPropertyDescription("Backups and drills.") @Nullable Backup backup,
    @JsonPropertyDescription("The object store.") @Nullable ObjectStore objectStore,
    @JsonPropertyDescription("What the hub's volumes hold.") @Nullable Storage storage,
    @JsonPropertyDescription("How far media have moved.") @Nullable Offload offload,
    @JsonPropertyDescription("Whether people reach the app, and did.") @Nullable Uptime uptime,
    @JsonPropertyDescription("What was told to whom, and what is yet to be told.")
        @Nullable NotificationsStatus notifications) {

  /** The same with what was told. */
  public StudyHubStatus with(@Nullable NotificationsStatus notifications) {
    return new StudyHubStatus(
        observedGeneration,
        health,
        conditions,
        app,
        database,
        certificates,
        budget,
        backup,
        objectStore,
        storage,
        offload,
        uptime,
        notifications);
  }

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

  /** What is used of the budget; of object stores in bands of a hundredth of it. */
  public record Budget(
      @JsonPropertyDescription("Sum of the limits against the budget, such as 588/1024Mi.")
          @Nullable String memory,
      @JsonPropertyDescription("All of it in one line.") @Nullable String line,
      @JsonPropertyDescription("The month of what follows, by UTC, such as 2026-11.")
          @Nullable String month,
      @JsonPropertyDescription("Bytes in object stores, the mean of the month's days.")
          @Nullable Figure objectStorage,
      @JsonPropertyDescription("Operations of class A.") @Nullable Figure classAOperations,
      @JsonPropertyDescription("Operations of class B.") @Nullable Figure classBOperations,
      @JsonPropertyDescription("What that costs beyond R2's free tier, such as $0.00.")
          @Nullable Figure cost,
      @JsonPropertyDescription(
              "Whether the object store is asked more seldom, since the month's operations are"
                  + " nearly used up.")
          @Nullable Boolean sparing,
      @JsonPropertyDescription("The months before, oldest first.") @Nullable List<Month> months) {}

  /** A figure of a month. */
  public record Figure(
      @JsonPropertyDescription("So far.") @Nullable String used,
      @JsonPropertyDescription("Of the whole month, at this pace.") @Nullable String forecast) {}

  /** What a month came to that is over. */
  public record Month(
      @JsonPropertyDescription("The month, such as 2026-10.") @Nullable String month,
      @JsonPropertyDescription("Bytes in object stores, the mean of its days.")
          @Nullable String objectStorage,
      @JsonPropertyDescription("Operations of class A.") @Nullable String classAOperations,
      @JsonPropertyDescription("Operations of class B.") @Nullable String classBOperations,
      @JsonPropertyDescription("What that cost beyond R2's free tier.") @Nullable String cost) {}

  /** Backups and drills. */
  public record Backup(
      @JsonPropertyDescription("When the newest good dump was made, RFC 3339.")
          @Nullable String lastSuccessTime,
      @JsonPropertyDescription("The key of the newest good dump.") @Nullable String lastKey,
      @JsonPropertyDescription("Its length, such as 12.3 MiB.") @Nullable String lastSize,
      @JsonPropertyDescription("When the newest good base backup was made, RFC 3339.")
          @Nullable String lastBaseTime,
      @JsonPropertyDescription("The earliest moment that can be restored to, RFC 3339.")
          @Nullable String recoverableFrom,
      @JsonPropertyDescription("When a backup last failed, RFC 3339.")
          @Nullable String lastFailureTime,
      @JsonPropertyDescription("The newest restore drill.") @Nullable Drill lastDrill,
      @JsonPropertyDescription(
              "What runs found to be wrong, each until a later run finds it right.")
          @Nullable List<Finding> findings) {}

  /** Something that is wrong with backups. */
  public record Finding(
      @Required @JsonPropertyDescription("One word, such as BackupFailed; as in Degraded.")
          String reason,
      @JsonPropertyDescription("What happened, and the cure.") @Nullable String message,
      @JsonPropertyDescription("When the run ended that found it, RFC 3339.")
          @Nullable String time) {}

  /** A restore drill. */
  public record Drill(
      @JsonPropertyDescription("When it ended, RFC 3339.") @Nullable String time,
      @JsonPropertyDescription("Whether the restored rows were those of the backup.")
          @Nullable Boolean succeeded,
      @JsonPropertyDescription("How long the restore took: the measured RTO, such as 42s.")
          @Nullable String recoveryTime,
      @JsonPropertyDescription("The age of the state it restored: the measured RPO, such as 2h.")
          @Nullable String recoveryPoint,
      @JsonPropertyDescription("The key of the backup that was restored.") @Nullable String key) {}

  /** The object store. */
  public record ObjectStore(
      @JsonPropertyDescription("What the last probe found: Works, or the reason why not.")
          @Nullable String state,
      @JsonPropertyDescription("What it was about, for people.") @Nullable String message,
      @JsonPropertyDescription("The slowest request of the probe, in a band such as <100ms.")
          @Nullable String latency,
      @JsonPropertyDescription("When the last probe ended, RFC 3339.")
          @Nullable String probeTime) {}

  /** What the hub's volumes hold, in bands of a tenth, so that it changes when something does. */
  public record Storage(
      @JsonPropertyDescription("All of them against the threshold, such as 1.2 GiB/2.5 GiB.")
          @Nullable String used,
      @JsonPropertyDescription("Databases, write-ahead log and its spool.")
          @Nullable String database,
      @JsonPropertyDescription("Media on their volume.") @Nullable String media,
      @JsonPropertyDescription("Backups on the local volume.") @Nullable String localCopies,
      @JsonPropertyDescription("The day on which the threshold is reached at this pace.")
          @Nullable String thresholdOn,
      @JsonPropertyDescription("The day on which the first volume is full at this pace.")
          @Nullable String fullOn) {}

  /** How far media have moved. */
  public record Offload(
      @JsonPropertyDescription("Local, Copying, CuttingOver, Offloaded, Mirrored or Returning.")
          @Nullable String phase,
      @JsonPropertyDescription("Since when, RFC 3339.") @Nullable String since,
      @JsonPropertyDescription("What the last run found and did, for people.")
          @Nullable String message) {}

  /** Whether people reach the app, and did. */
  public record Uptime(
      @JsonPropertyDescription("Up, Down or Suspended.") @Nullable String state,
      @Required @JsonPropertyDescription("When the app answered first, RFC 3339.") String since,
      @JsonPropertyDescription("Of the last 30 days, such as 99.95%.") @Nullable String month,
      @JsonPropertyDescription("Of the last 90 days, such as 99.95%.") @Nullable String days90,
      @JsonPropertyDescription(
              "What is left of the downtime that monitoring.uptimeTarget allows in 30 days, such as"
                  + " 84%; below 0% where more was used.")
          @Nullable String errorBudgetLeft,
      @JsonPropertyDescription("When these figures were computed, RFC 3339.")
          @Nullable String evaluated,
      @JsonPropertyDescription("The outages of the last 90 days, the newest last.")
          @Nullable List<Outage> outages,
      @JsonPropertyDescription("When the hub was suspended in the last 90 days.")
          @Nullable List<Pause> pauses) {}

  /** A time in which people did not reach the app. */
  public record Outage(
      @Required @JsonPropertyDescription("The first probe that failed, RFC 3339.") String start,
      @JsonPropertyDescription("The first probe that was answered again, RFC 3339.")
          @Nullable String end,
      @JsonPropertyDescription("What the first probe found, for people.")
          @Nullable String reason) {}

  /** A time in which the hub was suspended. */
  public record Pause(
      @Required @JsonPropertyDescription("When it began, RFC 3339.") String start,
      @JsonPropertyDescription("When the app answered again, RFC 3339.") @Nullable String end) {}
}
