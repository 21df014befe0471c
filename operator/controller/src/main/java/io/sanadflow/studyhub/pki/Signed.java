package io.sanadflow.studyhub.pki;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A certificate and the private key that belongs to it. Two with the same texts are equal. */
public final class Signed {

  private final String certificatePem;
  private final String privateKeyPem;

  /** Read when it is first asked for, since reading takes longer than all else of a visit. */
  private volatile @Nullable CertificateFacts facts;

  /**
   * Holds both, unread.
   *
   * @param certificatePem the certificate alone, without those above it
   * @param privateKeyPem the key as PKCS#8, an EC key on P-256
   */
  public Signed(String certificatePem, String privateKeyPem) {
    this.certificatePem = certificatePem;
    this.privateKeyPem = privateKeyPem;
  }

  /** The certificate alone, without those above it. */
  public String certificatePem() {
    return certificatePem;
  }

  /** The key as PKCS#8, an EC key on P-256. */
  public String privateKeyPem() {
    return privateKeyPem;
  }

  /**
   * What the certificate says of itself.
   *
   * @throws IllegalArgumentException if it is damaged
   */
  public CertificateFacts facts() {
    CertificateFacts known = facts;
    if (known == null) {
      known = CertificateFacts.read(certificatePem);
      facts = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Signed that
        && certificatePem.equals(that.certificatePem)
        && privateKeyPem.equals(that.privateKeyPem);
  }

  @Override
  public int hashCode() {
    return Objects.hash(certificatePem, privateKeyPem);
  }

  /** Leaves the key out, so that a log line cannot give it away. */
  @Override
  public String toString() {
    return "Signed[certificatePem=" + certificatePem + "]";
  }
}
