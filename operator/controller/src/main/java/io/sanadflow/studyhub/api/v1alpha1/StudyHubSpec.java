package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What a person wants of a hub. Only {@code app.image} must be given; the schema has the rest. */
@JsonClassDescription("What you want of the hub; only app.image must be given.")
@ValidationRule(
    value =
        "!has(self.redis) || !has(self.redis.placement) || self.redis.placement != 'Sidecar' || (has(self.redis.enabled) && !self.redis.enabled) || !has(self.app.replicas) || self.app.replicas <= 1",
    message =
        "Sidecar gives each pod a Redis of its own, so spec.app.replicas must be 1; use placement Shared for more",
    fieldPath = ".redis.placement")
public record StudyHubSpec(
    @Required @JsonPropertyDescription("The app that people use.") AppSpec app,
    @Default("{}") @JsonPropertyDescription("The hub's PostgreSQL.") DatabaseSpec database,
    @Default("{}") @JsonPropertyDescription("PgBouncer, beside each app pod.") PoolerSpec pooler,
    @Default("{}") @JsonPropertyDescription("The hub's Redis.") RedisSpec redis,
    @Default("{}")
        @JsonPropertyDescription("Who signs the certificates of the database, pooler and Redis.")
        CertificatesSpec certificates,
    @JsonPropertyDescription("The bucket that backups and media go to: Cloudflare R2 or any S3.")
        @Nullable ObjectStoreSpec objectStore,
    @JsonPropertyDescription("When backups are made and how long they are kept.")
        @Nullable BackupSpec backup,
    @JsonPropertyDescription("When media move to the object store.") @Nullable OffloadSpec offload,
    @JsonPropertyDescription("Who is told of trouble.") @Nullable NotificationsSpec notifications,
    @JsonPropertyDescription("Uptime, status page and logs.") @Nullable MonitoringSpec monitoring,
    @Default("{}") @JsonPropertyDescription("What the hub may use.") BudgetSpec budget,
    @Default("false")
        @JsonPropertyDescription(
            "Stops app, database and Redis; volumes, Secrets and Services stay.")
        boolean suspend,
    @Default("Retain")
        @JsonPropertyDescription(
            "What becomes of volumes and the Secrets that open them when the StudyHub is deleted.")
        DeletionPolicy deletionPolicy) {

  /** What becomes of data when the StudyHub is deleted. */
  public enum DeletionPolicy {
    /** Volumes and the Secrets that open them stay; applying the hub again finds them. */
    @JsonProperty("Retain")
    RETAIN,
    /** Volumes and Secrets go with the StudyHub. */
    @JsonProperty("Delete")
    DELETE
  }
}
