package io.sanadflow.studyhub.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A Kubernetes API in this process, on the loopback address: fabric8's mock server, with what an
 * operator needs beyond it. It checks no permission and runs nothing.
 */
final class SandboxApi implements AutoCloseable {

  /** The mock server tells of every request; held here, since its setting goes with it. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");

  static {
    REQUESTS.setLevel(Level.WARNING);
  }

  private final KubernetesMockServer server;
  private final ApiDispatcher dispatcher;

  private SandboxApi(ApiDispatcher dispatcher) {
    this.dispatcher = dispatcher;
    server =
        new KubernetesMockServer(
            new Context(new ObjectMapper()),
            new MockWebServer(),
            new HashMap<>(),
            dispatcher,
            false);
  }

  /** Starts an API that holds nothing, on any free port. */
  static SandboxApi start() {
    SandboxApi api = new SandboxApi(new ApiDispatcher(new Admission()));
    api.server.init(InetAddress.getLoopbackAddress(), 0);
    return api;
  }

  /** A client of its own for whoever asks, at home in namespace {@code default}. */
  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withNamespace("default")
                .withHttp2Disable(true)
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }

  /** Where it listens. */
  String url() {
    return server.url("/");
  }

  /** How many changes were stored so far; a request that changes nothing does not count. */
  long changes() {
    return dispatcher.changes();
  }

  @Override
  public void close() {
    server.destroy();
  }
}
