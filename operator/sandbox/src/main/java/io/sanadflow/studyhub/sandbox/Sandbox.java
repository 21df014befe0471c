package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.runtime.OperatorConfig;
import io.sanadflow.studyhub.runtime.StudyHubOperator;
import io.sanadflow.studyhub.schema.HubSchema;
import io.sanadflow.studyhub.schema.InvalidHubException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operator with a simulated cluster around it. */
final class Sandbox implements AutoCloseable {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("sandbox")
          .withForce(true)
          .build();

  private final SandboxApi api;
  private final SimulatedNode node;
  private final StudyHubOperator operator;
  private final HubSchema schema = new HubSchema();

  private Sandbox(SandboxApi api, SimulatedNode node, StudyHubOperator operator) {
    this.api = api;
    this.node = node;
    this.operator = operator;
  }

  /**
   * Starts it.
   *
   * @param podDelay how long a simulated pod takes to become ready
   */
  static Sandbox start(Duration podDelay) {
    SandboxApi api = SandboxApi.start();
    SimulatedNode node = new SimulatedNode(api.client(), podDelay);
    OperatorConfig config =
        OperatorConfig.fromEnvironment(Map.of("LEADER_ELECTION", "false", "HTTP_PORT", "0"));
    StudyHubOperator operator =
        StudyHubOperator.start(
            api.client(), config, new SimulatedProbe(api.client()), Clock.systemUTC());
    return new Sandbox(api, node, operator);
  }

  KubernetesClient client() {
    return api.client();
  }

  /**
   * Applies the objects of a text: hubs after the check that a cluster's schema would make, the
   * rest as they are.
   *
   * @return the hubs in it
   * @throws InvalidHubException if a hub is invalid; nothing is applied then
   */
  List<StudyHub> apply(String yaml) throws InvalidHubException {
    List<StudyHub> hubs = schema.read(yaml);
    List<StudyHub> applied = new ArrayList<>();
    for (HasMetadata object : api.client().load(stream(yaml)).items()) {
      if (object.getMetadata().getNamespace() == null) {
        object.getMetadata().setNamespace("default");
      }
      HasMetadata stored = api.client().resource(object).patch(APPLY);
      if (stored instanceof StudyHub hub) {
        applied.add(hub);
      }
    }
    return applied.size() == hubs.size() ? applied : hubs;
  }

  private static java.io.InputStream stream(String text) {
    return new java.io.ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** A hub as it is now. */
  StudyHub hub(StudyHub hub) {
    return api.client()
        .resources(StudyHub.class)
        .inNamespace(hub.getMetadata().getNamespace())
        .withName(hub.getMetadata().getName())
        .get();
  }

  @Override
  public void close() {
    operator.close();
    node.close();
    api.close();
  }
}
