package io.sanadflow.studyhub.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.component.AuthorityComponent;
import io.sanadflow.studyhub.component.BackupDue;
import io.sanadflow.studyhub.component.BackupHealth;
import io.sanadflow.studyhub.component.CertificateHealth;
import io.sanadflow.studyhub.component.Component;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.References;
import io.sanadflow.studyhub.model.References.Reference;
import io.sanadflow.studyhub.model.Resolver;
import io.sanadflow.studyhub.model.Resolver.Resolution;
import io.sanadflow.studyhub.notify.Sender;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.status.StatusBuilder;
import io.sanadflow.studyhub.status.StatusBuilder.Obstacle;
import io.sanadflow.studyhub.status.StatusSummary;
import io.sanadflow.studyhub.watch.HubSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings a hub from what it is to what its spec says, one step a visit, and writes its status. */
@ControllerConfiguration(name = "studyhub", fieldManager = Labels.OPERATOR)
public final class StudyHubReconciler implements Reconciler<StudyHub> {

  /** What was refused is tried again after this time: a quota may have grown, an API have come. */
  private static final Duration RETRY_REFUSED = Duration.ofSeconds(30);

  /** What was written is looked at again after this time, should no event of it come. */
  private static final Duration AFTER_WRITE = Duration.ofSeconds(1);

  private final Surroundings surroundings;
  private final Applier applier;
  private final Materials materials;
  private final Probing probing;
  private final EventRecorder events;
  private final StatusBuilder statuses;
  private final OwnedFields fields;
  private final WrittenStatuses written = new WrittenStatuses();
  private final OperatorPod operator;
  private final Clock clock;
  private final Restores restores;
  private final BackupObjects backups;
  private final KnownHubs known;
  private final Absences absences;
  private final HealthTokens tokens;
  private final Notifying notifying;
  private final IngressCertificates ingresses;
  private @Nullable Watches watches;

  /**
   * Wires the parts.
   *
   * @param certificateLifetime of the certificates inside hubs
   * @param operator the operator's own pod
   * @param absences when no operator ran
   * @param sender of what hubs tell people
   */
  public StudyHubReconciler(
      KubernetesClient client,
      HubProbe probe,
      Clock clock,
      Duration certificateLifetime,
      OperatorPod operator,
      Absences absences,
      Sender sender) {
    this.fields = new OwnedFields(new ObjectMapper());
    this.surroundings = new Surroundings(client, clock);
    this.applier = new Applier(client, fields);
    this.materials = new Materials(clock, certificateLifetime);
    this.probing = new Probing(probe, clock);
    this.absences = absences;
    this.tokens = new HealthTokens(surroundings, clock);
    this.known = new KnownHubs(probing, tokens, absences, clock);
    this.events = new EventRecorder(client, clock, operator.name());
    this.statuses = new StatusBuilder(clock);
    this.operator = operator;
    this.clock = clock;
    this.restores = new Restores(client, probe, clock, events);
    this.backups = new BackupObjects(client);
    this.ingresses = new IngressCertificates(surroundings);
    this.notifying = new Notifying(sender, surroundings, events, clock);
  }

  /** A cache for the StudyHubs themselves, of one informer: see {@link Watches}. */
  public ItemStore<StudyHub> store() {
    return new ReducedItemStore<>(fields);
  }

  /** The hubs for those who watch; none before the caches are filled. */
  public HubSource hubs() {
    return known;
  }

  @Override
  public List<EventSource<?, StudyHub>> prepareEventSources(EventSourceContext<StudyHub> context) {
    watches = new Watches(context, fields);
    known.start(context, watches);
    List<EventSource<?, StudyHub>> sources = new ArrayList<>(watches.sources());
    sources.add(probing);
    sources.add(notifying);
    sources.add(restores.missingHubs(context, watches, backups));
    sources.add(new Departures(this::forget));
    return sources;
  }

  @Override
  public UpdateControl<StudyHub> reconcile(StudyHub studyHub, Context<StudyHub> context) {
    String namespace = studyHub.getMetadata().getNamespace();
    Watches watches = Objects.requireNonNull(this.watches);
    context.getRetryInfo().ifPresent(it -> written.forget(studyHub));
    Resolution resolution = Resolver.resolve(studyHub, Surroundings.facts(watches, namespace));
    Hub hub = resolution.hub();
    List<Obstacle> obstacles = new ArrayList<>();
    resolution.problems().stream()
        .map(it -> new Obstacle(it.reason(), it.toString()))
        .forEach(obstacles::add);

    Optional<Material> material = surroundings.material(hub, materials, watches);
    // The operator has just started: what it knew stands until the parts have answered, in seconds.
    // Looked at before the answers are, since the first ones may come at any moment after.
    boolean stands =
        material.isPresent()
            && Optional.ofNullable(studyHub.getStatus()).map(StudyHubStatus::conditions).isPresent()
            && !probing.asked(ResourceID.fromResource(studyHub));
    Observed observed = observe(watches, studyHub, hub, material);
    boolean goesOn = obstacles.isEmpty() && !leaving(studyHub);
    List<StudyHubRestore> asked = watches.restores(studyHub);
    if (goesOn && material.isPresent()) {
      observed = observed.with(restores.step(hub, material.get(), observed, asked));
    }
    Pass pass = new Pass(applier, surroundings, hub, observed, obstacles);
    if (goesOn) {
      pass.apply(material);
    }
    if (!leaving(studyHub)) {
      backups.write(hub, observed, pass.obstacles().stream().map(Obstacle::message).findFirst());
    }
    if (stands) {
      return UpdateControl.<StudyHub>noUpdate().rescheduleAfter(Duration.ofSeconds(15));
    }
    return status(studyHub, material, pass, restores.soon(hub, asked, observed.restoring()));
  }

