package io.sanadflow.studyhub.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.jspecify.annotations.Nullable;

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

  private static final Integer DNS_NAME = 2;
  private static final Integer IP_ADDRESS = 7;

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
    return Pem.certificates(pem).stream().map(CertificateFacts::of).toList();
  }

  /**
   * Tells whether a certificate (the first of a bundle) was signed by one of an authority's.
   *
   * @throws IllegalArgumentException if either is not a certificate
   */
  public static boolean signedBy(String certificatePem, String authorityPem) {
    X509Certificate certificate = Pem.certificates(certificatePem).get(0);
    return Pem.certificates(authorityPem).stream()
        .anyMatch(authority -> signed(certificate, authority));
  }

  /** Reads what a certificate says. */
  public static CertificateFacts of(X509Certificate certificate) {
    return new CertificateFacts(
        certificate.getSerialNumber(),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant(),
        certificate.getSubjectX500Principal().getName(),
        names(certificate),
        extension(certificate, Extension.subjectKeyIdentifier)
            .map(der -> SubjectKeyIdentifier.getInstance(der).getKeyIdentifier())
            .map(HexFormat.of()::formatHex),
        extension(certificate, Extension.authorityKeyIdentifier)
            .map(der -> AuthorityKeyIdentifier.getInstance(der).getKeyIdentifierOctets())
            .map(HexFormat.of()::formatHex),
        certificate.getBasicConstraints() >= 0);
  }

  private static boolean signed(X509Certificate certificate, X509Certificate authority) {
    if (authority.getBasicConstraints() < 0
        || !certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Set<String> names(X509Certificate certificate) {
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives == null) {
        return Set.of();
      }
      return alternatives.stream()
          .filter(name -> name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
          .map(name -> String.valueOf(name.get(1)))
          .collect(Collectors.toUnmodifiableSet());
    } catch (CertificateParsingException e) {
      throw new IllegalArgumentException("a certificate's names are damaged", e);
    }
  }

  private static Optional<ASN1Primitive> extension(
      X509Certificate certificate, ASN1ObjectIdentifier id) {
    byte @Nullable [] value = certificate.getExtensionValue(id.getId());
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(JcaX509ExtensionUtils.parseExtensionValue(value));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("a certificate's extension " + id + " is damaged", e);
    }
  }
}
