package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.MediaFile;
import io.sanadflow.studyhub.backup.RetentionPolicy;
import io.sanadflow.studyhub.backup.WalBatch;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Deletes in one archive what retention no longer keeps: manifests first, so that what is half
 * deleted is no backup; then what no backup names any more.
 */
final class Pruning {

  /** A run ends long before that, so what is older and named by nothing is of none that lives. */
  private static final Duration STRAY = Duration.ofHours(48);

  private static final Duration ABANDONED = Duration.ofHours(24);

  private final AgentContext context;
  private final Archive archive;
  private final boolean dryRun;
  private final RetentionPolicy policy;
  private final Instant now;
  private final List<String> keys = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * What was done, or would be.
   *
   * @param left the catalogue without what is deleted
   * @param log the archived log that is left; empty for an archive without base backups
   * @param backups how many backups were deleted
   * @param keys of all objects that were
   * @param notes what was not done and why, as sentences
   */
  record Result(
      Catalogue left, List<WalBatch> log, int backups, List<String> keys, List<String> notes) {}

  private Pruning(AgentContext context, Archive archive, boolean local, boolean dryRun) {
    this.context = context;
    this.archive = archive;
    this.dryRun = dryRun;
    this.policy = new RetentionPolicy(context.config().retention(), local);
    this.now = context.now();
  }

  /**
   * Prunes an archive.
   *
   * @param local whether it is the local volume
   * @param dryRun whether nothing is deleted
   */
  static Result run(
      AgentContext context, Archive archive, Catalogue catalogue, boolean local, boolean dryRun)
      throws IOException {
    return new Pruning(context, archive, local, dryRun).run(catalogue);
  }

  private Result run(Catalogue catalogue) throws IOException {
    Optional<Entry> bad = RetentionPolicy.bad(catalogue.entries());
    if (bad.isPresent()) {
      notes.add(
          "Nothing is deleted in %s while its newest backup, %s, is %s: older ones may be all there is."
              .formatted(
                  archive.name(),
                  bad.get().key(),
                  bad.get().verification().name().toLowerCase(Locale.ROOT)));
      return new Result(catalogue, batches(catalogue), 0, List.of(), List.copyOf(notes));
    }
    Set<Entry> obsolete = new HashSet<>(policy.obsolete(catalogue.entries(), now));
    // What cannot be read may be of a later version, and is not ours to judge.
    List<Catalogue.Known> gone =
        catalogue.backups().stream()
            .filter(it -> it.manifest() != null && obsolete.contains(it.entry()))
            .toList();
    Catalogue left = catalogue.without(gone);
    delete(gone.stream().map(it -> it.keys().get(0)).toList());
    delete(gone.stream().flatMap(it -> it.keys().stream().skip(1)).toList());
    delete(
        catalogue.strays().stream()
            .filter(it -> it.time().isBefore(now.minus(STRAY)))
            .map(ObjectStore.Stored::key)
            .toList());
    if (gone.stream().anyMatch(it -> it.entry().type() == BackupType.DUMP)) {
      sweepMedia(left);
    }
    List<WalBatch> log = log(left);
    if (!dryRun) {
      abortAbandoned();
    }
    return new Result(left, log, gone.size(), List.copyOf(keys), List.copyOf(notes));
  }

  private void delete(Collection<String> some) throws IOException {
    if (!some.isEmpty() && !dryRun) {
      archive.store().delete(some);
    }
    keys.addAll(some);
  }

  private void sweepMedia(Catalogue left) throws IOException {
    // Once encryption is turned on, the same content is there by two keys.
    ContentSums plain = new ContentSums();
    ContentSums sealed = new ContentSums();
    try {
      Optional<Encryption> encryption = context.encryption();
      for (Catalogue.Known dump : left.of(BackupType.DUMP)) {
        Manifest manifest = dump.manifest();
        if (manifest == null) {
          throw new IOException(dump.keys().get(0) + " cannot be read");
        }
        ContentSums named = manifest.encrypted() ? sealed : plain;
        try (MediaList.Reader list = MediaList.read(archive, manifest, encryption)) {
          for (Optional<MediaFile> it = list.next(); it.isPresent(); it = list.next()) {
            String sum = it.get().sha256();
            if (sum != null && !ContentSums.isSum(sum)) {
              throw new IOException(manifest.key() + ": its media list is damaged");
            }
            Stream.ofNullable(sum).forEach(named::add);
          }
        }
      }
    } catch (IOException unreadable) {
      notes.add(
          "No media content is deleted in "
              + archive.name()
              + ", since not every list that may name it can be read: "
              + unreadable.getMessage());
      return;
    }
    List<String> unnamed = new ArrayList<>();
    archive
        .store()
        .each(
            archive.layout().media(),
            content -> {
              String sum = MediaStep.sum(content.key());
              ContentSums named = content.key().endsWith(Layout.ENCRYPTED) ? sealed : plain;
              // What has another name is not of a backup, and not ours to judge.
              if (ContentSums.isSum(sum)
                  && !named.contains(sum)
                  && content.time().isBefore(now.minus(STRAY))) {
                unnamed.add(content.key());
              }
            });
    delete(unnamed);
  }

  private List<WalBatch> batches(Catalogue left) throws IOException {
    return left.of(BackupType.BASE).isEmpty()
        ? List.of()
        : archive.store().list(archive.layout().wal()).stream()
            .flatMap(it -> WalBatch.parse(it.key()).stream())
            .toList();
  }

  private List<WalBatch> log(Catalogue left) throws IOException {
    List<WalBatch> log = batches(left);
    // A base backup that is damaged or unreadable may be mended; its log stays until it goes.
    boolean allWhole = left.wholeBases().size() == left.of(BackupType.BASE).size();
    List<WalBatch> obsolete =
        allWhole ? policy.obsoleteLog(left.wholeBases(), log, now) : List.of();
    delete(obsolete.stream().map(WalBatch::key).toList());
    List<WalBatch> kept = new ArrayList<>(log);
    kept.removeAll(new HashSet<>(obsolete));
    return List.copyOf(kept);
  }

  private void abortAbandoned() throws IOException {
    Layout layout = archive.layout();
    for (String under :
        List.of(
            layout.backups(BackupType.DUMP),
            layout.backups(BackupType.BASE),
            layout.media(),
            layout.wal())) {
      int aborted = archive.store().abortAbandoned(under, now.minus(ABANDONED));
      if (aborted > 0) {
        context.step("%d abandoned uploads beneath %s were aborted", aborted, under);
      }
    }
  }
}
