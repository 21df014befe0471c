package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When and how media move to the object store. */
public record OffloadSpec(
    @Default("2560Mi") @JsonPropertyDescription("What the volumes may hold before media move.")
        Quantity threshold,
    @Default("CutOver")
        @Pattern("^(CutOver|Mirror|Restore)$")
        @JsonPropertyDescription("CutOver moves, Mirror copies, Restore brings back.")
        String mode,
    @Size(min = 3, max = 63)
        @JsonPropertyDescription("The bucket; the object store's unless given.")
        @Nullable String bucket,
    @JsonPropertyDescription("A Secret with the keys accessKeyId and secretAccessKey.")
        @Nullable NameRef credentialsSecret,
    @Default("7d")
        @Pattern(Durations.PATTERN)
        @Size(max = Durations.MOST_CHARACTERS)
        @JsonPropertyDescription("How long local copies stay after the cut-over.")
        String gracePeriod,
    @JsonPropertyDescription("The app's names for the bucket's settings.")
        @Nullable Map<String, String> env) {}
