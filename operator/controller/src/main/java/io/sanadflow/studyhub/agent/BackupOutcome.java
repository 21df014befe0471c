package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a run of backups came to, gathered as it goes. */
final class BackupOutcome {

  private final List<Entry> made = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable String reason;
  private @Nullable List<Entry> catalogue;
  private int pruned;
  private Report.@Nullable Wal wal;

  /** A backup was made. */
  void made(Manifest manifest) {
    made.add(manifest.entry(Verification.STORED));
    Manifest.Dump dump = manifest.dump();
    told.add(
        dump == null
            ? String.format(
                Locale.ROOT,
                "A base backup of %,d bytes in %d s.",
                manifest.bytes(),
                manifest.seconds())
            : String.format(
                Locale.ROOT,
                "A dump of %,d bytes with %,d rows in %d tables and %,d media files in %d s.",
                manifest.bytes(),
                dump.rows().values().stream().mapToLong(Long::longValue).sum(),
                dump.rows().size(),
                dump.mediaFiles(),
                manifest.seconds()));
  }

  boolean hasMade() {
    return !made.isEmpty();
  }

  /** Something failed; the first reason is the one that is told. */
  void fail(String reason, String message) {
    this.reason = this.reason == null ? reason : this.reason;
    failures.add(message);
  }

  /** Sentences about what is no failure. */
  void note(List<String> sentences) {
    notes.addAll(sentences);
  }

  void catalogue(List<Entry> catalogue) {
    this.catalogue = catalogue;
  }

  void pruned(int pruned) {
    this.pruned = pruned;
  }

  void wal(Report.Wal wal) {
    this.wal = wal;
  }

  /** All of it, failures first. */
  Report report(Instant finished) {
    List<String> sentences =
        Stream.of(failures, told, notes)
            .flatMap(List::stream)
            .map(it -> it.endsWith(".") || it.endsWith(":") ? it : it + ".")
            .toList();
    return new Report(
        reason == null,
        Optional.ofNullable(reason).orElse("Succeeded"),
        String.join(" ", sentences),
        finished,
        List.copyOf(made),
        catalogue,
        pruned,
        null,
        wal,
        null);
  }

  /** The keys of a backup's objects, the manifest first. */
  static List<String> keys(Manifest manifest) {
    Manifest.Dump dump = manifest.dump();
    String stem = manifest.key().replaceAll("\\.(dump|tar\\.gz)(\\.age)?$", "");
    return Stream.concat(
            Stream.of(stem + ".json", manifest.key()),
            dump == null
                ? Stream.of()
                : Stream.of(dump.rolesKey(), dump.mediaKey()).flatMap(Stream::ofNullable))
        .toList();
  }
}
