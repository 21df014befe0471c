package io.sanadflow.studyhub.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import org.jspecify.annotations.Nullable;

/**
 * A namespaced resource whose spec and status are records.
 *
 * @param <S> the spec
 * @param <T> the status
 */
public abstract class RecordResource<S, T> extends CustomResource<S, T> implements Namespaced {

  private static final long serialVersionUID = 1L;

  // Records have no empty instance, so there is nothing to start from.
  @Override
  protected @Nullable S initSpec() {
    return null;
  }

  @Override
  protected @Nullable T initStatus() {
    return null;
  }
}
