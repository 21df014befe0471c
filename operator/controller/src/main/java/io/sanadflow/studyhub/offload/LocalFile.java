package io.sanadflow.studyhub.offload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * A file of the media volume.
 *
 * @param path beneath it, with slashes and without one at the start
 * @param modified when its content was changed last
 */
record LocalFile(String path, long bytes, Instant modified) {

  /** The order of a listing: that of the bytes of UTF-8. */
  static final Comparator<String> ORDER = LocalFile::compare;

  /** What a file may be in the middle of being written for, as far as its time tells. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  /** What the app's files end with while they are written. */
  private static final String UNFINISHED = ".part";

  /** A file as it is now, not through a symbolic link; empty if it is no file, or not there. */
  static Optional<LocalFile> at(Path root, String path) throws IOException {
    try {
      BasicFileAttributes now =
          Files.readAttributes(
              root.resolve(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return now.isRegularFile()
          ? Optional.of(new LocalFile(path, now.size(), now.lastModifiedTime().toInstant()))
          : Optional.empty();
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** Whether it was written a moment ago. A time in the future tells nothing. */
  boolean isYoung(Instant now) {
    return modified.isAfter(now.minus(YOUNG)) && modified.isBefore(now.plus(YOUNG));
  }

  /** Whether its name says that it is not complete. */
  boolean isUnfinished() {
    return path.endsWith(UNFINISHED);
  }

  private static int compare(String left, String right) {
    int most = Math.min(left.length(), right.length());
    for (int at = 0; at < most; at++) {
      char one = left.charAt(at);
      char other = right.charAt(at);
      if (one != other) {
        // Surrogates stand for what comes after all other characters.
        boolean high = Character.isSurrogate(one);
        return high == Character.isSurrogate(other) ? Character.compare(one, other) : high ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
