package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Service;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The way in through Traefik. It needs a Traefik that watches all namespaces, with a Service named
 * {@code traefik} at port 443, and is skipped where there is none.
 */
@ExtendWith(Installed.class)
class TraefikIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final String HOST = "gate.example.org";
  private static final Hub hub = new Hub(cluster, "gate");
  private static String address = "";

  @BeforeAll
  static void traefik() {
    List<Service> services =
        cluster.client().services().inAnyNamespace().list().getItems().stream()
            .filter(it -> it.getMetadata().getName().equals("traefik"))
            .filter(it -> it.getSpec().getPorts().stream().anyMatch(port -> port.getPort() == 443))
            .toList();
    assumeTrue(
        cluster.client().getApiGroup("traefik.io") != null && !services.isEmpty(),
        "the cluster has no Traefik: no kinds of traefik.io, or no Service traefik at port 443");
    address = services.get(0).getSpec().getClusterIP();
  }

  /** Traefik by itself admits TLS 1.2, as the host that no hub has shows. */
  @Test
  void theHostOfAHubSpeaksTls13Alone() {
    cluster
        .kubectlWith(
            "",
            "create",
            "secret",
            "generic",
            "gate-tls",
            "--type=kubernetes.io/tls",
            "--from-file=tls.crt=" + SelfSigned.certificate(HOST),
            "--from-file=tls.key=" + SelfSigned.key(HOST))
        .orFail();
    hub.apply(
            """
            {app: {image: "%s", ingress: {host: %s, className: traefik, tls: {secretName: gate-tls}}}}
            """
                .formatted(Hub.IMAGE_1, HOST)
                .strip())
        .orFail();
    hub.awaitReady(Duration.ofMinutes(3));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(handshake(HOST, "-tls1_3")).contains("CN = " + HOST));

    assertThat(handshake(HOST, "-tls1_3")).contains("New, TLSv1.3");
    assertThat(handshake(HOST, "-tls1_2"))
        .contains("alert protocol version")
        .doesNotContain("New, TLSv1.2");
    assertThat(handshake("elsewhere.example.org", "-tls1_2")).contains("New, TLSv1.2");
  }

  private static String handshake(String host, String version) {
    return Shell.run(
            "",
            List.of(
                "openssl", "s_client", "-connect", address + ":443", "-servername", host, version))
        .text();
  }
}
