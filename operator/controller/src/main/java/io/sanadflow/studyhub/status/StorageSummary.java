package io.sanadflow.studyhub.status;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.component.Backups;
import io.sanadflow.studyhub.component.MediaPlace;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Offload;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the status says of volumes and of media that move: from the newest reports of agents, and
 * what the status said before of reports that have gone since.
 */
final class StorageSummary {

  private StorageSummary() {}

  static StudyHubStatus.@Nullable Storage storage(
      Hub hub, Observed observed, Optional<StudyHubStatus> before) {
    if (!hub.backsUp()) {
      return null;
    }
    return observed.ended().stream()
        .map(it -> it.report().storage())
        .filter(Objects::nonNull)
        .findFirst()
        .map(it -> storage(hub, it))
        .or(() -> before.map(StudyHubStatus::storage))
        .orElse(null);
  }

  private static StudyHubStatus.Storage storage(Hub hub, Report.Storage storage) {
    String used = band(storage.bytes());
    return new StudyHubStatus.Storage(
        hub.offload().map(Offload::threshold).map(it -> used + "/" + Backups.size(it)).orElse(used),
        volume(storage, Report.Volume.DATABASE),
        volume(storage, Report.Volume.MEDIA),
        volume(storage, Report.Volume.COPIES),
        Optional.ofNullable(storage.thresholdOn()).map(LocalDate::toString).orElse(null),
        storage.volumes().stream()
            .map(Report.Volume::fullOn)
            .filter(Objects::nonNull)
            .min(LocalDate::compareTo)
            .map(LocalDate::toString)
            .orElse(null));
  }

  private static @Nullable String volume(Report.Storage storage, String name) {
    return storage.volume(name).map(it -> band(it.usedBytes())).orElse(null);
  }

  /** Two digits: a band of a hundredth to a tenth. */
  static String band(long bytes) {
    long unit = 1;
    while (bytes / unit >= 1024) {
      unit *= 1024;
    }
    long tenths = Math.round(10.0 * bytes / unit);
    long step = tenths >= 1000 ? 100 : tenths >= 100 ? 10 : 1;
    return Backups.size(Math.round((double) tenths / step) * step * unit / 10);
  }

  static StudyHubStatus.@Nullable Offload offload(
      Hub hub, Observed observed, Optional<StudyHubStatus> before) {
    if (hub.offload().isEmpty()) {
      return null;
    }
    Optional<StudyHubStatus.Offload> last = before.map(StudyHubStatus::offload);
    return MediaPlace.newest(observed)
        .map(
            it ->
                new StudyHubStatus.Offload(
                    ReportCodec.word(it.phase()),
                    // Before anything has moved there is no ledger that says since when.
                    last.filter(told -> ReportCodec.word(it.phase()).equals(told.phase()))
                        .map(StudyHubStatus.Offload::since)
                        .orElseGet(() -> it.since().truncatedTo(ChronoUnit.SECONDS).toString()),
                    message(hub, it)))
        .or(() -> last)
        .orElse(null);
  }

  private static String message(Hub hub, Report.Offload offload) {
    boolean gateway = hub.offload().flatMap(Offload::gateway).isPresent();
    String left = offload.left() == 0 ? "" : ", " + offload.left() + " files are left";
    return switch (offload.phase()) {
      case LOCAL -> "the app keeps its media on the volume";
      case COPYING -> "media are copied to the bucket while the app goes on" + left;
      case CUTTING_OVER -> "the app moves to the bucket, which has all media" + left;
      case OFFLOADED ->
          offload.files() == 0
              ? "all media are in the bucket"
              : gateway
                  ? "media are in the bucket, and files go from the volume when they have not been"
                      + " changed for spec.offload.gracePeriod; the gateway gives out both"
                      + left
                  : "all media are in the bucket; local copies go after spec.offload.gracePeriod";
      case MIRRORED -> "the bucket has what the volume has" + left;
      case RETURNING -> "media have come back to the volume, and the app moves to it" + left;
    };
  }
}
