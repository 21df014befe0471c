package io.sanadflow.studyhub.status;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.component.AppComponent;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Span;
import io.sanadflow.studyhub.pki.CertificateFacts;
import io.sanadflow.studyhub.pki.Signed;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rest of the status: what serves, where, with which certificates, on which memory. */
public final class StatusSummary {

  private StatusSummary() {}

  /**
   * The complete status.
   *
   * @param absences when no operator ran
   */
  public static StudyHubStatus of(
      Hub hub,
      Optional<Material> material,
      Observed observed,
      List<Condition> conditions,
      Optional<StudyHubStatus> before,
      List<Span> absences) {
    return new StudyHubStatus(
        hub.generation(),
        StatusBuilder.health(conditions),
        conditions,
        app(hub, observed, before),
        database(hub, observed, before),
        material.map(StatusSummary::certificates).orElse(null),
        BudgetSummary.of(hub, observed, before),
        BackupSummary.backup(hub, observed, before),
        BackupSummary.store(hub, observed, before),
        StorageSummary.storage(hub, observed, before),
        StorageSummary.offload(hub, observed, before),
        UptimeSummary.uptime(hub, observed, before, absences),
        // Comes last, since it is about the rest.
        before.map(StudyHubStatus::notifications).orElse(null));
  }

  /** How a hub fares that is suspended and has pods yet. */
  public static Health stops() {
    return new Health(
        Optional.empty(), Serving.NO, Phase.PROGRESSING, "Stopping", "the hub's pods are ending");
  }

  /** How a hub fares of which an object was written or deleted in this very pass. */
  public static Health written() {
    return new Health(
        Optional.empty(),
        Serving.UNKNOWN,
        Phase.PROGRESSING,
        "Applied",
        "objects were changed; waiting to see what comes of it");
  }

  /** The image is that of pods that serve, not the one that is wanted. */
  private static StudyHubStatus.App app(
      Hub hub, Observed observed, Optional<StudyHubStatus> before) {
    List<String> images =
        observed.pods(AppComponent.NAME).stream()
            .filter(it -> it.getStatus() != null && it.getStatus().getContainerStatuses() != null)
            .flatMap(it -> it.getStatus().getContainerStatuses().stream())
            .filter(it -> it.getName().equals("app") && Boolean.TRUE.equals(it.getReady()))
            .map(it -> shown(hub, it.getImage()))
            .distinct()
            .sorted()
            .toList();
    Integer ready =
        observed
            .deployment(hub.names().app())
            .map(it -> it.getStatus() == null ? null : it.getStatus().getReadyReplicas())
            .orElse(0);
    String last = before.map(StudyHubStatus::app).map(StudyHubStatus.App::image).orElse(null);
    return new StudyHubStatus.App(
        images.isEmpty() ? last : String.join(", ", images),
        ready == null ? 0 : ready,
        "http://" + hub.names().host(hub.names().app()));
  }

  /** Runtimes write docker.io/library/x:1 for x:1; people see what they wrote. */
  private static String shown(Hub hub, String image) {
    return image.endsWith("/" + hub.app().image()) ? hub.app().image() : image;
  }

  private static StudyHubStatus.Database database(
      Hub hub, Observed observed, Optional<StudyHubStatus> before) {
    String last =
        before.map(StudyHubStatus::database).map(StudyHubStatus.Database::version).orElse(null);
    String version =
        observed
            .report()
            .database()
            .flatMap(Answer::facts)
            .map(DatabaseFacts::version)
            .orElse(last);
    String endpoint =
        hub.database()
            .external()
            .map(it -> it.host() + ":" + it.port())
            .orElseGet(() -> hub.names().host(hub.names().database()) + ":5432");
    return new StudyHubStatus.Database(version, endpoint);
  }

  private static StudyHubStatus.Certificates certificates(Material material) {
    Instant first =
        material.certificates().stream()
            .map(it -> it.facts().notAfter())
            .min(Instant::compareTo)
            .orElseThrow();
    return new StudyHubStatus.Certificates(
        material
            .authorityKey()
            .map(Signed::facts)
            .orElseGet(() -> CertificateFacts.read(material.authority()))
            .notAfter()
            .toString(),
        first.toString());
  }
}
