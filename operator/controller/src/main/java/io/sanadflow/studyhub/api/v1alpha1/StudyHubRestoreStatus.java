package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a restore is. */
@JsonClassDescription("How far the restore is.")
public record StudyHubRestoreStatus(
    @JsonPropertyDescription("The generation that this status is about; -1 before the first visit.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Succeeded is Unknown while it runs, then True or False.")
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription(
            "Waiting, Loading (beside the present data), Swapping (the app is stopped), Succeeded or"
                + " Failed.")
        @Nullable String phase,
    @JsonPropertyDescription("The key of the backup that it comes from.") @Nullable String key,
    @JsonPropertyDescription("The moment whose state the hub has now, RFC 3339.")
        @Nullable String restoredTo,
    @JsonPropertyDescription("The database that holds what the hub had before.")
        @Nullable String previousDatabase,
    @JsonPropertyDescription("Tables whose rows were counted and found equal.")
        @Nullable Integer tables,
    @JsonPropertyDescription("Rows of all tables.") @Nullable Long rows,
    @JsonPropertyDescription("Media files that were put back.") @Nullable Long files,
    @JsonPropertyDescription("How long it took, such as 42s.") @Nullable String duration) {}
