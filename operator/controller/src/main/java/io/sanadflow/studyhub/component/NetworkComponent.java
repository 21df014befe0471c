package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.sanadflow.studyhub.backup.GatewayConfig;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Offload;
import io.sanadflow.studyhub.model.PoolerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may talk to whom, as whom pods run, and how many may be away at once. */
public final class NetworkComponent implements Component {

  /** The addresses that are not the internet: the cluster's own and the cloud's metadata. */
  private static final List<String> PRIVATE =
      List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16");

  private static final List<String> PRIVATE_V6 = List.of("fc00::/7", "fe80::/10");

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(
        new ServiceAccountBuilder()
            .withMetadata(Metadata.owned(hub, hub.names().app(), AppComponent.NAME).build())
            .withAutomountServiceAccountToken(false)
            .build());
    objects.add(app(hub, observed.operatorNamespace()));
    objects.add(disruption(hub, hub.names().app(), AppComponent.NAME));
    if (hub.app().migration().isPresent()) {
      objects.add(migration(hub));
    }
    if (hub.database().external().isEmpty()) {
      objects.add(server(hub, hub.names().database(), DatabaseComponent.NAME, 5432, observed));
      objects.add(disruption(hub, hub.names().database(), DatabaseComponent.NAME));
    }
    if (hub.sharedRedis()) {
      objects.add(server(hub, hub.names().redis(), RedisComponent.NAME, 6379, observed));
      objects.add(disruption(hub, hub.names().redis(), RedisComponent.NAME));
    }
    return objects;
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return Optional.empty();
  }

  /** One pod may be away, so the drain of a cluster's only node goes through. */
  private static PodDisruptionBudget disruption(Hub hub, String name, String component) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(Metadata.owned(hub, name, component).build())
        .withNewSpec()
        .withNewMaxUnavailable(1)
        .withNewSelector()
        .withMatchLabels(Labels.selector(hub.names().hub(), component))
        .endSelector()
        .endSpec()
        .build();
  }

  /** A server answers the hub's app, its migration and the operator, and calls nobody. */
  private static NetworkPolicy server(
      Hub hub, String name, String component, int port, Observed observed) {
    List<NetworkPolicyPeer> clients = new ArrayList<>();
    clients.add(peer(hub, AppComponent.NAME));
    clients.add(peer(hub, MigrationComponent.NAME));
    if (component.equals(DatabaseComponent.NAME)
        && (hub.backsUp() || observed.restoring().from().isPresent())) {
      clients.add(peer(hub, AgentPods.COMPONENT));
    }
    clients.add(operator(observed.operatorNamespace()));
    return policy(
        hub,
        name,
        component,
        List.of(
            new NetworkPolicyIngressRuleBuilder()
                .withFrom(clients)
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(port)
                .endPort()
                .build()),
        List.of());
  }

  private static NetworkPolicy app(Hub hub, String operatorNamespace) {
    List<NetworkPolicyIngressRule> ingress = new ArrayList<>();
    // The app is what people come for: an ingress controller may be in any namespace.
    ingress.add(
        new NetworkPolicyIngressRuleBuilder()
            .addNewPort()
            .withProtocol("TCP")
            .withNewPort(hub.app().port())
            .endPort()
            .build());
    var watched =
        new NetworkPolicyIngressRuleBuilder()
            .withFrom(operator(operatorNamespace))
            .addNewPort()
            .withProtocol("TCP")
            .withNewPort(PoolerSettings.PORT)
            .endPort();
    if (hub.redis().isPresent() && !hub.sharedRedis()) {
      watched.addNewPort().withProtocol("TCP").withNewPort(6379).endPort();
    }
    ingress.add(watched.build());
    List<NetworkPolicyEgressRule> egress = clients(hub);
    egress.add(
        new NetworkPolicyEgressRuleBuilder()
            .addNewTo()
            .withNewIpBlock()
            .withCidr("0.0.0.0/0")
            .withExcept(PRIVATE)
            .endIpBlock()
            .endTo()
            .addNewTo()
            .withNewIpBlock()
            .withCidr("::/0")
            .withExcept(PRIVATE_V6)
            .endIpBlock()
            .endTo()
            .build());
    hub.objectStore().ifPresent(it -> egress.add(anywhere(it.port())));
    if (MediaPlace.gateway(hub)) {
      egress.add(to(hub, GatewayComponent.NAME, GatewayConfig.PORT));
    }
    if (hub.monitoring().health()) {
      egress.add(HealthComponent.egress(operator(operatorNamespace)));
    }
    return policy(hub, hub.names().app(), AppComponent.NAME, ingress, egress);
  }

  private static NetworkPolicy migration(Hub hub) {
    return policy(hub, hub.names().migration(), MigrationComponent.NAME, List.of(), clients(hub));
  }

  /** Agents call the database and the object store, and nobody calls them. */
  static NetworkPolicy agents(Hub hub) {
    List<NetworkPolicyEgressRule> egress = new ArrayList<>();
    egress.add(names());
    egress.add(database(hub));
    hub.objectStore().ifPresent(it -> egress.add(anywhere(it.port())));
    return policy(hub, hub.names().backup(), AgentPods.COMPONENT, List.of(), egress);
  }

  /** The gateway answers the hub's app, and calls the object store. */
  static NetworkPolicy gateway(Hub hub, Offload offload) {
    return policy(
        hub,
        hub.names().media(),
        GatewayComponent.NAME,
        List.of(
            new NetworkPolicyIngressRuleBuilder()
                .withFrom(peer(hub, AppComponent.NAME))
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(GatewayConfig.PORT)
                .endPort()
                .build()),
        List.of(names(), anywhere(offload.store().port())));
  }

  /** What restores may call that read another object store than the hub's own. */
  static NetworkPolicy restores(Hub hub, Hub.ObjectStore from) {
    return policy(
        hub,
        hub.names().restore(),
        AgentPods.COMPONENT,
        Map.of(Labels.RUN, RestoreJobs.RUN),
        List.of(),
        List.of(names(), database(hub), anywhere(from.port())));
  }

  /** What app and migration both call: names, the database and Redis. */
  private static List<NetworkPolicyEgressRule> clients(Hub hub) {
    List<NetworkPolicyEgressRule> rules = new ArrayList<>();
    rules.add(names());
    rules.add(database(hub));
    if (hub.sharedRedis()) {
      rules.add(to(hub, RedisComponent.NAME, 6379));
    }
    return rules;
  }

  static NetworkPolicyEgressRule names() {
    return new NetworkPolicyEgressRuleBuilder()
        .addNewPort()
        .withProtocol("UDP")
        .withNewPort(53)
        .endPort()
        .addNewPort()
        .withProtocol("TCP")
        .withNewPort(53)
        .endPort()
        .build();
  }

  private static NetworkPolicyEgressRule database(Hub hub) {
    return hub.database()
        .external()
        .map(it -> anywhere(it.port()))
        .orElseGet(() -> to(hub, DatabaseComponent.NAME, 5432));
  }

  private static NetworkPolicyEgressRule to(Hub hub, String component, int port) {
    return new NetworkPolicyEgressRuleBuilder()
        .withTo(peer(hub, component))
        .addNewPort()
        .withProtocol("TCP")
        .withNewPort(port)
        .endPort()
        .build();
  }

  static NetworkPolicyEgressRule anywhere(int port) {
    return new NetworkPolicyEgressRuleBuilder()
        .addNewPort()
        .withProtocol("TCP")
        .withNewPort(port)
        .endPort()
        .build();
  }

  private static NetworkPolicyPeer peer(Hub hub, String component) {
    return new NetworkPolicyPeerBuilder()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(hub.names().hub(), component))
        .endPodSelector()
        .build();
  }

  private static NetworkPolicyPeer operator(String namespace) {
    return new NetworkPolicyPeerBuilder()
        .withNewNamespaceSelector()
        .withMatchLabels(Map.of("kubernetes.io/metadata.name", namespace))
        .endNamespaceSelector()
        .withNewPodSelector()
        .withMatchLabels(Map.of("app.kubernetes.io/name", Labels.OPERATOR))
        .endPodSelector()
        .build();
  }

  static NetworkPolicy policy(
      Hub hub,
      String name,
      String component,
      List<NetworkPolicyIngressRule> ingress,
      List<NetworkPolicyEgressRule> egress) {
    return policy(hub, name, component, Map.of(), ingress, egress);
  }

  private static NetworkPolicy policy(
      Hub hub,
      String name,
      String component,
      Map<String, String> more,
      List<NetworkPolicyIngressRule> ingress,
      List<NetworkPolicyEgressRule> egress) {
    return new NetworkPolicyBuilder()
        .withMetadata(Metadata.owned(hub, name, component).build())
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(hub.names().hub(), component))
        .addToMatchLabels(more)
        .endPodSelector()
        .withPolicyTypes("Ingress", "Egress")
        .withIngress(ingress)
        .withEgress(egress)
        .endSpec()
        .build();
  }
}
