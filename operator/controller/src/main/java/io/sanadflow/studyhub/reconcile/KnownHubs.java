package io.sanadflow.studyhub.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.component.Backups;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.watch.HubSource;
import io.sanadflow.studyhub.watch.WatchedHub;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hubs for those who watch: read from the caches at the moment of the question. */
final class KnownHubs implements HubSource {

  private record Caches(EventSourceContext<StudyHub> context, Watches watches) {}

  private final Probing probing;
  private final HealthTokens tokens;
  private final Absences absences;
  private final Clock clock;
  private volatile @Nullable Caches caches;

  KnownHubs(Probing probing, HealthTokens tokens, Absences absences, Clock clock) {
    this.probing = probing;
    this.tokens = tokens;
    this.absences = absences;
    this.clock = clock;
  }

  void start(EventSourceContext<StudyHub> context, Watches watches) {
    caches = new Caches(context, watches);
  }

  @Override
  public List<WatchedHub> all() {
    Caches known = caches;
    return known == null
        ? List.of()
        : known
            .context()
            .getPrimaryCache()
            .list(it -> it.getSpec() != null)
            .map(it -> watched(known, it))
            .sorted(Comparator.comparing(WatchedHub::namespace).thenComparing(WatchedHub::name))
            .toList();
  }

  @Override
  public Optional<WatchedHub> find(String namespace, String name) {
    Caches known = caches;
    return known == null
        ? Optional.empty()
        : known
            .context()
            .getPrimaryCache()
            .get(new ResourceID(name, namespace))
            .filter(it -> it.getSpec() != null)
            .map(it -> watched(known, it));
  }

  @Override
  public boolean opens(Hub hub, String token) {
    return tokens.isOf(hub, token);
  }

  private WatchedHub watched(Caches known, StudyHub hub) {
    Probing.Look look = probing.look(ResourceID.fromResource(hub));
    return new WatchedHub(
        hub,
        look.hub(),
        look.report(),
        look.asked(),
        Backups.newestStatus(known.watches().backups(hub), BackupType.DUMP),
        absences.known(),
        clock.instant());
  }
}
