package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import java.util.List;
import java.util.Optional;

/** A part of a hub. Both methods are pure: the same input gives the same output. */
public interface Component {

  /**
   * The objects that the part wants, in the order in which they are applied.
   *
   * <p>An object that a part has wanted and wants no more is deleted, volumes and passwords
   * excepted; {@link #kept} names those that stay as they are for now.
   */
  List<HasMetadata> desired(Hub hub, Material material, Observed observed);

  /** Objects of this part that are neither applied nor deleted at the moment. */
  default List<ObjectKey> kept(Hub hub, Observed observed) {
    return List.of();
  }

  /** How the part fares; empty for a part that has no health of its own. */
  Optional<Health> health(Hub hub, Observed observed);

  /** All parts, in the order in which they are made. */
  List<Component> ALL =
      List.of(
          new AuthorityComponent(),
          new NetworkComponent(),
          new HealthComponent(),
          new DatabaseComponent(),
          new BackupComponent(),
          new OffloadComponent(),
          new RedisComponent(),
          new PoolerComponent(),
          new RestoreComponent(),
          new MigrationComponent(),
          new AppComponent(),
          new GatewayComponent(),
          new IngressComponent(),
          new LogsComponent(),
          new BudgetComponent());
}
