package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The directory into which archive.sh puts the log: NAME.gz for each file, whole or not at all. */
final class Spool {

  private static final String END = ".gz";

  /** Segments, and what PostgreSQL archives beside them. */
  private static final Pattern NAME =
      Pattern.compile("[0-9A-F]{24}(\\.partial|\\.[0-9A-F]{8}\\.backup)?|[0-9A-F]{8}\\.history");

  /** In the long header of a segment's first page. */
  private static final int INFO = 2;

  private static final int LONG_HEADER = 0x0002;
  private static final int SYSTEM = 24;
  private static final int SEGMENT_BYTES = 32;
  private static final int HEADER = 40;

  private final Path directory;

  Spool(Path directory) {
    this.directory = directory;
  }

  /**
   * A file in the spool.
   *
   * @param name of what was archived, without the .gz
   * @param segment null for what is no segment
   * @param bytes as compressed
   * @param archived when
   */
  record File(Path path, String name, @Nullable WalSegment segment, long bytes, Instant archived) {}

  /**
   * All files: segments by timeline and number, then the others.
   *
   * @throws AgentException SpoolMissing if there is no directory
   */
  List<File> files() throws IOException {
    List<File> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + END)) {
      for (Path path : all) {
        String file = path.getFileName().toString();
        String name = file.substring(0, file.length() - END.length());
        BasicFileAttributes about =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (NAME.matcher(name).matches() && about.isRegularFile()) {
          files.add(
              new File(
                  path,
                  name,
                  WalSegment.parse(name).orElse(null),
                  about.size(),
                  about.lastModifiedTime().toInstant()));
        }
      }
    } catch (NoSuchFileException missing) {
      throw new AgentException(
          "SpoolMissing", "the spool of write-ahead log is not mounted at " + directory, missing);
    }
    files.sort(
        Comparator.comparing((File it) -> it.segment() == null)
            .thenComparing(it -> it.segment() == null ? 0 : it.segment().timeline())
            .thenComparing(it -> it.segment() == null ? 0 : it.segment().number())
            .thenComparing(File::name));
    return files;
  }

  /**
   * The database system whose log it is, as the first segment tells; empty without a segment.
   *
   * @throws AgentException WalUnreadable or WalSegmentSize
   */
  Optional<String> system(List<File> files) throws IOException {
    // A name with another size of segments is no name of ours, so not that of the record alone.
    Optional<File> first =
        files.stream().filter(it -> it.name().length() == HEX_DIGITS).findFirst();
    return first.isEmpty() ? Optional.empty() : Optional.of(system(first.get().path()));
  }

  private static final int HEX_DIGITS = 24;

  private static String system(Path file) throws IOException {
    byte[] header;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      header = in.readNBytes(HEADER);
    } catch (java.util.zip.ZipException | java.io.EOFException damaged) {
      throw unreadable(file, damaged);
    }
    ByteBuffer page = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    if (header.length < HEADER || (page.getShort(INFO) & LONG_HEADER) == 0) {
      throw unreadable(file, null);
    }
    long bytes = Integer.toUnsignedLong(page.getInt(SEGMENT_BYTES));
    if (bytes != WalSegment.BYTES) {
      throw new AgentException(
          "WalSegmentSize",
          "the server's segments of write-ahead log have %d bytes, and only the usual 16 MiB can be archived; set spec.backup.wal.enabled: false"
              .formatted(bytes));
    }
    return Long.toUnsignedString(page.getLong(SYSTEM));
  }

  /**
   * Refuses what has the name of a segment and is none: one in the archive is found out only when
   * something is restored.
   *
   * @throws AgentException WalUnreadable
   */
  static void check(File file) throws IOException {
    if (file.segment() == null) {
      return;
    }
    // Gzip ends with the length of what it holds.
    ByteBuffer end = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file.path())) {
      long at = channel.size() - end.capacity();
      while (at >= 0 && end.hasRemaining() && channel.read(end, at + end.position()) > 0) {}
    }
    if (end.hasRemaining() || Integer.toUnsignedLong(end.getInt(0)) != WalSegment.BYTES) {
      throw unreadable(file.path(), null);
    }
  }

  private static AgentException unreadable(Path file, @Nullable Exception cause) {
    return new AgentException(
        "WalUnreadable",
        file
            + " is no compressed segment of write-ahead log. It is kept, and so is all that follows;"
            + " move it away to go on, which leaves a gap that the next base backup closes",
        cause);
  }
}
