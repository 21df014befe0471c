package io.sanadflow.studyhub.gateway;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/** A medium that was found, on the volume or in the bucket. */
interface Medium extends Closeable {

  /** Its length in bytes. */
  long bytes();

  /** When its content was changed last. */
  Instant modified();

  /** Its validator, with quotes: the same on the volume and in the bucket. */
  String etag();

  /** Where it is, for the log: volume or bucket. */
  String place();

  /** The SHA-256 of the whole in hexadecimal, where it is known without reading it. */
  Optional<String> sha256();

  /**
   * Its content.
   *
   * @param from the first byte
   * @param length in bytes
   */
  InputStream content(long from, long length) throws IOException;

  /** The validator of a file that was changed at a moment, as web servers commonly make it. */
  static String etag(Instant modified, long bytes) {
    long micros = modified.getEpochSecond() * 1_000_000 + modified.getNano() / 1000;
    return '"' + Long.toHexString(micros) + "-" + Long.toHexString(bytes) + '"';
  }
}
