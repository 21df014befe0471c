package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.sanadflow.studyhub.component.AuthorityComponent;
import io.sanadflow.studyhub.component.Component;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.status.StatusBuilder.Obstacle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pass over a hub: writes its objects, and knows what came of that. */
final class Pass {

  private final Applier applier;
  private final Surroundings surroundings;
  private final Hub hub;
  private final Observed observed;
  private final List<Obstacle> obstacles;
  private boolean refused;
  private boolean wrote;

  Pass(
      Applier applier,
      Surroundings surroundings,
      Hub hub,
      Observed observed,
      List<Obstacle> obstacles) {
    this.applier = applier;
    this.surroundings = surroundings;
    this.hub = hub;
    this.observed = observed;
    this.obstacles = new ArrayList<>(obstacles);
  }

  Hub hub() {
    return hub;
  }

  Observed observed() {
    return observed;
  }

  /** What keeps the hub from what is wanted. */
  List<Obstacle> obstacles() {
    return List.copyOf(obstacles);
  }

  /** Whether the API server refused an object. */
  boolean refused() {
    return refused;
  }

  /** Whether an object was written or deleted. */
  boolean wrote() {
    return wrote;
  }

  /** Applies what every part wants and removes what none wants any more. */
  void apply(Optional<Material> material) {
    if (material.isEmpty()) {
      // Before cert-manager has issued there is nothing to apply but the requests to it.
      AuthorityComponent.requests(hub, observed).forEach(this::apply);
      return;
    }
    Set<ObjectKey> wanted = new HashSet<>();
    for (Component component : Component.ALL) {
      wanted.addAll(component.kept(hub, observed));
      for (HasMetadata object : component.desired(hub, material.get(), observed)) {
        wanted.add(ObjectKey.of(object));
        apply(object);
      }
    }
    if (!refused) {
      prune(wanted);
    }
  }

  private void apply(HasMetadata object) {
    try {
      @Nullable HasMetadata cached = observed.objects().get(ObjectKey.of(object));
      wrote |= applier.apply(hub, object, Optional.ofNullable(cached));
    } catch (ApplyException reason) {
      refused = true;
      refuse(reason);
    }
  }

  private void refuse(ApplyException reason) {
    obstacles.add(new Obstacle(reason.reason(), String.valueOf(reason.getMessage())));
  }

  /** Only what this hub owns: volumes and passwords have no owner unless the user said. */
  private void prune(Set<ObjectKey> wanted) {
    // Certificates first, or cert-manager would write their Secrets again.
    List<HasMetadata> there = new ArrayList<>(surroundings.optionalObjects(hub));
    observed.objects().values().stream()
        .filter(it -> OptionalApi.of(it).isEmpty())
        .forEach(there::add);
    for (HasMetadata object : there) {
      boolean owned =
          object.getMetadata().getOwnerReferences().stream()
              .anyMatch(it -> it.getUid().equals(hub.uid()));
      boolean data = object.getKind().equals("PersistentVolumeClaim");
      boolean gone = object.getMetadata().getDeletionTimestamp() != null;
      if (owned && !data && !gone && !wanted.contains(ObjectKey.of(object))) {
        try {
          applier.delete(object);
          wrote = true;
        } catch (ApplyException reason) {
          refuse(reason);
        }
      }
    }
  }
}
