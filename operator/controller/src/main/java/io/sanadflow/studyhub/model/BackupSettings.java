package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.BackupSpec;
import io.sanadflow.studyhub.api.v1alpha1.ObjectStoreSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import io.sanadflow.studyhub.backup.AgentConfig;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads where backups go and when they are made. */
final class BackupSettings {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final Duration YEAR = Duration.ofDays(365);

  private static final CronSchedule STAND_IN = CronSchedule.parse("0 2 * * *");

  private BackupSettings() {}

  /** The bucket; without an account or endpoint, which is a problem, that of an empty host. */
  static Hub.ObjectStore store(ObjectStoreSpec spec, Names names) {
    String endpoint =
        Optional.ofNullable(spec.endpoint())
            .orElseGet(
                () ->
                    "https://"
                        + Optional.ofNullable(spec.cloudflareAccountId()).orElse("").strip()
                        + ".r2.cloudflarestorage.com");
    return new Hub.ObjectStore(
        endpoint.replaceAll("/+$", ""),
        port(endpoint),
        spec.region(),
        spec.bucket(),
        Optional.ofNullable(spec.prefix()).orElse(names.hub()).replaceAll("^/+|/+$", ""),
        spec.credentialsSecret() == null ? "" : spec.credentialsSecret().name(),
        Optional.ofNullable(spec.caSecret()).map(it -> it.name()),
        spec.existing() == ObjectStoreSpec.Existing.ADOPT);
  }

  private static int port(String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      return uri.getPort() > 0 ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443;
    } catch (IllegalArgumentException bad) {
      return 443;
    }
  }

  /** Backups, if they are asked for, be it by naming a place for them. */
  static Optional<Hub.Backup> of(StudyHubSpec spec, Reading reading) {
    BackupSpec backup = Optional.ofNullable(spec.backup()).orElse(BackupSpec.DEFAULTS);
    boolean place = spec.objectStore() != null || backup.localVolume() != null;
    boolean ownServer = spec.database().external() == null;
    // Read in any case, so that what cannot be read is told.
    Hub.Backup read = read(backup, ownServer && place, reading);
    return spec.backup() != null || place ? Optional.of(read) : Optional.empty();
  }

  private static Hub.Backup read(BackupSpec spec, boolean archivable, Reading reading) {
    ZoneId zone = zone(spec.timeZone());
    BackupSpec.Retention kept = spec.retention();
    return new Hub.Backup(
        new Hub.Schedule(schedule(spec.schedule()), zone, spec.suspend()),
        new Hub.Schedule(
            schedule(spec.drill().schedule()), zone, spec.suspend() || spec.drill().suspend()),
        reading.duration("spec.backup.rpo", spec.rpo(), MINUTE, YEAR),
        reading.duration("spec.backup.rto", spec.rto(), MINUTE, YEAR),
        new AgentConfig.Retention(
            kept.localCopies(),
            kept.days(),
            kept.weekly(),
            kept.monthly(),
            spec.wal().retentionDays()),
        spec.wal().enabled() && archivable,
        Optional.ofNullable(spec.localVolume())
            .map(
                it ->
                    new Hub.Storage(
                        it.storage(),
                        reading.bytes(
                            "spec.backup.localVolume.storage", it.storage(), Reading.MOST_BYTES),
                        Optional.ofNullable(it.storageClassName()))),
        Optional.ofNullable(spec.encryption())
            .map(BackupSpec.Encryption::keySecret)
            .map(it -> new Hub.EncryptionKey(it.name(), it.key())));
  }

  /** One that cannot be read is a problem that {@link BackupChecks} tells. */
  private static CronSchedule schedule(String text) {
    try {
      return CronSchedule.parse(text);
    } catch (IllegalArgumentException bad) {
      return STAND_IN;
    }
  }

  private static ZoneId zone(String name) {
    // Not what else Java takes for a zone, such as GMT+8: a CronJob takes names of the IANA alone.
    return ZoneId.getAvailableZoneIds().contains(name) ? ZoneId.of(name) : ZoneOffset.UTC;
  }
}
