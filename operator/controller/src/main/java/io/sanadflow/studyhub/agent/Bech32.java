package io.sanadflow.studyhub.agent;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/** The text form of age's keys: Bech32 of BIP 173, of any length. */
final class Bech32 {

  private static final String CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

  private static final int[] GENERATORS = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };

  private static final int CHECKSUM = 6;

  private Bech32() {}

  /** Bytes as lower-case text. */
  static String encode(String prefix, byte[] bytes) {
    byte[] data = regrouped(bytes, 8, 5, true);
    byte[] values = new byte[data.length + CHECKSUM];
    System.arraycopy(data, 0, values, 0, data.length);
    int sum = checksum(prefix, values) ^ 1;
    StringBuilder text = new StringBuilder(prefix).append('1');
    for (byte value : data) {
      text.append(CHARACTERS.charAt(value));
    }
    for (int i = 0; i < CHECKSUM; i++) {
      text.append(CHARACTERS.charAt(sum >>> (5 * (CHECKSUM - 1 - i)) & 31));
    }
    return text.toString();
  }

  /**
   * The bytes of a text.
   *
   * @throws IllegalArgumentException saying what is wrong, without the text, which may be secret
   */
  static byte[] decode(String prefix, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!text.equals(lower) && !text.equals(text.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException("capital and small letters are mixed");
    }
    int data = prefix.length() + 1;
    if (!lower.startsWith(prefix + "1") || lower.length() < data + CHECKSUM) {
      throw new IllegalArgumentException(
          "does not start with " + prefix.toUpperCase(Locale.ROOT) + "1, or is too short");
    }
    byte[] values = new byte[lower.length() - data];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) CHARACTERS.indexOf(lower.charAt(data + i));
      if (values[i] < 0) {
        throw new IllegalArgumentException(
            "character " + (data + i + 1) + " is none that a key has");
      }
    }
    if (checksum(prefix, values) != 1) {
      throw new IllegalArgumentException("its checksum is wrong: a character was lost or changed");
    }
    byte[] content = new byte[values.length - CHECKSUM];
    System.arraycopy(values, 0, content, 0, content.length);
    return regrouped(content, 5, 8, false);
  }

  private static int checksum(String prefix, byte[] values) {
    int sum = 1;
    for (char character : prefix.toCharArray()) {
      sum = step(sum, character >>> 5);
    }
    sum = step(sum, 0);
    for (char character : prefix.toCharArray()) {
      sum = step(sum, character & 31);
    }
    for (byte value : values) {
      sum = step(sum, value);
    }
    return sum;
  }

  private static int step(int sum, int value) {
    int top = sum >>> 25;
    int next = (sum & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < GENERATORS.length; i++) {
      if ((top >>> i & 1) == 1) {
        next ^= GENERATORS[i];
      }
    }
    return next;
  }

  private static byte[] regrouped(byte[] from, int fromBits, int toBits, boolean pad) {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    int held = 0;
    int bits = 0;
    for (byte value : from) {
      held = held << fromBits | value & (1 << fromBits) - 1;
      bits += fromBits;
      while (bits >= toBits) {
        bits -= toBits;
        to.write(held >>> bits & (1 << toBits) - 1);
      }
      held &= (1 << bits) - 1;
    }
    if (pad && bits > 0) {
      to.write(held << (toBits - bits) & (1 << toBits) - 1);
    } else if (!pad && (bits >= fromBits || held != 0)) {
      throw new IllegalArgumentException("its last character has bits to spare");
    }
    return to.toByteArray();
  }
}
