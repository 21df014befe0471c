package io.sanadflow.studyhub.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes a hub's certificate authority, and the certificates of its servers. */
public final class Authority {

  /** Clocks of nodes differ: what is valid from now on would be refused by one that is behind. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final int COMMON_NAME_LIMIT = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Authority() {}

  /**
   * Makes a new authority with a key of its own, which signs itself.
   *
   * @param commonName a name for people; what is beyond the 64th character is cut off
   * @param now the present; validity begins five minutes before it
   * @param lifetime how long it is valid, from now
   */
  public static Signed newAuthority(String commonName, Instant now, Duration lifetime) {
    try {
      KeyPair pair = newPair();
      X500Principal name = name(commonName);
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial(),
              Date.from(now.minus(SKEW)),
              Date.from(now.plus(lifetime)),
              name,
              pair.getPublic());
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              ids.createSubjectKeyIdentifier(pair.getPublic()));
      return sign(builder, pair.getPrivate(), pair);
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("this JVM cannot make an EC certificate", e);
    }
  }

  /**
   * Makes a server's certificate with a new key.
   *
   * @param authority who signs
   * @param commonName a name for people; what is beyond the 64th character is cut off
   * @param dnsNames the host names clients will ask for
   * @param ipAddresses the addresses clients will ask for
   * @param now the present; validity begins five minutes before it
   * @param lifetime how long it is valid, from now; it never outlives the authority
   * @throws IllegalArgumentException if the authority cannot be read or used, or there is no name
   */
  public static Signed issue(
      Signed authority,
      String commonName,
      List<String> dnsNames,
      List<String> ipAddresses,
      Instant now,
      Duration lifetime) {
    X509Certificate issuer = Pem.certificates(authority.certificatePem()).get(0);
    PrivateKey issuerKey = Pem.ecKey(authority.privateKeyPem());
    Instant authorityEnd = issuer.getNotAfter().toInstant();
    if (!now.isBefore(authorityEnd)) {
      throw new IllegalArgumentException("the certificate authority ended at " + authorityEnd);
    }
    try {
      KeyPair pair = newPair();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              serial(),
              Date.from(latest(now.minus(SKEW), issuer.getNotBefore().toInstant())),
              Date.from(earliest(now.plus(lifetime), authorityEnd)),
              name(commonName),
              pair.getPublic());
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
          .addExtension(
              Extension.subjectAlternativeName, false, alternativeNames(dnsNames, ipAddresses))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              ids.createSubjectKeyIdentifier(pair.getPublic()))
          .addExtension(
              Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(issuer));
      Signed signed = sign(builder, issuerKey, pair);
      if (!CertificateFacts.signedBy(signed.certificatePem(), authority.certificatePem())) {
        throw new IllegalArgumentException(
            "the private key of the certificate authority belongs to another certificate, or that"
                + " is not an authority's");
      }
      return signed;
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("this JVM cannot make an EC certificate", e);
    }
  }

  private static Signed sign(X509v3CertificateBuilder builder, PrivateKey key, KeyPair pair)
      throws OperatorCreationException, IOException {
    byte[] der =
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)).getEncoded();
    return new Signed(
        Pem.write("CERTIFICATE", der), Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
  }

  private static KeyPair newPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  private static BigInteger serial() {
    // A serial is positive; the bit on top makes sure of it and keeps its length.
    return new BigInteger(128, RANDOM).setBit(127);
  }

  private static X500Principal name(String commonName) throws IOException {
    String cut =
        commonName.length() <= COMMON_NAME_LIMIT
            ? commonName
            : commonName.substring(0, COMMON_NAME_LIMIT);
    return new X500Principal(
        new X500NameBuilder().addRDN(BCStyle.CN, new DERUTF8String(cut)).build().getEncoded());
  }

  private static GeneralNames alternativeNames(List<String> dnsNames, List<String> ipAddresses) {
    List<GeneralName> names = new ArrayList<>();
    dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
    ipAddresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a server's certificate needs a DNS name or an address");
    }
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earliest(Instant a, Instant b) {
    return (a.isBefore(b) ? a : b).truncatedTo(ChronoUnit.SECONDS);
  }
}
