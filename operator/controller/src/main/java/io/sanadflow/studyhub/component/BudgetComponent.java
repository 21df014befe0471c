package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import java.util.List;
import java.util.Optional;

/** The month's budget of object stores: it has no objects, and tells when it is nearly spent. */
public final class BudgetComponent implements Component {

  @Override
  public List<HasMetadata> desired(Hub hub, Material material, Observed observed) {
    return List.of();
  }

  @Override
  public Optional<Health> health(Hub hub, Observed observed) {
    return Spending.health(hub, observed);
  }
}
