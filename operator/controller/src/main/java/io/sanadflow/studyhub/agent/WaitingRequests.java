package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.Requests.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are yet to be entered in the book, in a file of the spool, which nobody takes for
 * log. The runs that use it never overlap.
 */
final class WaitingRequests {

  private static final String FILE = ".requests.json";

  private static final Kept NONE = new Kept(null, 0, 0, 0);

  private final Path file;
  private final Kept kept;

  private record Kept(@Nullable LocalDate day, long classA, long classB, long bytes) {}

  private WaitingRequests(Path file, Kept kept) {
    this.file = file;
    this.kept = kept;
  }

  /** Those of a spool, if it is mounted. What is damaged is none. */
  static Optional<WaitingRequests> in(Path spool) {
    if (!Files.isDirectory(spool)) {
      return Optional.empty();
    }
    Path file = spool.resolve(FILE);
    return Optional.of(new WaitingRequests(file, read(file)));
  }

  private static Kept read(Path file) {
    try {
      Kept kept = ReportCodec.read(Files.readString(file), Kept.class);
      return kept == null ? NONE : kept;
    } catch (IOException noneOrDamaged) {
      return NONE;
    }
  }

  /** How many. */
  Count count() {
    return new Count(kept.classA(), kept.classB(), kept.bytes());
  }

  /** Whether some are of a day before. */
  boolean before(LocalDate today) {
    return kept.day() != null && kept.day().isBefore(today);
  }

  /** Keeps them in place of those that were there. */
  void keep(Count count, LocalDate today) throws IOException {
    Path part = file.resolveSibling(FILE + ".part");
    Files.writeString(
        part, ReportCodec.json(new Kept(today, count.classA(), count.classB(), count.bytes())));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes them out. */
  Count take() throws IOException {
    Files.deleteIfExists(file);
    return count();
  }
}
