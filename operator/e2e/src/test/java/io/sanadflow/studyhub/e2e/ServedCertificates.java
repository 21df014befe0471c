package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The certificates of a hub called pilot: those in its Secrets, and those that its pods show. */
record ServedCertificates(Cluster cluster, Hub hub) {

  /** By part: the port that speaks TLS. */
  private static final Map<String, Integer> PORTS =
      Map.of("database", 5432, "redis", 6379, "app", 6432);

  private static final Map<String, String> SECRETS =
      Map.of("database", "pilot-db-tls", "redis", "pilot-redis-tls", "app", "pilot-pooler-tls");

  /** The numbers of the certificates in the Secrets, by part. */
  Map<String, BigInteger> stored() {
    Map<String, BigInteger> serials = new TreeMap<>();
    SECRETS.forEach(
        (part, secret) -> serials.put(part, read(hub.secret(secret, "tls.crt")).getSerialNumber()));
    return serials;
  }

  /** Every pod shows the certificate that its part should have. */
  void assertServed(Map<String, BigInteger> wanted) {
    wanted.forEach(
        (part, serial) ->
            assertThat(hub.pods(part))
                .isNotEmpty()
                .allSatisfy(
                    pod ->
                        assertThat(
                                Presented.by(cluster, pod, PORTS.get(part), !part.equals("redis")))
                            .as(pod.getMetadata().getName())
                            .isEqualTo(serial)));
  }

  /** The uids of the pods that show certificates. */
  List<String> podUids() {
    return PORTS.keySet().stream().sorted().flatMap(it -> hub.podUids(it).stream()).toList();
  }

  /** The first certificate of a text. */
  static X509Certificate read(String pem) {
    try (var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (CertificateException | IOException damaged) {
      throw new AssertionError("not a certificate: " + pem, damaged);
    }
  }
}
