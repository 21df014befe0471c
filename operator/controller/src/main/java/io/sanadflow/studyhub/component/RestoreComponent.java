package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import java.util.List;
import java.util.Optional;

/**
 * Restores: their Jobs are made step by step, elsewhere; here is how they fare, and whom they may
 * call beyond what other agents may.
 */
public final class RestoreComponent implements Component {

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    return observed.restoring().from().stream()
        .<HasMetadata>map(it -> NetworkComponent.restores(hub, it))
        .toList();
  }

  @Override
  public List<ObjectKey> kept(Hub hub, Observed observed) {
    return List.copyOf(observed.restoring().jobs());
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return observed.restoring().health();
  }

  /** The id of the newest restore of the hub, remembered on the app's Deployment. */
  static String restored(Hub hub, Observed observed) {
    String now = observed.restoring().restored();
    return now.isEmpty()
        ? observed
            .annotation(new ObjectKey("Deployment", hub.names().app()), Labels.RESTORED)
            .orElse("")
        : now;
  }
}
