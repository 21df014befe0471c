package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.Report;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What a mounted volume holds. */
public final class Usage {

  private Usage() {}

  /**
   * Measures a volume.
   *
   * @param name as in the report
   * @param more bytes on it that are counted otherwise
   * @throws OffloadException VolumeUnreadable if it is not mounted or cannot be read
   */
  public static Report.Volume of(String name, Path root, long more) throws IOException {
    if (!Files.isDirectory(root)) {
      throw unreadable(name, root, "it is not mounted");
    }
    try {
      FileStore volume = Files.getFileStore(root);
      return new Report.Volume(
          name, bytes(root) + more, volume.getUsableSpace(), volume.getTotalSpace(), null);
    } catch (IOException failed) {
      throw unreadable(name, root, String.valueOf(failed.getMessage()));
    }
  }

  private static OffloadException unreadable(String name, Path root, String why) {
    return new OffloadException(
        "VolumeUnreadable",
        "the volume of "
            + name
            + " at "
            + root
            + " cannot be measured: "
            + why
            + "; is its claim bound, and its fsGroup the agent's?");
  }

  /** The bytes of all files that can be seen. */
  private static long bytes(Path root) throws IOException {
    long[] bytes = new long[1];
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (file.equals(root)) {
              throw failed;
            }
            // It went away, or is what the file system keeps for its own repair.
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }
}
