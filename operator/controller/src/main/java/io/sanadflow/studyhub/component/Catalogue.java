package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupStatus;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.backup.Verification;
import io.sanadflow.studyhub.component.AgentRuns.Ended;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The StudyHubBackups of a hub: one for each backup in the store, one for each run that failed, and
 * those of people. They say what is there; deleting one deletes nothing in the store.
 */
public final class Catalogue {

  /**
   * What should be.
   *
   * @param present with their status; those that are there as they should be among them
   * @param gone those that are there and should not be
   */
  public record Wish(List<StudyHubBackup> present, List<StudyHubBackup> gone) {}

  /** A failure is told for this long after a backup has succeeded again. */
  private static final Duration FAILURE_TOLD = Duration.ofDays(7);

  private static final int MOST_FAILURES = 10;

  /** A report that is shorter has lost nothing of its catalogue: it loses a tenth at a time. */
  private static final int SURELY_WHOLE = ReportCodec.MOST_BYTES * 3 / 4;

  private final Hub hub;
  private final Observed observed;
  private final Map<String, StudyHubBackup> there = new HashMap<>();

  /** When the newest run that listed the store began, which is when it did so. */
  private Instant looked = Instant.EPOCH;

  private final List<StudyHubBackup> present = new ArrayList<>();
  private final List<StudyHubBackup> gone = new ArrayList<>();

  private Catalogue(Hub hub, Observed observed) {
    this.hub = hub;
    this.observed = observed;
    observed.backups().forEach(it -> there.put(it.getMetadata().getName(), it));
  }

  /**
   * What there should be.
   *
   * @param trouble what keeps the operator from acting on the hub at all, for people
   */
  public static Wish of(Hub hub, Observed observed, Optional<String> trouble) {
    Catalogue catalogue = new Catalogue(hub, observed);
    List<Ended> ended = observed.ended();
    // The newest that looked: what an older one has listed is over.
    Optional<Ended> newest =
        ended.stream().filter(it -> it.report().catalogue() != null).findFirst();
    Optional<Report> looked = newest.map(Ended::report);
    newest.ifPresent(it -> catalogue.looked = AgentRuns.begun(observed, it));
    Map<String, Entry> entries = new HashMap<>();
    looked.map(Report::catalogue).orElse(List.of()).forEach(it -> entries.put(it.key(), it));
    Set<String> asked = catalogue.asked(ended, entries, looked, trouble);
    catalogue.stored(entries, asked, looked);
    catalogue.failures(ended);
    return new Wish(List.copyOf(catalogue.present), List.copyOf(catalogue.gone));
  }

  /** Those of people; their keys need no other object. */
  private Set<String> asked(
      List<Ended> ended,
      Map<String, Entry> entries,
      Optional<Report> looked,
      Optional<String> trouble) {
    Set<String> keys = new HashSet<>();
    AskedBackups told = new AskedBackups(hub, observed, ended, trouble);
    for (StudyHubBackup backup : observed.backups()) {
      if (Labels.ours(backup) || backup.getMetadata().getDeletionTimestamp() != null) {
        continue;
      }
      StudyHubBackupStatus status = told.status(backup, entries);
      boolean pruned =
          status.key() != null
              && !entries.containsKey(status.key())
              && looked.filter(it -> missing(it, backup, status)).isPresent();
      boolean failedLongAgo =
          status.key() == null && BackupStatuses.is(backup, "False") && forgotten(failedAt(backup));
      if (pruned || failedLongAgo) {
        gone.add(backup);
        continue;
      }
      if (status.key() != null) {
        keys.add(status.key());
      }
      present.add(BackupStatuses.with(backup, status));
    }
    return keys;
  }

  private void stored(Map<String, Entry> entries, Set<String> asked, Optional<Report> looked) {
    for (Entry entry : entries.values()) {
      String name = hub.names().hub() + "-" + entry.slug();
      Optional<StudyHubBackup> is = Optional.ofNullable(there.get(name));
      if (asked.contains(entry.key()) || is.filter(it -> !Labels.ours(it)).isPresent()) {
        continue;
      }
      StudyHubBackup backup = is.orElseGet(() -> named(name, entry.type()));
      present.add(BackupStatuses.with(backup, BackupStatuses.of(entry, backup)));
    }
    for (StudyHubBackup backup : observed.backups()) {
      StudyHubBackupStatus status = backup.getStatus();
      if (Labels.ours(backup) && status != null && status.key() != null) {
        boolean pruned =
            !entries.containsKey(status.key())
                && looked.filter(it -> missing(it, backup, status)).isPresent();
        if (asked.contains(status.key()) || pruned) {
          gone.add(backup);
        }
      }
    }
  }

  /** Whether a report that does not list a backup says that it is not there. */
  private boolean missing(Report looked, StudyHubBackup backup, StudyHubBackupStatus status) {
    Instant taken = BackupStatuses.instant(status.time()).orElse(Instant.EPOCH);
    // A run lists what is there when it begins, and knows nothing of what another made meanwhile.
    if (!stored(backup, status).orElse(taken).isBefore(this.looked)) {
      return false;
    }
    Optional<Instant> oldest =
        Optional.ofNullable(looked.catalogue()).orElse(List.of()).stream()
            .map(Entry::time)
            .min(Comparator.naturalOrder());
    boolean within = oldest.filter(it -> !taken.isBefore(it)).isPresent();
    return within || whole(looked) || taken.isBefore(looked.finished().minus(longestKept()));
  }

