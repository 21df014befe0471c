package io.sanadflow.studyhub.agent;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Content with the sum of what was read of it. */
final class Summed extends FilterInputStream {

  private static final int BUFFER = 64 * 1024;

  private final MessageDigest digest;
  private long bytes;

  Summed(InputStream content) {
    this(content, sha256Digest());
  }

  private Summed(InputStream content, MessageDigest digest) {
    super(new DigestInputStream(content, digest));
    this.digest = digest;
  }

  private static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    bytes += one < 0 ? 0 : 1;
    return one;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    int count = super.read(to, offset, length);
    bytes += Math.max(count, 0);
    return count;
  }

  /** Reads what is left. */
  void drain() throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (read(buffer, 0, buffer.length) >= 0) {
      // Only its sum counts.
    }
  }

  /** How many were read. */
  long bytes() {
    return bytes;
  }

  /** The sum of what was read, in hexadecimal; once, at the end. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
