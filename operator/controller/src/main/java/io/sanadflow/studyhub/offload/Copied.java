package io.sanadflow.studyhub.offload;

import java.time.Instant;

/**
 * A file that is both on the volume and in the bucket.
 *
 * @param path on the volume
 * @param modified when its content was changed last
 * @param sha256 of its content in hexadecimal
 * @param etag the object's, without quotes
 */
record Copied(String path, long bytes, Instant modified, String sha256, String etag) {

  /** Whether it is that file, with nothing changed since. */
  boolean isOf(LocalFile file) {
    return file.path().equals(path) && file.bytes() == bytes && file.modified().equals(modified);
  }
}
