package io.sanadflow.studyhub.backup;

/** How far a backup is proven. */
public enum Verification {
  /** The store holds what was sent: the sum of every part was compared. */
  STORED,
  /** It was restored, and every table had as many rows as its manifest says. */
  RESTORED,
  /** A restore of it failed, or its rows differed. */
  FAILED,
  /** Its manifest is there, its content is not, or is of another size. */
  INCOMPLETE
}
