package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.MediaFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deletes files beside an app that writes: one is taken aside first, so that what the app has put
 * in its place at the last moment is seen, and is put back.
 */
final class Departures {

  private static final String ASIDE = MediaFile.OWN + "departing";

  private final Path root;
  private final Path aside;

  Departures(Path root) {
    this.root = root;
    this.aside = root.resolve(ASIDE);
  }

  /**
   * Deletes a file.
   *
   * @param file as it was seen and verified
   * @return whether it was that file; if not, it is as it was
   * @throws java.nio.file.NoSuchFileException if it is not there any more
   */
  boolean delete(LocalFile file) throws IOException {
    Path taken = aside.resolve(file.path());
    Files.createDirectories(parent(taken));
    Files.move(root.resolve(file.path()), taken, StandardCopyOption.ATOMIC_MOVE);
    boolean same = LocalFile.at(aside, file.path()).equals(Optional.of(file));
    if (same) {
      Files.delete(taken);
    } else {
      putBack(taken);
    }
    return same;
  }

  /** Puts back what a run that was killed had taken aside, and the directories for it away. */
  void putBack() throws IOException {
    if (!Files.isDirectory(aside, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(aside)) {
      all = walk.sorted((left, right) -> right.compareTo(left)).toList();
    }
    for (Path each : all) {
      if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(each);
      } else {
        putBack(each);
      }
    }
  }

  /** What the app has written to the place since is the later one, and stays. */
  private void putBack(Path taken) throws IOException {
    Path place = root.resolve(aside.relativize(taken).toString());
    Files.createDirectories(parent(place));
    try {
      Arrivals.moveToFree(taken, place);
    } catch (FileAlreadyExistsException later) {
      // It stays, and what was taken goes: the app has replaced it.
    }
    Files.deleteIfExists(taken);
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }
}
