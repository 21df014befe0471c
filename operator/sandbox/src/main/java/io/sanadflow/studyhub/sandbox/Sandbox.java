package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sanadflow.studyhub.runtime.OperatorConfig;
import io.sanadflow.studyhub.runtime.StudyHubOperator;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** The real operator in a simulated cluster: everything but the operator is pretended. */
final class Sandbox implements AutoCloseable {

  private static final Map<String, String> CONFIG =
      Map.of(
          "LEADER_ELECTION", "false", "HTTP_PORT", "0", "PROBE_PORT", "0", "POD_NAME", "sandbox");

  private final SandboxApi api;
  private final KubernetesClient client;
  private final KubernetesClient nodeClient;
  private final KubernetesClient operatorClient;
  private final SimulatedNode node;
  private StudyHubOperator operator;

  private Sandbox(Duration startup) {
    api = SandboxApi.start();
    client = api.client();
    nodeClient = api.client();
    operatorClient = api.client();
    node = SimulatedNode.start(nodeClient, Clock.systemUTC(), startup);
    operator = operator();
  }

  /**
   * Starts a cluster without hubs.
   *
   * @param startup how long a simulated pod takes to be ready
   */
  static Sandbox start(Duration startup) {
    return new Sandbox(startup);
  }

  private StudyHubOperator operator() {
    return StudyHubOperator.start(
        operatorClient,
        OperatorConfig.fromEnvironment(CONFIG),
        new SimulatedProbe(nodeClient),
        Clock.systemUTC());
  }

  /** Ends the operator and starts it anew, without what it knew. */
  void restartOperator() {
    operator.close();
    operator = operator();
  }

  /** A client for whoever tries the cluster out. */
  KubernetesClient client() {
    return client;
  }

  /** The API. */
  SandboxApi api() {
    return api;
  }

  @Override
  public void close() {
    operator.close();
    node.close();
    operatorClient.close();
    nodeClient.close();
    client.close();
    api.close();
  }
}
