package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Pod;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Offload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the media of a hub are. The ledger in the bucket decides, by way of the agents' reports;
 * the claim of the media remembers it, since it lasts as long as what is on it.
 */
public final class MediaPlace {

  /** What the agents' Jobs of offload do. */
  static final String RUN = "offload";

  private MediaPlace() {}

  /** The newest report of a step that went well. */
  public static Optional<Report.Offload> newest(Observed observed) {
    return observed.ended().stream()
        .filter(it -> it.run().equals(RUN))
        .map(it -> it.report().offload())
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** Where the app is to keep its media, and since when the ledger has it so. */
  private record Place(String word, Instant since) {}

  /** What is known of the place; empty if nobody has looked yet. */
  private static Optional<Place> known(Hub hub, Observed observed) {
    ObjectKey claim = new ObjectKey("PersistentVolumeClaim", hub.names().media());
    Optional<Place> remembered =
        observed
            .annotation(claim, Labels.MEDIA)
            .map(
                it ->
                    new Place(
                        it,
                        observed
                            .annotation(claim, Labels.MEDIA_SINCE)
                            .flatMap(BackupStatuses::instant)
                            .orElse(Instant.EPOCH)));
    // A report may outlast newer ones, and must not take the app back to where it was.
    return hub.offload()
        .flatMap(it -> newest(observed))
        .map(it -> place(hub, it))
        .filter(it -> remembered.filter(last -> last.since().isAfter(it.since())).isEmpty())
        // Before anything has moved there is no ledger, and each report has a time of its own.
        .filter(it -> remembered.filter(last -> last.word().equals(it.word())).isEmpty())
        .or(() -> remembered);
  }

  private static Place place(Hub hub, Report.Offload report) {
    String away = gateway(hub) ? Labels.BEHIND_GATEWAY : Labels.IN_BUCKET;
    return new Place(
        report.phase().inBucket() ? away : Labels.ON_VOLUME,
        report.since().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Whether the app keeps to its volume, and reads through the gateway. */
  static boolean gateway(Hub hub) {
    return hub.offload().flatMap(Offload::gateway).isPresent();
  }

  /** Whether the app is to keep its media in the bucket. */
  static boolean inBucket(Hub hub, Observed observed) {
    return hub.offload().isPresent()
        && !gateway(hub)
        && known(hub, observed).filter(it -> it.word().equals(Labels.IN_BUCKET)).isPresent();
  }

  /**
   * Whether the app must not start yet: it is new here, and the bucket may be where its media are.
   * An app that runs goes on while nobody has looked, and one whose bucket cannot be asked starts.
   */
  static boolean waits(Hub hub, Observed observed) {
    return hub.offload().isPresent()
        && !gateway(hub)
        && known(hub, observed).isEmpty()
        && observed.deployment(hub.names().app()).isEmpty()
        && BackupHealth.refused(hub, observed).isEmpty()
        && !OffloadComponent.asked(hub, observed);
  }

  /** The annotations of the claim of the media: where the app keeps them. */
  static Map<String, String> annotations(Hub hub, Observed observed) {
    // A claim that was told stays told when offload leaves the spec, for it may come again.
    return known(hub, observed)
        .map(it -> Map.of(Labels.MEDIA, it.word(), Labels.MEDIA_SINCE, it.since().toString()))
        .orElse(Map.of());
  }

  /** Whether every pod of the app, be it on its way out, keeps media where it is to keep them. */
  static boolean settled(Hub hub, Observed observed) {
    boolean bucket = inBucket(hub, observed);
    return observed.pods().stream()
        .filter(it -> AppComponent.NAME.equals(label(it, Labels.COMPONENT).orElse("")))
        .filter(it -> !ended(it))
        .allMatch(
            it -> label(it, Labels.MEDIA).filter(Labels.IN_BUCKET::equals).isPresent() == bucket);
  }

  private static Optional<String> label(Pod pod, String label) {
    return Optional.ofNullable(pod.getMetadata().getLabels()).map(it -> it.get(label));
  }

  private static boolean ended(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }
}
