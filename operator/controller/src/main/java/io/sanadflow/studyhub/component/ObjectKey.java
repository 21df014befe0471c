package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object of the hub's namespace by kind and name. */
public record ObjectKey(String kind, String name) {

  /** The key of an object. */
  public static ObjectKey of(HasMetadata object) {
    return new ObjectKey(object.getKind(), object.getMetadata().getName());
  }

  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
