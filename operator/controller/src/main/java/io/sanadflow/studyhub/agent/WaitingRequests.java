package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.Requests.Count;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are yet to be entered in the book, in files of the spool, which nobody takes for
 * log: one of each run, so that a run that a person starts beside that of the schedule does not
 * write over the other's.
 */
final class WaitingRequests {

  private static final String BEGIN = ".requests.";

  private final Path spool;
  private final List<Kept> kept;

  private record Kept(@Nullable LocalDate day, long classA, long classB, long bytes) {

    Count count() {
      return new Count(classA, classB, bytes);
    }
  }

  private WaitingRequests(Path spool, List<Kept> kept) {
    this.spool = spool;
    this.kept = kept;
  }

  /** Those of a spool, if it is mounted. What is damaged is none. */
  static Optional<WaitingRequests> in(Path spool) {
    if (!Files.isDirectory(spool)) {
      return Optional.empty();
    }
    List<Kept> all = new ArrayList<>();
    try {
      for (Path file : files(spool)) {
        read(file).ifPresent(all::add);
      }
    } catch (IOException unreadable) {
      // Told when something is to be kept there.
    }
    return Optional.of(new WaitingRequests(spool, List.copyOf(all)));
  }

  private static List<Path> files(Path spool) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(spool, BEGIN + "*.json")) {
      found.forEach(all::add);
    }
    return all;
  }

  private static Optional<Kept> read(Path file) {
    try {
      return Optional.ofNullable(ReportCodec.read(Files.readString(file), Kept.class));
    } catch (IOException goneOrDamaged) {
      return Optional.empty();
    }
  }

  /** How many. */
  Count count() {
    return kept.stream().map(Kept::count).reduce(Count.NONE, Count::and);
  }

  /** Whether some are of a day before. */
  boolean before(LocalDate today) {
    return kept.stream().anyMatch(it -> it.day() != null && it.day().isBefore(today));
  }

  /** Keeps some beside those that are there. */
  void keep(Count count, LocalDate today) throws IOException {
    Path file = spool.resolve(BEGIN + UUID.randomUUID() + ".json");
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(
        part, ReportCodec.json(new Kept(today, count.classA(), count.classB(), count.bytes())));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes all out; of two runs that take at once, one gets each. */
  Count take() throws IOException {
    Count taken = Count.NONE;
    for (Path file : files(spool)) {
      Optional<Kept> one = read(file);
      if (Files.deleteIfExists(file)) {
        taken = one.map(Kept::count).map(taken::and).orElse(taken);
      }
    }
    return taken;
  }
}
