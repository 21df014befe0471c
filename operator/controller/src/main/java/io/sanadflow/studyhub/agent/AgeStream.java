package io.sanadflow.studyhub.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;

/**
 * The payload of an age file: chunks of 64 KiB, each sealed by a nonce that counts and tells the
 * last, so that none can be left out, repeated or cut off.
 */
final class AgeStream {

  private static final int CHUNK = 64 * 1024;

  private static final int TAG = 16;

  private static final int NONCE = 12;

  private AgeStream() {}

  private static byte[] nonce(long counter, boolean last) {
    byte[] nonce = new byte[NONCE];
    for (int i = 0; i < Long.BYTES; i++) {
      nonce[NONCE - 2 - i] = (byte) (counter >>> (8 * i));
    }
    nonce[NONCE - 1] = (byte) (last ? 1 : 0);
    return nonce;
  }

  /** Seals what is written; closing it writes the last chunk and closes the other. */
  static final class Sealing extends OutputStream {

    private final OutputStream to;
    private final byte[] key;
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] sealed = new byte[CHUNK + TAG];
    private int filled;
    private long counter;
    private boolean closed;

    Sealing(OutputStream to, byte[] key) {
      this.to = to;
      this.key = key;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      int left = length;
      while (left > 0) {
        if (filled == CHUNK) {
          seal(false);
        }
        int count = Math.min(left, CHUNK - filled);
        System.arraycopy(bytes, from, chunk, filled, count);
        filled += count;
        from += count;
        left -= count;
      }
    }

    private void seal(boolean last) throws IOException {
      try {
        int length =
            AgeKey.cipher(Cipher.ENCRYPT_MODE, key, nonce(counter++, last))
                .doFinal(chunk, 0, filled, sealed, 0);
        to.write(sealed, 0, length);
        filled = 0;
      } catch (GeneralSecurityException impossible) {
        throw new IOException("a chunk cannot be encrypted", impossible);
      }
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        seal(true);
        to.close();
      }
    }
  }

  /** Opens what was sealed; nothing of a chunk is given out before it is found whole. */
  static final class Opening extends InputStream {

    private final InputStream from;
    private final byte[] key;
    // One byte more than a chunk: whether another follows tells which is the last.
    private final byte[] sealed = new byte[CHUNK + TAG + 1];
    private final byte[] chunk = new byte[CHUNK];
    private int held;
    private int position;
    private int filled;
    private long counter;
    private boolean ended;

    Opening(InputStream from, byte[] key) {
      this.from = from;
      this.key = key;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (position == filled) {
        if (ended) {
          return -1;
        }
        open();
      }
      int count = Math.min(length, filled - position);
      System.arraycopy(chunk, position, bytes, offset, count);
      position += count;
      return count;
    }

    private void open() throws IOException {
      held += from.readNBytes(sealed, held, sealed.length - held);
      boolean last = held < sealed.length;
      int length = last ? held : held - 1;
      if (length < TAG || last && length == TAG && counter > 0) {
        throw new AgentException(
            "Truncated",
            "the encrypted content ends too early: it was cut off; use another backup");
      }
      try {
        filled =
            AgeKey.cipher(Cipher.DECRYPT_MODE, key, nonce(counter++, last))
                .doFinal(sealed, 0, length, chunk, 0);
      } catch (GeneralSecurityException broken) {
        throw new AgentException(
            "Tampered",
            "the encrypted content was changed or cut off near byte "
                + (counter - 1) * CHUNK
                + ": use another backup",
            broken);
      }
      position = 0;
      sealed[0] = sealed[sealed.length - 1];
      held = last ? 0 : 1;
      ended = last;
    }

    @Override
    public void close() throws IOException {
      Arrays.fill(chunk, (byte) 0);
      from.close();
    }
  }
}
