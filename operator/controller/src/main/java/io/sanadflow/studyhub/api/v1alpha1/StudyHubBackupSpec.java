package io.sanadflow.studyhub.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** Which hub is backed up, and how. */
@JsonClassDescription("Which hub is backed up, and how.")
@ValidationRule(
    value = "self == oldSelf",
    message = "a backup is made once; create another StudyHubBackup")
public record StudyHubBackupSpec(
    @Required @JsonPropertyDescription("The StudyHub, in the same namespace.") NameRef hubRef,
    @Default("Dump")
        @JsonPropertyDescription(
            "Dump is a pg_dump with roles and media; Base is the server's files, for restores to a point in time.")
        Type type) {

  /** What is made. */
  public enum Type {
    /** A dump, with roles and media. */
    @JsonProperty("Dump")
    DUMP,
    /** A base backup. */
    @JsonProperty("Base")
    BASE
  }
}
