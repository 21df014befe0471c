package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A bucket: Cloudflare R2, or any S3. */
@ValidationRule(
    value =
        "has(self.endpoint) || (has(self.cloudflareAccountId) && self.cloudflareAccountId != '')",
    message = "give endpoint, or cloudflareAccountId for Cloudflare R2",
    reason = "FieldValueRequired")
public record ObjectStoreSpec(
    @Pattern("^https?://[^\\s]+$") @JsonPropertyDescription("The S3 endpoint.")
        @Nullable String endpoint,
    @JsonPropertyDescription("The Cloudflare account, in place of an endpoint.")
        @Nullable String cloudflareAccountId,
    @Default("auto") @JsonPropertyDescription("The region; auto for R2.") String region,
    @Required @Size(min = 3, max = 63) @JsonPropertyDescription("The bucket.") String bucket,
    @JsonPropertyDescription("What the keys start with; the hub's name unless given.")
        @Nullable String prefix,
    @JsonPropertyDescription("A Secret with the keys accessKeyId and secretAccessKey.")
        @Nullable NameRef credentialsSecret,
    @JsonPropertyDescription(
            "A Secret with the key ca.crt, for an endpoint of a private authority.")
        @Nullable NameRef caSecret,
    @Default("Refuse")
        @JsonPropertyDescription(
            "Backups of another database under the same prefix: Refuse writes nothing beside them,"
                + " Adopt takes them over.")
        Existing existing) {

  /** What is done about backups of another database under the same prefix. */
  public enum Existing {
    /** Nothing is written, and a condition says so. */
    @JsonProperty("Refuse")
    REFUSE,
    /** They become this hub's: listed, restored from, pruned. */
    @JsonProperty("Adopt")
    ADOPT
  }
}
