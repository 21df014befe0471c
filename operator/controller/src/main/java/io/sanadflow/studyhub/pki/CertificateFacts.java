package io.sanadflow.studyhub.pki;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a certificate says of itself.
 *
 * @param serial its number, unique within its authority
 * @param notBefore from when it is valid
 * @param notAfter until when it is valid
 * @param subject whom it names, as RFC 2253 writes it
 * @param names the DNS names and IP addresses it is for
 * @param keyId the subject key identifier in hexadecimal, if it has one
 * @param issuerKeyId the authority key identifier in hexadecimal, if it has one
 * @param authority whether it may sign others
 */
public record CertificateFacts(
    BigInteger serial,
    Instant notBefore,
    Instant notAfter,
    String subject,
    Set<String> names,
    Optional<String> keyId,
    Optional<String> issuerKeyId,
    boolean authority) {

  /** Copies the names. */
  public CertificateFacts {
    names = Set.copyOf(names);
  }

  /**
   * Reads the first certificate of a bundle.
   *
   * @throws IllegalArgumentException if there is none, or it is damaged
   */
  public static CertificateFacts read(String pem) {
    return readAll(pem).get(0);
  }

  /**
   * Reads all certificates of a bundle, in its order.
   *
   * @return at least one
   * @throws IllegalArgumentException if there is none, or one is damaged
   */
  public static List<CertificateFacts> readAll(String pem) {
    throw new UnsupportedOperationException(pem);
  }

  /**
   * Tells whether a certificate (the first of a bundle) was signed by one of an authority's.
   *
   * @throws IllegalArgumentException if either is not a certificate
   */
  public static boolean signedBy(String certificatePem, String authorityPem) {
    throw new UnsupportedOperationException(certificatePem + authorityPem);
  }
}
