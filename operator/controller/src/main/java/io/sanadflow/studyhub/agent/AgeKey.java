package io.sanadflow.studyhub.agent;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key pair of X25519, and what age's format makes of one.
 *
 * @param secret the secret half, which {@link #toString} must not tell
 * @param share the public half
 */
record AgeKey(byte[] secret, byte[] share) {

  static final int BYTES = 32;

  private static final String AGREEMENT = "X25519";

  private static final String SEALING = "ChaCha20-Poly1305";

  private static final byte[] BASE_POINT = new byte[BYTES];

  static {
    BASE_POINT[0] = 9;
  }

  /** The key pair of a secret half. */
  static AgeKey of(byte[] secret) {
    return new AgeKey(secret, agreed(secret, BASE_POINT));
  }

  /** A new one, for one file. */
  static AgeKey fresh() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return of(secret);
  }

  /**
   * The key that wraps a file's key, the same for both ends.
   *
   * @param other the public half of the other end
   * @param ephemeral the public half that is in the file
   * @param recipient the public half that the file is for
   */
  byte[] wrapping(byte[] other, byte[] ephemeral, byte[] recipient) {
    byte[] salt = Arrays.copyOf(ephemeral, 2 * BYTES);
    System.arraycopy(recipient, 0, salt, BYTES, BYTES);
    return derived(agreed(secret, other), salt, "age-encryption.org/v1/X25519");
  }

  /**
   * The shared secret of two halves.
   *
   * @throws IllegalArgumentException if the public half is none
   */
  private static byte[] agreed(byte[] secret, byte[] share) {
    try {
      KeyFactory keys = KeyFactory.getInstance(AGREEMENT);
      PrivateKey own =
          keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret));
      byte[] bigEndian = new byte[BYTES];
      for (int i = 0; i < BYTES; i++) {
        bigEndian[BYTES - 1 - i] = share[i];
      }
      bigEndian[0] &= 0x7f;
      KeyAgreement agreement = KeyAgreement.getInstance(AGREEMENT);
      agreement.init(own);
      agreement.doPhase(
          keys.generatePublic(
              new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian))),
          true);
      return agreement.generateSecret();
    } catch (GeneralSecurityException bad) {
      throw new IllegalArgumentException("not a public key of X25519", bad);
    }
  }

  /** HKDF with SHA-256, of 32 bytes. */
  static byte[] derived(byte[] material, byte[] salt, String purpose) {
    byte[] extracted = mac(salt.length == 0 ? new byte[BYTES] : salt, material);
    byte[] info =
        Arrays.copyOf(
            purpose.getBytes(java.nio.charset.StandardCharsets.US_ASCII), purpose.length() + 1);
    info[info.length - 1] = 1;
    return mac(extracted, info);
  }

  /** HMAC with SHA-256. */
  static byte[] mac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A cipher that seals, or opens, one chunk. */
  static Cipher cipher(int mode, byte[] key, byte[] nonce) {
    try {
      Cipher cipher = Cipher.getInstance(SEALING);
      cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
      return cipher;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return "AgeKey";
  }
}
