package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** Who belongs to whom. */
final class Ownership {

  private Ownership() {}

  /** A reference to the controller of an object. */
  static OwnerReference controlled(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /** The pods that an owner has. */
  static List<Pod> owned(HasMetadata owner, List<Pod> pods) {
    return pods.stream().filter(it -> isOwned(it, owner)).toList();
  }

  /** Whether an object has this owner. */
  static boolean isOwned(HasMetadata object, HasMetadata owner) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(it -> it.getUid().equals(owner.getMetadata().getUid()));
  }
}
