package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes archived log out of the spool into the store, in batches without a gap. What is in a batch
 * leaves the spool only once the batch is stored.
 */
final class WalPush {

  /** The most of one batch: a request per batch, and what a broken upload has to send again. */
  private static final int MOST_FILES = 64;

  private static final long MOST_BYTES = 64L << 20;

  private final AgentContext context;
  private final Archive archive;
  private final Spool spool;
  private final Optional<Encryption> encryption;

  /**
   * What was pushed.
   *
   * @param files how many
   * @param batches in how many batches
   * @param until when the last of them was archived; null if there was none
   */
  record Pushed(int files, int batches, @Nullable Instant until) {}

  private WalPush(AgentContext context) throws IOException {
    this.context = context;
    this.archive = context.archive();
    this.spool = new Spool(context.files().spool());
    this.encryption = context.encryption();
  }

  /**
   * Pushes all that is in the spool. An empty spool costs no request.
   *
   * @throws AgentException WalSegmentSize, WalUnreadable, ArchiveOfAnother
   */
  static Pushed push(AgentContext context) throws IOException {
    return new WalPush(context).push();
  }

  private Pushed push() throws IOException {
    List<Spool.File> files = spool.files();
    if (files.isEmpty()) {
      return new Pushed(0, 0, null);
    }
    // A history or label alone does not tell its system: it waits for the next segment.
    Optional<String> system = spool.system(files);
    if (system.isEmpty()) {
      context.step("the spool holds no segment yet, but %d other files", files.size());
      return new Pushed(0, 0, null);
    }
    OwnerCheck.claim(context, archive, system.get());
    int batches = 0;
    Instant until = null;
    for (List<Spool.File> batch : batches(files)) {
      Instant archived = store(system.get(), batch);
      until = until == null || archived.isAfter(until) ? archived : until;
      batches++;
    }
    return new Pushed(files.size(), batches, until);
  }

  /** Parts without a gap, each small enough; what is no segment goes with the last. */
  static List<List<Spool.File>> batches(List<Spool.File> files) {
    List<List<Spool.File>> batches = new ArrayList<>();
    List<Spool.File> current = new ArrayList<>();
    WalSegment last = null;
    long bytes = 0;
    for (Spool.File file : files) {
      WalSegment segment = file.segment();
      boolean gap = segment != null && last != null && !segment.equals(last.next());
      boolean full = current.size() >= MOST_FILES || bytes + file.bytes() > MOST_BYTES;
      if (segment != null && !current.isEmpty() && (gap || full)) {
        batches.add(current);
        current = new ArrayList<>();
        bytes = 0;
      }
      current.add(file);
      bytes += file.bytes();
      last = segment == null ? last : segment;
    }
    if (!current.isEmpty()) {
      batches.add(current);
    }
    return batches;
  }

  private Instant store(String system, List<Spool.File> batch) throws IOException {
    Instant until = Instant.EPOCH;
    String first = batch.get(0).name();
    String last = first;
    for (Spool.File file : batch) {
      Spool.check(file);
      until = file.archived().isAfter(until) ? file.archived() : until;
      last = file.segment() == null ? last : file.name();
    }
    String key = archive.layout().walBatch(system, first, last, until, encryption.isPresent());
    Destinations one = new Destinations(List.of(archive));
    try (Copies copies = one.open(layout -> key)) {
      OutputStream sink =
          encryption.isPresent() ? encryption.get().encrypting(copies.sink()) : copies.sink();
      try (ZipOutputStream zip = new ZipOutputStream(sink)) {
        // They are compressed already.
        zip.setLevel(Deflater.NO_COMPRESSION);
        for (Spool.File file : batch) {
          zip.putNextEntry(new ZipEntry(file.path().getFileName().toString()));
          try (InputStream in = Files.newInputStream(file.path())) {
            in.transferTo(zip);
          }
          zip.closeEntry();
        }
      }
      copies.complete();
    }
    for (Spool.File file : batch) {
      Files.deleteIfExists(file.path());
    }
    context.step("%d files of log stored as %s", batch.size(), key);
    return until;
  }

  /** Bytes of one spool that wait. */
  static long waiting(Path directory) throws IOException {
    return new Spool(directory).files().stream().mapToLong(Spool.File::bytes).sum();
  }
}