  /** When a backup was there for certain: as its own Job said, or when another's list had it. */
  private static Optional<Instant> stored(StudyHubBackup backup, StudyHubBackupStatus status) {
    return Labels.ours(backup)
        ? BackupStatuses.instant(backup.getMetadata().getCreationTimestamp())
        : BackupStatuses.since(status);
  }

  private static boolean whole(Report looked) {
    return ReportCodec.json(looked).length() <= ReportCodec.MOST_BYTES
        || ReportCodec.encode(looked).length() <= SURELY_WHOLE;
  }

  /** No backup stays longer in the store, but for the last one that is proven. */
  private Duration longestKept() {
    return hub.backup()
        .map(Hub.Backup::retention)
        .map(it -> it.days() + Math.max(it.weekly() * 7, it.monthly() * 31) + 2)
        .map(Duration::ofDays)
        .orElse(Duration.ofDays(3650));
  }

  /** The scheduled runs that failed: those that are known, and those that have just ended. */
  private void failures(List<Ended> ended) {
    Map<String, StudyHubBackup> failures = new HashMap<>();
    for (StudyHubBackup backup : observed.backups()) {
      StudyHubBackupStatus status = backup.getStatus();
      if (Labels.ours(backup) && (status == null || status.key() == null)) {
        failures.put(backup.getMetadata().getName(), backup);
      }
    }
    Set<String> asked = new HashSet<>();
    observed.backups().stream()
        .filter(it -> !Labels.ours(it))
        .forEach(it -> asked.add(BackupComponent.onDemandName(hub, it)));
    Set<String> told = new HashSet<>();
    for (Ended run : ended) {
      // Newest first: of the pods of one Job the last one tells how it ended.
      boolean failed = observed.job(run.job()).filter(it -> Workloads.is(it, "Failed")).isPresent();
      boolean ours = run.run().equals("backup") && !asked.contains(run.job());
      // The Job of a run that was told of is there yet, its pod is not.
      boolean known =
          !run.reported()
              && failures.values().stream().anyMatch(it -> !failedAt(it).isBefore(run.begun()));
      if (ours && failed && !known && told.add(run.job()) && !run.report().succeeded()) {
        String name = hub.names().hub() + "-failed-" + slug(run.report().finished());
        StudyHubBackup backup =
            Optional.ofNullable(there.get(name)).orElseGet(() -> named(name, type(run.report())));
        failures.put(
            name, BackupStatuses.with(backup, BackupStatuses.failed(run.report(), backup)));
      }
    }
    List<StudyHubBackup> newest =
        failures.values().stream()
            .sorted(Comparator.comparing((StudyHubBackup it) -> failedAt(it)).reversed())
            .toList();
    for (int i = 0; i < newest.size(); i++) {
      StudyHubBackup failure = newest.get(i);
      boolean stays = i < MOST_FAILURES && !forgotten(failedAt(failure));
      if (stays && failure.getStatus() != null) {
        present.add(failure);
      } else if (!stays && there.containsKey(failure.getMetadata().getName())) {
        gone.add(there.get(failure.getMetadata().getName()));
      }
    }
  }

  /** Whether a failure of long ago was made good by a backup since. */
  private boolean forgotten(Instant failed) {
    boolean madeGood =
        present.stream()
            .filter(it -> BackupStatuses.is(it, "True"))
            .flatMap(it -> BackupStatuses.instant(it.getStatus().time()).stream())
            .anyMatch(it -> it.isAfter(failed));
    return madeGood && failed.isBefore(observed.now().minus(FAILURE_TOLD));
  }

  private static Instant failedAt(StudyHubBackup backup) {
    return Optional.ofNullable(backup.getStatus())
        .flatMap(BackupStatuses::since)
        .or(() -> BackupStatuses.instant(backup.getMetadata().getCreationTimestamp()))
        .orElse(Instant.MAX);
  }

  private static BackupType type(Report report) {
    boolean dumped = report.made().stream().anyMatch(it -> it.type() == BackupType.DUMP);
    return dumped ? BackupType.BASE : BackupType.DUMP;
  }

  private static String slug(Instant time) {
    return new Entry(BackupType.DUMP, "", time, 0, 0, Verification.STORED)
        .slug()
        .substring("dump-".length());
  }

  private StudyHubBackup named(String name, BackupType type) {
    StudyHubBackup backup = new StudyHubBackup();
    backup.setMetadata(Metadata.owned(hub, name, AgentPods.COMPONENT).build());
    backup.setSpec(
        new StudyHubBackupSpec(
            new NameRef(hub.names().hub()),
            type == BackupType.BASE ? StudyHubBackupSpec.Type.BASE : StudyHubBackupSpec.Type.DUMP));
    return backup;
  }
}
