package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** When backups are made, and how long they are kept. */
public record BackupSpec(
    @Default("0 2 * * *") @Size(max = 256) @JsonPropertyDescription("When, in cron's form.")
        String schedule,
    @Default("Asia/Singapore") @JsonPropertyDescription("The schedule's time zone.")
        String timeZone,
    @Default("false") @JsonPropertyDescription("Stops the schedule.") boolean suspend,
    @Default("24h")
        @Pattern(Durations.PATTERN)
        @Size(max = Durations.MOST_CHARACTERS)
        @JsonPropertyDescription("The most that may be lost.")
        String rpo,
    @Default("4h")
        @Pattern(Durations.PATTERN)
        @Size(max = Durations.MOST_CHARACTERS)
        @JsonPropertyDescription("The longest that a restore may take.")
        String rto,
    @Default("{}") @JsonPropertyDescription("How long backups are kept.") Retention retention,
    @Default("{}") @JsonPropertyDescription("Archiving of the write-ahead log.") Wal wal,
    @Default("{}") @JsonPropertyDescription("Restores that prove the backups.") Drill drill,
    @JsonPropertyDescription(
            "A volume for copies in the cluster, beside the bucket or in its place.")
        @Nullable LocalVolume localVolume,
    @JsonPropertyDescription("Encryption with a key of the user.")
        @Nullable Encryption encryption) {

  /** What the schema makes of an empty object: the backups of a hub that has a bucket. */
  public static final BackupSpec DEFAULTS =
      new BackupSpec(
          "0 2 * * *",
          "Asia/Singapore",
          false,
          "24h",
          "4h",
          new Retention(7, 30, 0, 0),
          new Wal(true, 3),
          new Drill("0 4 * * 0", false),
          null,
          null);

  /** How long backups are kept. */
  public record Retention(
      @Default("7") @Min(0) @Max(365) @JsonPropertyDescription("Daily copies on the local volume.")
          int localCopies,
      @Default("30") @Min(1) @Max(3650) @JsonPropertyDescription("Days in the bucket.") int days,
      @Default("0")
          @Min(0)
          @Max(520)
          @JsonPropertyDescription("Weeks of which one dump each is kept beyond the days.")
          int weekly,
      @Default("0")
          @Min(0)
          @Max(120)
          @JsonPropertyDescription("Months of which one dump each is kept beyond the days.")
          int monthly) {}

  /** A volume for copies in the cluster. */
  public record LocalVolume(
      @Default("2Gi") @JsonPropertyDescription("The volume's size; it can grow only.")
          Quantity storage,
      @Size(max = 253)
          @JsonPropertyDescription("Its storage class; the cluster's default unless given.")
          @Nullable String storageClassName) {}

  /** Archiving of the write-ahead log, for restores to a point in time. */
  public record Wal(
      @Default("true") @JsonPropertyDescription("Whether the log is archived.") boolean enabled,
      @Default("3") @Min(1) @Max(365) @JsonPropertyDescription("Days that can be gone back.")
          int retentionDays) {}

  /** A restore on a schedule, into a scratch database. */
  public record Drill(
      @Default("0 4 * * 0") @Size(max = 256) @JsonPropertyDescription("When, in cron's form.")
          String schedule,
      @Default("false") @JsonPropertyDescription("Stops the drills.") boolean suspend) {}

  /** Encryption of the backups. */
  public record Encryption(@JsonPropertyDescription("The key.") @Nullable SecretKeyRef keySecret) {}
}
