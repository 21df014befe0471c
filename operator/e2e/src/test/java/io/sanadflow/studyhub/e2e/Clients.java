package io.sanadflow.studyhub.e2e;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Makes clients for the current kubeconfig. */
final class Clients {

  private static final String PKCS8 = "-----BEGIN PRIVATE KEY-----";

  private Clients() {}

  static KubernetesClient connect() {
    Config config = Config.autoConfigure(null);
    String key = config.getClientKeyData();
    // The client takes each key for RSA unless told, and a PKCS #8 file does not say it in its
    // head.
    if (key != null && !isRsa(key)) {
      config.setClientKeyAlgo("EC");
    }
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static boolean isRsa(String encoded) {
    String pem = new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.US_ASCII);
    if (!pem.startsWith(PKCS8)) {
      return !pem.contains("BEGIN EC ");
    }
    String body = pem.replaceAll("-----[A-Z ]+-----", "");
    try {
      KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
      return true;
    } catch (GeneralSecurityException otherKind) {
      return false;
    }
  }
}
