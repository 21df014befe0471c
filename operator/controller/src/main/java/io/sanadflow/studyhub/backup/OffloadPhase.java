package io.sanadflow.studyhub.backup;

/**
 * How far media have moved, as the ledger in the bucket says: it is written before anything is done
 * on its strength, so that a run that was killed is taken up where it stopped.
 */
public enum OffloadPhase {
  /** All is on the volume. */
  LOCAL,
  /** Files are copied while the app writes to the volume. */
  COPYING,
  /** All were copied; the app may be given the bucket, and what it writes may be there alone. */
  CUTTING_OVER,
  /** The app uses the bucket, and what was on the volume is in it, verified. */
  OFFLOADED,
  /** All were copied, and the app stays on the volume. */
  MIRRORED,
  /** All has come back; the app may be given the volume, and what it writes may be there alone. */
  RETURNING;

  /** Whether the app belongs on the bucket in this phase. */
  public boolean inBucket() {
    return this == CUTTING_OVER || this == OFFLOADED;
  }
}
