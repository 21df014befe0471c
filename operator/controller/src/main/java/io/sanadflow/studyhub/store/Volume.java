package io.sanadflow.studyhub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/** The file system of a local volume: forced to disk, and its failures with cause and cure. */
final class Volume {

  private Volume() {}

  /** Takes one file. */
  interface Visitor {
    void visit(Path file) throws IOException;
  }

  /** Visits all files. What the file system keeps in lost+found may not be read: passed over. */
  static void walk(Path directory, Visitor visitor) throws IOException {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(directory)) {
      entries = listed.toList();
    }
    for (Path entry : entries) {
      try {
        if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          visitor.visit(entry);
        } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
            && !entry.endsWith("lost+found")) {
          walk(entry, visitor);
        }
      } catch (NoSuchFileException gone) {
        // Deleted since it was listed.
      }
    }
  }

  /** Writes a file that is not there yet, and forces it to disk. */
  static void writeForced(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /**
   * Lets every user of the volume add to a directory and delete from it: a dump is made as the
   * app's user, who may read the media, and a drill as the database's, and a volume of a node's
   * directory has no group of both.
   */
  static void share(Path directory) throws IOException {
    try {
      Files.setPosixFilePermissions(directory, EnumSet.allOf(PosixFilePermission.class));
    } catch (UnsupportedOperationException otherFileSystem) {
      // It has no users either.
    }
  }

  /** Forces the names in a directory to disk. */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** What a failure of the file system means. */
  static StoreException failure(String deed, String key, IOException failed) {
    if (failed instanceof StoreException known) {
      return known;
    }
    String what = "the local volume: cannot " + deed + " " + key + ": ";
    String text = String.valueOf(failed.getMessage());
    if (failed instanceof NoSuchFileException) {
      return new StoreException("NotFound", "the local volume has no " + key, failed);
    }
    if (failed instanceof AccessDeniedException) {
      return new StoreException(
          "AccessDenied",
          what + "its files belong to another user; the volume's fsGroup must be the agent's",
          failed);
    }
    if (text.contains("No space left") || text.contains("quota exceeded")) {
      return new StoreException(
          "VolumeFull",
          what
              + "no space is left; grow the volume, or keep fewer copies on it"
              + " (spec.backup.retention.localCopies)",
          failed);
    }
    if (text.contains("Read-only file system")) {
      return new StoreException(
          "VolumeReadOnly", what + "it is mounted read-only, as after a fault of its disk", failed);
    }
    return new StoreException("VolumeFailed", what + text, failed);
  }
}
