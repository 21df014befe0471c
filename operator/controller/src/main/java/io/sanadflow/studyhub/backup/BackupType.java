package io.sanadflow.studyhub.backup;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a backup consists of. */
public enum BackupType {
  /** A dump of pg_dump's custom format, with roles and the list of media files. */
  @JsonProperty("Dump")
  DUMP,
  /** A base backup: the server's files, to be completed by write-ahead log. */
  @JsonProperty("Base")
  BASE
}
