package io.sanadflow.studyhub.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Content whose length and sums are known, and which is read once more, part by part, when it is
 * sent: however long it is, none of it stays in memory.
 */
public final class Content {

  /** The length of each part but the last; what is not longer is sent in one request. */
  static final long PART = 8L << 20;

  /** The most parts that S3 takes. */
  private static final int MOST_PARTS = 10_000;

  private static final int BUFFER = 64 * 1024;

  private final Source source;
  private final long bytes;
  private final long part;
  private final String sha256;
  private final List<byte[]> sums;
  private final @Nullable FileTime modified;
  private final Pace pace;

  /** Gives the content from a byte on. */
  private interface Source {
    InputStream from(long position) throws IOException;
  }

  private Content(Source source, long bytes, @Nullable FileTime modified, InputStream in)
      throws IOException {
    this.source = source;
    this.modified = modified;
    this.pace = Pace.FREE;
    this.bytes = bytes;
    this.part = part(bytes);
    MessageDigest whole = sha256Digest();
    MessageDigest piece = Md5.digest();
    List<byte[]> pieces = new ArrayList<>();
    byte[] buffer = new byte[BUFFER];
    long left = bytes;
    long room = part;
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, Math.min(left, room)));
      if (count < 0) {
        throw new ContentChangedException("it became shorter while it was read");
      }
      whole.update(buffer, 0, count);
      piece.update(buffer, 0, count);
      left -= count;
      room -= count;
      if (room == 0 && left > 0) {
        pieces.add(piece.digest());
        room = part;
      }
    }
    pieces.add(piece.digest());
    this.sha256 = HexFormat.of().formatHex(whole.digest());
    this.sums = List.copyOf(pieces);
  }

  private Content(Content other, Pace pace) {
    this.source = other.source;
    this.bytes = other.bytes;
    this.part = other.part;
    this.sha256 = other.sha256;
    this.sums = other.sums;
    this.modified = other.modified;
    this.pace = pace;
  }

  /** The same, sent no faster than a pace allows. */
  public Content at(Pace pace) {
    return new Content(this, pace);
  }

  /** Content in memory. */
  public static Content of(byte[] content) {
    try {
      Source source =
          position ->
              new ByteArrayInputStream(content, (int) position, (int) (content.length - position));
      return new Content(source, content.length, null, source.from(0));
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  /**
   * Reads a file, not through a symbolic link.
   *
   * @throws ContentChangedException if it changes meanwhile
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  public static Content of(Path file) throws IOException {
    BasicFileAttributes before = attributes(file);
    FileTime modified = before.lastModifiedTime();
    Source source =
        position -> {
          unchanged(file, before.size(), modified);
          FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
          channel.position(position);
          return Channels.newInputStream(channel);
        };
    Content content;
    try (InputStream in = source.from(0)) {
      content = new Content(source, before.size(), modified, in);
    }
    unchanged(file, before.size(), modified);
    return content;
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static void unchanged(Path file, long bytes, FileTime modified) throws IOException {
    BasicFileAttributes now = attributes(file);
    if (!now.isRegularFile() || now.size() != bytes || !now.lastModifiedTime().equals(modified)) {
      throw new ContentChangedException("it changed while it was read");
    }
  }

  private static long part(long bytes) {
    long least = (bytes + MOST_PARTS - 1) / MOST_PARTS;
    return Math.max(PART, (least + BUFFER - 1) / BUFFER * BUFFER);
  }

  private static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Its length. */
  public long bytes() {
    return bytes;
  }

  /** What is told of it with an object: its sum and, of a file, when that was changed last. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>(Map.of(ConditionalStore.SHA256, sha256));
    if (modified != null) {
      Instant time = modified.toInstant();
      metadata.put(
          ConditionalStore.MODIFIED,
          BigDecimal.valueOf(time.getEpochSecond())
              .add(BigDecimal.valueOf(time.getNano(), 9))
              .setScale(9)
              .toPlainString());
    }
    return metadata;
  }

  /** Its SHA-256 in hexadecimal. */
  public String sha256() {
    return sha256;
  }

  /** The ETag that an object with this content has, without quotes, if it was sent as this. */
  public String etag() {
    return parts() == 1 ? Md5.hex(sums.get(0)) : Md5.multipart(sums);
  }

  int parts() {
    return sums.size();
  }

  /** The length of one part. */
  long length(int index) {
    return index < parts() - 1 ? part : bytes - (parts() - 1) * part;
  }

  /** The MD5 of one part. */
  byte[] sum(int index) {
    return sums.get(index).clone();
  }

  /** One part, read anew. */
  InputStream open(int index) throws IOException {
    return pace.of(source.from(index * part));
  }
}
