package io.sanadflow.studyhub.backup;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a backup is proven. */
public enum Verification {
  /** The store holds what was sent: the sum of every part was compared. */
  @JsonProperty("Stored")
  STORED,
  /** It was restored, and every table had as many rows as its manifest says. */
  @JsonProperty("Restored")
  RESTORED,
  /** A restore of it failed, or its rows differed. */
  @JsonProperty("Failed")
  FAILED,
  /** Its manifest is there, its content is not, or is of another size. */
  @JsonProperty("Incomplete")
  INCOMPLETE
}
