package io.sanadflow.studyhub.reconcile;

import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import java.util.Set;
import java.util.function.Consumer;

/** Tells when a StudyHub is gone: there is no finalizer that would. */
final class Departures extends AbstractEventSource<StudyHub, StudyHub>
    implements ResourceEventAware<StudyHub> {

  private final Consumer<StudyHub> gone;

  Departures(Consumer<StudyHub> gone) {
    super(StudyHub.class, "departures");
    this.gone = gone;
  }

  @Override
  public void onResourceDeleted(StudyHub hub) {
    gone.accept(hub);
  }

  @Override
  public Set<StudyHub> getSecondaryResources(StudyHub hub) {
    return Set.of();
  }
}
