package io.sanadflow.studyhub.backup;

/** What a user wants of the media of a hub that holds more than its threshold. */
public enum OffloadMode {
  /** They move to the bucket, and the app with them. */
  CUT_OVER,
  /** They are copied to the bucket, and stay where they are. */
  MIRROR,
  /** What has moved comes back, and the app with it. */
  RESTORE
}
