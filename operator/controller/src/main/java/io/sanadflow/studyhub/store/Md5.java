package io.sanadflow.studyhub.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sums by which S3 says what it stored: no protection against people, but against faults. */
final class Md5 {

  /** How often content is sent, or read, again whose sum is wrong. */
  static final int ATTEMPTS = 3;

  private static final int HEX_LENGTH = 32;

  private Md5() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static byte[] of(byte[] bytes, int length) {
    MessageDigest digest = digest();
    digest.update(bytes, 0, length);
    return digest.digest();
  }

  /** The ETag that an object of these parts has. */
  static String multipart(List<byte[]> sums) {
    MessageDigest digest = digest();
    sums.forEach(digest::update);
    return hex(digest.digest()) + "-" + sums.size();
  }

  static String hex(byte[] sum) {
    return HexFormat.of().formatHex(sum);
  }

  /**
   * The sum in an ETag; empty if it is not one, as of an object of parts, or of one that the store
   * encrypts with a key of somebody's.
   *
   * @param encryption what the store says of encryption by it
   */
  static Optional<String> in(@Nullable String tag, @Nullable String encryption) {
    String bare = bare(tag);
    boolean sum =
        bare.length() == HEX_LENGTH
            && bare.chars().allMatch(it -> Character.digit(it, 16) >= 0)
            && (encryption == null || !encryption.startsWith("aws:kms"));
    return sum ? Optional.of(bare) : Optional.empty();
  }

  /** An ETag without quotes. */
  static String bare(@Nullable String tag) {
    return tag == null ? "" : tag.replace("\"", "").toLowerCase(Locale.ROOT);
  }

  /** Ends the attempts at content whose sum is wrong. */
  static void refuse(String key, int attempt) throws StoreException {
    if (attempt == ATTEMPTS) {
      throw new StoreException(
          "Corrupted",
          key
              + ": the sum that the store gives is not that of the content, at every attempt: it was"
              + " damaged on its way or in the store");
    }
  }
}
