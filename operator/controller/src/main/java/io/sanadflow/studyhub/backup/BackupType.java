package io.sanadflow.studyhub.backup;

/** What a backup consists of. */
public enum BackupType {
  /** A dump of pg_dump's custom format, with roles and the list of media files. */
  DUMP,
  /** A base backup: the server's files, to be completed by write-ahead log. */
  BASE
}