  private static boolean leaving(StudyHub studyHub) {
    return studyHub.getMetadata().getDeletionTimestamp() != null;
  }

  private Observed observe(
      Watches watches, StudyHub studyHub, Hub hub, Optional<Material> material) {
    List<String> readAtStart =
        References.of(studyHub.getSpec()).stream()
            .filter(Reference::restarts)
            .map(Reference::secret)
            // The hub's own are in the hash of what the operator gives the pods already.
            .filter(it -> !hub.names().secrets().contains(it))
            .toList();
    Observed unasked =
        new Observed(
                surroundings.withCertificates(hub, watches.objects(studyHub)),
                watches.pods(studyHub),
                ProbeReport.NONE,
                surroundings.apis(hub),
                Surroundings.digest(watches, hub, readAtStart),
                Surroundings.storeDigest(watches, hub),
                operator.namespace(),
                operator.image(),
                watches.backups(studyHub),
                clock.instant())
            .after(written.of(studyHub));
    ResourceID id = ResourceID.fromResource(studyHub);
    ProbeReport report =
        material
            .map(it -> probing.report(id, ProbePlan.of(hub, it, unasked.with(probing.latest(id)))))
            .orElseGet(() -> probing.latest(id));
    return unasked.with(report);
  }

  private UpdateControl<StudyHub> status(
      StudyHub studyHub, Optional<Material> material, Pass pass, boolean restores) {
    Hub hub = pass.hub();
    Observed observed = pass.observed();
    Watches watches = Objects.requireNonNull(this.watches);
    List<Health> healths = new ArrayList<>();
    Component.ALL.forEach(it -> it.health(hub, observed).ifPresent(healths::add));
    if (hub.suspended() && observed.running()) {
      healths.add(StatusSummary.stops());
    }
    if (pass.wrote()) {
      // What was observed is what was there before, and says nothing of what was written since.
      healths.add(StatusSummary.written());
    }
    if (material.isEmpty() && observed.apis().contains(AuthorityComponent.CERT_MANAGER)) {
      healths.add(Issuance.of(hub, watches, surroundings));
    }
    Optional<StudyHubStatus> before = written.of(studyHub);
    var certificates = CertificateHealth.terms(hub, material, ingresses.of(hub, watches));
    CertificateHealth.of(certificates, observed.now()).ifPresent(healths::add);
    notifying.health(studyHub, hub, watches, before).ifPresent(healths::add);
    var conditions = statuses.conditions(hub, healths, pass.obstacles(), before);
    StudyHubStatus drafted =
        StatusSummary.of(hub, material, observed, conditions, before, absences.known());
    // The condition tells the worst; what is less bad is no less true.
    healths.addAll(BackupHealth.all(hub, observed));
    Notifying.Told told = notifying.step(studyHub, hub, watches, drafted, healths);
    StudyHubStatus after = drafted.with(told.status());
    UpdateControl<StudyHub> control = UpdateControl.noUpdate();
    if (!before.equals(Optional.of(after)) && !leaving(studyHub)) {
      events.transitions(studyHub, before, conditions);
      events.moves(studyHub, before, after);
      notifying.transitions(studyHub, before, after);
      written.write(studyHub, after);
      StudyHub patch = new StudyHub();
      patch.setMetadata(
          new ObjectMetaBuilder()
              .withName(studyHub.getMetadata().getName())
              .withNamespace(studyHub.getMetadata().getNamespace())
              .build());
      patch.setStatus(after);
      control = UpdateControl.patchStatus(patch);
    }
    boolean lacksApi = healths.stream().anyMatch(it -> it.reason().equals(Health.API_MISSING));
    Duration again =
        pass.refused() || lacksApi
            ? RETRY_REFUSED
            : pass.wrote() || restores
                ? AFTER_WRITE
                : material
                    .map(it -> materials.untilRenewal(hub, it))
                    .orElseGet(() -> Issuance.lookAgain(statuses.sinceReady(conditions)));
    Duration due =
        Stream.of(
                told.again(),
                CertificateHealth.next(certificates, observed.now())
                    .map(it -> Duration.between(observed.now(), it)))
            .flatMap(Optional::stream)
            .reduce(BackupDue.sooner(again, hub, observed), (a, b) -> a.compareTo(b) < 0 ? a : b);
    return control.rescheduleAfter(due);
  }

  private void forget(StudyHub gone) {
    probing.forget(ResourceID.fromResource(gone));
    materials.forget(gone.getMetadata().getUid());
    written.forget(gone);
    notifying.forget(gone);
    ingresses.forget(gone.getMetadata().getUid());
    restores.forget(gone.getMetadata().getUid());
    tokens.forget(gone.getMetadata().getUid());
  }
}
