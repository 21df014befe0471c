package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What is restored, and into which hub. */
@JsonClassDescription("What is restored, and into which hub.")
@ValidationRule(
    value =
        "(has(self.backupRef) ? 1 : 0) + (has(self.latest) && self.latest ? 1 : 0) + (has(self.at) ? 1 : 0) == 1",
    message =
        "give one of backupRef: {name: …}, latest: true, or at: with a moment such as 2026-11-24T02:00:00Z",
    reason = "FieldValueRequired")
@ValidationRule(
    value =
        "self.hubRef == oldSelf.hubRef && has(self.backupRef) == has(oldSelf.backupRef) && (!has(self.backupRef) || self.backupRef == oldSelf.backupRef) && has(self.at) == has(oldSelf.at) && (!has(self.at) || self.at == oldSelf.at)",
    message =
        "a restore is done once; create another StudyHubRestore (previous alone may be changed)")
public record StudyHubRestoreSpec(
    @Required @JsonPropertyDescription("The StudyHub, in the same namespace.") NameRef hubRef,
    @JsonPropertyDescription("A StudyHubBackup of the same namespace.") @Nullable NameRef backupRef,
    @JsonPropertyDescription("The newest good dump.") @Nullable Boolean latest,
    @JsonPropertyDescription("The moment whose state is wanted, RFC 3339; needs archived WAL.")
        @Nullable String at,
    @JsonPropertyDescription("Where the backups are; the hub's own object store unless given.")
        @Nullable ObjectStoreSpec objectStore,
    @Default("Keep")
        @JsonPropertyDescription(
            "What becomes of the data that the hub had: Keep leaves them in the database"
                + " beside the hub's, Drop deletes them once the restore has succeeded.")
        Previous previous) {

  /** What becomes of the data that the hub had. */
  public enum Previous {
    /** They stay in a database beside the hub's. */
    @JsonProperty("Keep")
    KEEP,
    /** They are deleted once the restore has succeeded. */
    @JsonProperty("Drop")
    DROP
  }
}
