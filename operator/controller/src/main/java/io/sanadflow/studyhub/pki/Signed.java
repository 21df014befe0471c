package io.sanadflow.studyhub.pki;

/**
 * A certificate and the private key that belongs to it.
 *
 * @param certificatePem the certificate alone, without those above it
 * @param privateKeyPem the key as PKCS#8, an EC key on P-256
 */
public record Signed(String certificatePem, String privateKeyPem) {

  /** Leaves the key out, so that a log line cannot give it away. */
  @Override
  public String toString() {
    return "Signed[certificatePem=" + certificatePem + "]";
  }
}
