package io.sanadflow.studyhub.e2e;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The cluster of the current kubeconfig and, in it, one namespace for the test class that registers
 * this extension. The namespace enforces the restricted Pod Security Standard and goes with the
 * class; {@code -De2e.keep=true} leaves it. {@code -De2e.namespace} names one that is there
 * instead, for an operator that watches no other; it stays. When a test fails, what is in the
 * namespace is written to {@code target/e2e}.
 */
final class Cluster implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {

  private final KubernetesClient client = Clients.connect();
  private final Routes routes = new Routes(client);
  private String namespace = "";

  /** The client, with the rights of the kubeconfig. */
  KubernetesClient client() {
    return client;
  }

  /** The namespace of this test class. */
  String namespace() {
    return namespace;
  }

  /** Runs kubectl in the namespace of this test class. */
  Shell.Result kubectl(String... arguments) {
    return kubectlWith("", arguments);
  }

  /** Runs kubectl in the namespace of this test class with {@code input} for {@code -f -}. */
  Shell.Result kubectlWith(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "--namespace", namespace));
    command.addAll(List.of(arguments));
    return Shell.run(input, command);
  }

  /** Where a Service of this namespace is reached from the machine of the tests. */
  URI service(String name, int port) {
    return routes.service(namespace, name, port);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    namespace = System.getProperty("e2e.namespace", "");
    if (!namespace.isEmpty()) {
      return;
    }
    String name = context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT);
    namespace = "e2e-" + name + "-" + UUID.randomUUID().toString().substring(0, 5);
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    context
        .getExecutionException()
        .ifPresent(
            failure ->
                Dump.of(
                    Path.of(
                        "target",
                        "e2e",
                        context.getRequiredTestClass().getSimpleName()
                            + "."
                            + context.getRequiredTestMethod().getName()),
                    namespace));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!Boolean.getBoolean("e2e.keep") && System.getProperty("e2e.namespace") == null) {
      client.namespaces().withName(namespace).delete();
    }
    routes.close();
    client.close();
  }
}
