package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.MediaFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * Swaps the media of a volume with staged ones by renames, step by step: what was begun and broke
 * off is taken up by the next run, forwards or backwards. Nothing is deleted but by DROP, and never
 * in the middle of a swap.
 */
final class MediaSwap {

  /** Where a swap stands; each is written before what it names is begun. */
  private enum State {
    STAGING,
    STAGED,
    MOVING_OLD,
    MOVING_NEW,
    PLACED,
    UNDOING_NEW,
    UNDOING_OLD
  }

  private final Path root;
  private final Path directory;
  private final Path old;
  private final Path fresh;

  MediaSwap(Path root, String id) {
    this.root = root;
    this.directory = root.resolve(MediaFile.OWN + id);
    this.old = directory.resolve("old");
    this.fresh = directory.resolve("new");
  }

  /**
   * Begins to stage.
   *
   * @param backup whose media they are; what an earlier run staged of another is deleted
   * @return where to put them
   */
  Path stage(String backup) throws IOException {
    Files.createDirectories(directory);
    Path of = directory.resolve("backup");
    if (Files.exists(state())) {
      State now = now();
      if (now != State.STAGING && now != State.STAGED) {
        throw new AgentException(
            "MediaSwapped",
            "the media of this restore are already (half) in place; run UNDO before STAGE");
      }
      if (!Files.exists(of) || !Files.readString(of).equals(backup)) {
        delete(fresh);
      }
    }
    become(State.STAGING);
    Files.writeString(of, backup);
    Files.createDirectories(old);
    return Files.createDirectories(fresh);
  }

  /** Where a file is while it is incomplete. */
  Path part() {
    return directory.resolve("part");
  }

  /** All is staged. */
  void staged() throws IOException {
    become(State.STAGED);
  }

  /** Puts the staged media in the place of the present ones, which are kept aside. */
  String place() throws IOException {
    if (!Files.exists(state())) {
      return "nothing was staged: the media stay as they are";
    }
    if (now() == State.STAGING) {
      throw new AgentException(
          "MediaNotStaged", "the media are not all there yet: run STAGE to its end before PLACE");
    }
    if (now() == State.UNDOING_NEW || now() == State.UNDOING_OLD) {
      undo();
    }
    if (now() == State.STAGED) {
      become(State.MOVING_OLD);
    }
    if (now() == State.MOVING_OLD) {
      move(root, old);
      become(State.MOVING_NEW);
    }
    if (now() == State.MOVING_NEW) {
      move(fresh, root);
      become(State.PLACED);
    }
    return "the restored media are in place; those before are kept aside";
  }

  /** Puts back what was there. */
  String undo() throws IOException {
    if (!Files.exists(state()) || now() == State.STAGING || now() == State.STAGED) {
      return "nothing was placed: the media are as they were";
    }
    if (now() == State.MOVING_NEW || now() == State.PLACED) {
      become(State.UNDOING_NEW);
    }
    if (now() == State.UNDOING_NEW) {
      move(root, fresh);
    }
    become(State.UNDOING_OLD);
    move(old, root);
    become(State.STAGED);
    return "the media are as they were before the restore";
  }

  /** Deletes what is staged or kept aside. */
  String drop() throws IOException {
    if (Files.exists(state())) {
      State now = now();
      if (now != State.STAGING && now != State.STAGED && now != State.PLACED) {
        throw new AgentException(
            "MediaSwapUnfinished",
            "the media are half swapped, so nothing is deleted: run PLACE or UNDO to its end first");
      }
    }
    delete(directory);
    return "nothing of this restore is left on the media volume";
  }

  private Path state() {
    return directory.resolve("state");
  }

  private State now() throws IOException {
    String text = Files.readString(state()).strip();
    try {
      return State.valueOf(text);
    } catch (IllegalArgumentException unknown) {
      throw new AgentException(
          "MediaSwapUnknown",
          state() + " says '" + text + "', which nobody wrote: look at the volume by hand");
    }
  }

  private void become(State next) throws IOException {
    Path part = directory.resolve("state.part");
    Files.writeString(part, next.name());
    Files.move(part, state(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Renames all at the top of one directory into another, but what is ours. */
  private static void move(Path from, Path to) throws IOException {
    List<Path> all;
    try (Stream<Path> entries = Files.list(from)) {
      all =
          entries
              .filter(it -> !it.getFileName().toString().startsWith(MediaFile.OWN))
              .filter(it -> !it.getFileName().toString().equals("lost+found"))
              .toList();
    }
    for (Path entry : all) {
      Path place = to.resolve(entry.getFileName());
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        throw new AgentException(
            "MediaInUse",
            "%s is there while media are swapped: something writes to the volume. Stop the app, and run the same step again"
                .formatted(place.getFileName()));
      }
      Files.move(entry, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failed)
              throws IOException {
            if (failed != null) {
              throw failed;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
