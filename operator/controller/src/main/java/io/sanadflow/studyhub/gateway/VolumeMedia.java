package io.sanadflow.studyhub.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Media of the mounted volume. Each directory of a path is opened beneath the one before, and no
 * symbolic link is followed, so that no path leads out of it, be it changed meanwhile.
 */
final class VolumeMedia {

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Path root;

  VolumeMedia(Path root) {
    this.root = root;
  }

  /**
   * A file of the volume; empty if there is no regular file of this path.
   *
   * @throws IOException if there may be one, and it cannot be read
   */
  Optional<Medium> find(MediaPath path) throws IOException {
    try (DirectoryStream<Path> top = Files.newDirectoryStream(root)) {
      if (!(top instanceof SecureDirectoryStream<Path> directory)) {
        throw new IOException("the volume's file system cannot open files beneath a directory");
      }
      return beneath(directory, path.names());
    }
  }

  private static Optional<Medium> beneath(SecureDirectoryStream<Path> directory, List<String> names)
      throws IOException {
    Path name = Path.of(names.get(0));
    BasicFileAttributes about;
    try {
      about =
          directory
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes();
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (FileSystemException bad) {
      if (String.valueOf(bad.getReason()).contains("name too long")) {
        return Optional.empty();
      }
      throw bad;
    }
    if (names.size() > 1) {
      if (!about.isDirectory()) {
        return Optional.empty();
      }
      try (SecureDirectoryStream<Path> next =
          directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        return beneath(next, names.subList(1, names.size()));
      } catch (NoSuchFileException gone) {
        return Optional.empty();
      }
    }
    if (!about.isRegularFile()) {
      return Optional.empty();
    }
    try {
      SeekableByteChannel channel = directory.newByteChannel(name, READ);
      return Optional.of(new OfFile(channel, channel.size(), about.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException moved) {
      return Optional.empty();
    }
  }

  /** A file that is open: it can be read to its end, be it deleted meanwhile. */
  private record OfFile(SeekableByteChannel channel, long bytes, Instant modified)
      implements Medium {

    @Override
    public String etag() {
      return Medium.etag(modified, bytes);
    }

    @Override
    public String place() {
      return "volume";
    }

    @Override
    public Optional<String> sha256() {
      return Optional.empty();
    }

    @Override
    public InputStream content(long from, long length) throws IOException {
      channel.position(from);
      return Channels.newInputStream(channel);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
