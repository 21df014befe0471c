package io.sanadflow.studyhub.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A mounted volume as an object store: a key is a path beneath it. A file is written under another
 * name, forced to disk and renamed, so that it is there whole or not at all, even after a power
 * cut.
 */
public final class DirectoryStore implements ObjectStore {

  /** What a file on its way ends with; its name also starts with a point. */
  private static final String PART = ".part";

  private final Path root;

  private DirectoryStore(Path root) {
    this.root = root;
  }

  /**
   * Opens a directory.
   *
   * @throws StoreException VolumeMissing if it is not there or not a directory
   */
  public static DirectoryStore open(Path root) throws StoreException {
    if (!Files.isDirectory(root)) {
      throw new StoreException(
          "VolumeMissing", "the local volume is not mounted at " + root + ": no such directory");
    }
    return new DirectoryStore(root.toAbsolutePath().normalize());
  }

  @Override
  public void put(String key, byte[] content) throws StoreException {
    try (Upload upload = upload(key)) {
      upload.write(content, 0, content.length);
      upload.complete();
    } catch (IOException failed) {
      throw Volume.failure("write", key, failed);
    }
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws StoreException {
    Path file = file(key);
    try {
      makeDirectory(file);
      Path part = part(file);
      try {
        Volume.writeForced(part, content);
        // A link fails where a rename would replace.
        Files.createLink(file, part);
      } catch (FileAlreadyExistsException taken) {
        return false;
      } finally {
        Files.deleteIfExists(part);
      }
      Volume.sync(file.resolveSibling(""));
      return true;
    } catch (IOException failed) {
      throw Volume.failure("write", key, failed);
    }
  }

  @Override
  public Upload upload(String key) throws StoreException {
    Path file = file(key);
    try {
      makeDirectory(file);
      return new FileUpload(key, file);
    } catch (IOException failed) {
      throw Volume.failure("write", key, failed);
    }
  }

  @Override
  public InputStream get(String key) throws StoreException {
    try {
      return Files.newInputStream(file(key));
    } catch (IOException failed) {
      throw Volume.failure("read", key, failed);
    }
  }

  @Override
  public Optional<Stored> head(String key) throws StoreException {
    Path file = file(key);
    try {
      return Files.isRegularFile(file) ? Optional.of(stored(key(file), file)) : Optional.empty();
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException failed) {
      throw Volume.failure("read", key, failed);
    }
  }

  @Override
  public void each(String prefix, Consumer<Stored> visitor) throws StoreException {
    Path start = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1)).normalize();
    if (!start.startsWith(root)) {
      throw new StoreException("BadKey", "not a prefix: " + prefix);
    }
    if (!Files.isDirectory(start)) {
      return;
    }
    try {
      Volume.walk(
          start,
          file -> {
            if (!isPart(file) && key(file).startsWith(prefix)) {
              visitor.accept(stored(key(file), file));
            }
          });
    } catch (IOException failed) {
      throw Volume.failure("list", prefix, failed);
    }
  }

  @Override
  public void delete(Collection<String> keys) throws StoreException {
    for (String key : keys) {
      Path file = file(key);
      try {
        if (Files.deleteIfExists(file)) {
          tidy(file);
        }
      } catch (IOException failed) {
        throw Volume.failure("delete", key, failed);
      }
    }
  }

  @Override
  public int abortAbandoned(String prefix, Instant before) throws StoreException {
    List<Path> parts = new ArrayList<>();
    try {
      Volume.walk(
          root,
          file -> {
            if (isPart(file)
                && key(file.resolveSibling(stem(file))).startsWith(prefix)
                && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
              parts.add(file);
            }
          });
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    } catch (IOException failed) {
      throw Volume.failure("tidy", prefix, failed);
    }
    return parts.size();
  }

  @Override
  public void close() {
    // Nothing is held open.
  }

  /** A key must not lead out of the volume, nor look like a file on its way. */
  private Path file(String key) throws StoreException {
    Path file = root.resolve(key).normalize();
    if (key.isEmpty() || !file.startsWith(root) || !key(file).equals(key) || isPart(file)) {
      throw new StoreException("BadKey", "not a key: " + key);
    }
    return file;
  }

  private String key(Path file) {
    return root.relativize(file).toString();
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path part(Path file) {
    return file.resolveSibling("." + name(file) + "." + UUID.randomUUID() + PART);
  }

  private static boolean isPart(Path file) {
    return name(file).startsWith(".") && name(file).endsWith(PART);
  }

  private static String stem(Path part) {
    String name = name(part).substring(1, name(part).length() - PART.length());
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static Stored stored(String key, Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stored(key, attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  /** Makes the directory of a file, and has each new one remembered by its own. */
  private void makeDirectory(Path file) throws IOException {
    Path directory = file.resolveSibling("");
    Path known = directory;
    while (!Files.isDirectory(known) && !known.equals(root)) {
      known = known.resolveSibling("");
    }
    Files.createDirectories(directory);
    for (Path made = directory; !made.equals(known); made = made.resolveSibling("")) {
      Volume.share(made);
      Volume.sync(made.resolveSibling(""));
    }
  }

  /** Removes directories that have become empty. */
  private void tidy(Path file) throws IOException {
    Path directory = file.resolveSibling("");
    while (!directory.equals(root)) {
      try {
        Files.delete(directory);
      } catch (DirectoryNotEmptyException inUse) {
        return;
      }
      directory = directory.resolveSibling("");
    }
  }

  /** A file on its way. */
  private static final class FileUpload implements Upload {

    private final String key;
    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private boolean completed;

    FileUpload(String key, Path file) throws IOException {
      this.key = key;
      this.file = file;
      this.part = part(file);
      this.channel =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws StoreException {
      try {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException failed) {
        throw Volume.failure("write", key, failed);
      }
    }

    @Override
    public Stored complete() throws StoreException {
      try {
        channel.force(true);
        channel.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        completed = true;
        Volume.sync(file.resolveSibling(""));
        return stored(key, file);
      } catch (IOException failed) {
        throw Volume.failure("write", key, failed);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
      if (!completed) {
        Files.deleteIfExists(part);
      }
    }
  }
}
