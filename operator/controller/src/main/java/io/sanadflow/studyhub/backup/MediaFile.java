package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One line of the list of media files: a file, a symbolic link, or an empty directory if it is
 * neither.
 *
 * @param path beneath the media volume, with slashes and without one at the start
 * @param bytes of a file
 * @param modified when its content was changed last
 * @param inode on the volume, which tells a file that was put in another's place; 0 if unknown
 * @param mode its permission bits
 * @param sha256 of a file's content in hexadecimal, by which it is stored; null for what has none
 * @param link what a symbolic link points to, as it is written there; null for what is none
 */
public record MediaFile(
    String path,
    long bytes,
    Instant modified,
    long inode,
    int mode,
    @Nullable String sha256,
    @Nullable String link) {

  /** What names at the volume's root start with that restores and offload keep there. */
  public static final String OWN = ".studyhub-";

  /** What a file system puts at its root for its own repair. */
  private static final String LOST = "lost+found";

  /** The order of the list: what is in a directory comes before what follows the directory. */
  public static final Comparator<String> ORDER = MediaFile::compare;

  /** Whether a name at the volume's root is not one of the app's. */
  public static boolean isOwn(String name) {
    return name.startsWith(OWN) || name.equals(LOST);
  }

  /** Whether another look at a file can be spared, since nothing about it has changed. */
  public boolean unchangedFrom(MediaFile before) {
    return before.sha256 != null
        && before.path.equals(path)
        && before.bytes == bytes
        && before.inode == inode
        && before.modified.equals(modified);
  }

  /** Whether it is an empty directory. */
  public boolean isDirectory() {
    return sha256 == null && link == null;
  }

  /** The same with the sum of its content. */
  public MediaFile withContent(String sha256, long bytes) {
    return new MediaFile(path, bytes, modified, inode, mode, sha256, null);
  }

  private static int compare(String left, String right) {
    int most = Math.min(left.length(), right.length());
    for (int at = 0; at < most; at++) {
      char one = left.charAt(at);
      char other = right.charAt(at);
      if (one != other) {
        return one == '/' ? -1 : other == '/' ? 1 : Character.compare(one, other);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
