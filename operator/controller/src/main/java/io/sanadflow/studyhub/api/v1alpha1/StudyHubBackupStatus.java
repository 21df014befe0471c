package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a backup. */
@JsonClassDescription("What became of the backup.")
public record StudyHubBackupStatus(
    @JsonPropertyDescription("The generation that this status is about; -1 before the first visit.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Succeeded is Unknown while it runs, then True or False.")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("The key of its content in the bucket.") @Nullable String key,
    @JsonPropertyDescription("Its length as stored, such as 12.3 MiB.") @Nullable String size,
    @JsonPropertyDescription("The moment whose state it has, RFC 3339.") @Nullable String time,
    @JsonPropertyDescription("How long it took, such as 42s.") @Nullable String duration,
    @JsonPropertyDescription(
            "Stored: the bucket has what was sent. Restored: a drill restored it with equal counts."
                + " Failed: a drill could not. Incomplete: its content is missing.")
        @Nullable String verification) {}
