package io.sanadflow.studyhub.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates of authorities, as the JDK wants to have them. */
public final class Authorities {

  private Authorities() {}

  /**
   * Trusts what the JDK trusts, and these authorities too.
   *
   * @param pem their certificates
   * @throws ProbeException if they cannot be read
   */
  public static SSLSocketFactory besidesPublicOnes(String pem) throws ProbeException {
    try {
      KeyStore all = keyStore(pem);
      int number = 0;
      for (X509Certificate known : manager(null).getAcceptedIssuers()) {
        all.setCertificateEntry("public-" + number++, known);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new X509TrustManager[] {manager(all)}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException unreadable) {
      throw new ProbeException("the authority cannot be read: " + unreadable.getMessage());
    }
  }

  /** Trusts a store's authorities; the JDK's own where there is no store. */
  static X509TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  static KeyStore keyStore(String pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate authority :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    return store;
  }
}
