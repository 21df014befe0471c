package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import java.util.List;
import java.util.Optional;

/** A name in the hub's namespace for the place where the operator tells the hub's health. */
public final class HealthComponent implements Component {

  /** The port of the operator's pods. */
  private static final int PORT = 8080;

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    if (!hub.monitoring().health()) {
      return List.of();
    }
    // A name and no address: the operator's pods come and go without a write here.
    return List.of(
        new ServiceBuilder()
            .withMetadata(Metadata.owned(hub, hub.names().health(), "health").build())
            .withNewSpec()
            .withType("ExternalName")
            .withExternalName(
                Labels.OPERATOR + "." + observed.operatorNamespace() + ".svc.cluster.local")
            .endSpec()
            .build());
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return Optional.empty();
  }

  /** That the app may ask for its hub's health. */
  static NetworkPolicyEgressRule egress(NetworkPolicyPeer operator) {
    return new NetworkPolicyEgressRuleBuilder()
        .withTo(operator)
        .addNewPort()
        .withProtocol("TCP")
        .withNewPort(PORT)
        .endPort()
        .build();
  }
}
