package io.sanadflow.studyhub.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Ways from the machine of the tests to a Service: its address where that can be reached, else
 * through the API server, which chooses a pod for each request as the Service does.
 */
final class Routes implements AutoCloseable {

  private final KubernetesClient client;
  private @Nullable Boolean direct;
  private @Nullable Process proxy;
  private String proxied = "";

  Routes(KubernetesClient client) {
    this.client = client;
  }

  /** The base address of a Service's port, without a slash at its end. */
  synchronized URI service(String namespace, String name, int port) {
    if (direct == null) {
      // The API's own Service always has somebody behind it, so that a refusal means "no route".
      direct = reachable(address("default", "kubernetes"), 443);
    }
    if (direct) {
      return URI.create("http://" + address(namespace, name) + ":" + port);
    }
    if (proxy == null) {
      startProxy();
    }
    return URI.create(
        "http://"
            + proxied
            + "/api/v1/namespaces/"
            + namespace
            + "/services/"
            + name
            + ":"
            + port
            + "/proxy");
  }

  private String address(String namespace, String name) {
    return client
        .services()
        .inNamespace(namespace)
        .withName(name)
        .require()
        .getSpec()
        .getClusterIP();
  }

  private static boolean reachable(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 2000);
      return true;
    } catch (IOException noRoute) {
      return false;
    }
  }

  private void startProxy() {
    try {
      Process started =
          new ProcessBuilder("kubectl", "proxy", "--port=0").redirectErrorStream(true).start();
      proxy = started;
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
      String line = output.readLine();
      String announcement = "Starting to serve on ";
      if (line == null || !line.startsWith(announcement)) {
        throw new IllegalStateException("kubectl proxy says: " + line);
      }
      proxied = line.substring(announcement.length()).strip();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public synchronized void close() {
    if (proxy != null) {
      proxy.destroy();
      proxy = null;
    }
  }
}
