package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.MediaFile;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.ObjectStore;
import io.sanadflow.studyhub.store.Pace;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Puts objects on the volume, each whole and verified or not at all, and never outside of it. */
final class Arrivals {

  private static final String PART = MediaFile.OWN + "part-";

  private static final int BUFFER = 64 * 1024;

  private final Path root;
  private final Pace pace;

  /** A file that is there now. */
  record Arrived(Instant modified, String sha256) {}

  Arrivals(Path root, Pace pace) {
    this.root = root;
    this.pace = pace;
  }

  /** Deletes what a run that was killed has left. */
  void clear() throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(root, PART + "*")) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  /** Whether a key can be a path beneath the volume. */
  static boolean isPath(String path) {
    String[] names = path.split("/", -1);
    for (String name : names) {
      if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
        return false;
      }
    }
    return !MediaFile.isOwn(names[0]);
  }

  /** Whether a file may be put there: beneath real directories, and in no other thing's place. */
  boolean hasPlace(String path) {
    if (!isPath(path)) {
      return false;
    }
    Path place = root.resolve(path);
    boolean free =
        !Files.exists(place, LinkOption.NOFOLLOW_LINKS)
            || Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS);
    for (Path above = place.getParent();
        free && above != null && !above.equals(root);
        above = above.getParent()) {
      free =
          !Files.exists(above, LinkOption.NOFOLLOW_LINKS)
              || Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS);
    }
    return free;
  }

  /**
   * Fetches an object.
   *
   * @param instead what it may replace
   * @return empty if something else is in its place by now
   * @throws StoreException NotFound, or Corrupted if it is not what was stored
   */
  Optional<Arrived> take(
      ObjectStore store, Described object, String path, Optional<LocalFile> instead)
      throws IOException {
    Path part = root.resolve(PART + UUID.randomUUID());
    Path place = root.resolve(path);
    try {
      String sha256 = download(store, object, part);
      Files.setLastModifiedTime(part, FileTime.from(object.modified().orElse(object.time())));
      Files.createDirectories(parent(place));
      if (!LocalFile.at(root, path).equals(instead)) {
        return Optional.empty();
      }
      if (instead.isPresent()) {
        Files.move(
            part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        moveToFree(part, place);
      }
      return LocalFile.at(root, path).map(it -> new Arrived(it.modified(), sha256));
    } catch (FileAlreadyExistsException taken) {
      return Optional.empty();
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** A link fails where a rename would replace; not every file system has links. */
  static void moveToFree(Path part, Path place) throws IOException {
    try {
      Files.createLink(place, part);
    } catch (FileAlreadyExistsException taken) {
      throw taken;
    } catch (IOException | UnsupportedOperationException lacking) {
      Files.move(part, place);
    }
  }

  private Path parent(Path place) {
    Path parent = place.getParent();
    return parent == null ? root : parent;
  }

  private String download(ObjectStore store, Described object, Path part) throws IOException {
    MessageDigest digest = Likeness.sha256Digest();
    MessageDigest etag = Likeness.etagDigest();
    long bytes = 0;
    try (InputStream in = pace.of(store.get(object.key()));
        FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        etag.update(buffer, 0, count);
        bytes += count;
        ByteBuffer piece = ByteBuffer.wrap(buffer, 0, count);
        while (piece.hasRemaining()) {
          out.write(piece);
        }
      }
      out.force(true);
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    boolean right =
        object.sha256().map(sha256::equals).orElse(object.etag().contains("-"))
            || object.etag().equals(HexFormat.of().formatHex(etag.digest()));
    if (bytes != object.bytes() || !right) {
      throw new StoreException(
          "Corrupted", object.key() + " is not what was stored: its length or its sum is another");
    }
    return sha256;
  }
}
