package io.sanadflow.studyhub.gateway;

import io.sanadflow.studyhub.store.StoreException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A medium, or a part of it, on its way to a client. A connection to the store that breaks is taken
 * up where it broke. The last piece of a whole whose sum is known is held back until the sum is
 * right, so that what was damaged never looks complete.
 */
final class Delivery implements Closeable {

  private static final int PIECE = 64 * 1024;

  /** How often in a row it may break without one byte more. */
  private static final int ATTEMPTS = 3;

  private final Medium medium;
  private final ByteRange part;
  private final Optional<String> sum;
  private final MessageDigest digest;
  private final byte[] piece;
  private @Nullable InputStream in;
  private long read;
  private int broken;
  private int filled;

  private Delivery(Medium medium, ByteRange part) {
    this.medium = medium;
    this.part = part;
    this.sum = part.length() == medium.bytes() ? medium.sha256() : Optional.empty();
    this.digest = sha256();
    this.piece = new byte[(int) Math.min(PIECE, part.length())];
  }

  /** A part of a medium, of one byte at least. */
  static Delivery of(Medium medium, ByteRange part) {
    return new Delivery(medium, part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Reads the first piece. */
  void prepare() throws IOException {
    fill();
  }

  /** Sends all. */
  void send(OutputStream out) throws IOException {
    while (true) {
      out.write(piece, 0, filled);
      if (read == part.length()) {
        return;
      }
      fill();
    }
  }

  /** Fills the piece, and compares the sum where it is the last. */
  private void fill() throws IOException {
    filled = 0;
    while (filled < piece.length && read < part.length()) {
      int count = some((int) Math.min(piece.length - filled, part.length() - read));
      filled += count;
      read += count;
    }
    if (sum.isPresent()) {
      digest.update(piece, 0, filled);
      if (read == part.length() && !sum.get().equals(HexFormat.of().formatHex(digest.digest()))) {
        throw new StoreException(
            "Corrupted", "what was read is not what was stored: its sum is another");
      }
    }
  }

  private int some(int most) throws IOException {
    while (true) {
      try {
        InputStream open = in;
        if (open == null) {
          open = medium.content(part.from() + read, part.length() - read);
          in = open;
        }
        int count = open.read(piece, filled, most);
        if (count > 0) {
          broken = 0;
          return count;
        }
        throw new EOFException("it ended early");
      } catch (StoreException known) {
        throw known;
      } catch (IOException cut) {
        drop();
        // A file that became shorter does not grow again.
        if (++broken == ATTEMPTS || medium.place().equals("volume")) {
          throw new StoreException(
              "Unreachable", "reading broke at byte " + (part.from() + read) + ": " + cut, cut);
        }
      }
    }
  }

  private void drop() throws IOException {
    InputStream open = in;
    in = null;
    if (open != null) {
      medium.close();
    }
  }

  @Override
  public void close() throws IOException {
    drop();
  }
}
