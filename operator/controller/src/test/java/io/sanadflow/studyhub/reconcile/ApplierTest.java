package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.component.AuthorityComponent;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API server that answers every request alike, or is gone. */
class ApplierTest {

  private final Hub hub =
      Hubs.resolved(
          Hubs.withSpec("app: {image: hub}\ncertificates: {issuerRef: {name: internal}}"));
  private final HasMetadata map =
      new ConfigMapBuilder()
          .withNewMetadata()
          .withName("pilot")
          .withNamespace("study")
          .endMetadata()
          .build();
  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private void answers(int code, String body) {
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(code, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private void apply(HasMetadata object) throws ApplyException {
    new Applier(client, new OwnedFields(new ObjectMapper())).apply(hub, object, Optional.empty());
  }

  @Test
  void aLostConnectionIsNoRefusal() {
    server.stop(0);
    assertThatThrownBy(() -> apply(map)).isInstanceOf(KubernetesClientException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void theServersOwnTroubleIsNoRefusal(int code) {
    answers(code, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":" + code + "}");
    assertThatThrownBy(() -> apply(map)).isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void aRefusalIsTold() {
    answers(
        403,
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":403,\"message\":\"exceeded quota\"}");
    assertThatThrownBy(() -> apply(map))
        .isInstanceOfSatisfying(
            ApplyException.class, it -> assertThat(it.reason()).isEqualTo("ApplyRefused"))
        .hasMessageContaining("exceeded quota");
  }

  @Test
  void aKindThatTheClusterLacksIsToldWithItsCure() {
    answers(404, "404 page not found");
    HasMetadata certificate =
        AuthorityComponent.requests(
                hub, Observed.nothing(Set.of(AuthorityComponent.CERT_MANAGER), "studyhub-system"))
            .get(0);
    assertThatThrownBy(() -> apply(certificate))
        .isInstanceOfSatisfying(
            ApplyException.class, it -> assertThat(it.reason()).isEqualTo("ApiMissing"))
        .hasMessageContaining("spec.certificates.issuerRef")
        .hasMessageContaining("install cert-manager with its CRDs");
  }
}
