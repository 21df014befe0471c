package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.MediaFile;
import io.sanadflow.studyhub.backup.ReportCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/**
 * Backs up the media volume: a list of what is there, and every content that the store has not yet,
 * under its SHA-256. A file that is as the list before says is not read again.
 */
final class MediaStep {

  private static final int BUFFER = 64 * 1024;

  /** How many names a message holds. */
  private static final int NAMED = 3;

  private final AgentContext context;
  private final Destinations destinations;
  private final Map<Destination, Catalogue> catalogues;
  private final Optional<Encryption> encryption;

  /** The contents that each destination has, by their SHA-256. */
  private final Map<Destination, ContentSums> stored = new HashMap<>();

  private final List<String> unread = new ArrayList<>();
  private final List<String> changing = new ArrayList<>();
  private long files;
  private long bytes;
  private long sent;
  private boolean broken;

  /**
   * What was listed.
   *
   * @param listed whether there is a list
   * @param files how many
   * @param bytes of all
   * @param notes what is no failure, as sentences
   * @param unread files that could not be read
   */
  record Listed(boolean listed, long files, long bytes, List<String> notes, List<String> unread) {

    /** For a hub without media. */
    static final Listed NONE = new Listed(false, 0, 0, List.of(), List.of());
  }

  MediaStep(
      AgentContext context,
      Destinations destinations,
      Map<Destination, Catalogue> catalogues,
      Optional<Encryption> encryption) {
    this.context = context;
    this.destinations = destinations;
    this.catalogues = catalogues;
    this.encryption = encryption;
  }

  /**
   * Backs up a directory.
   *
   * @param list the key of the list
   */
  Listed run(Path root, Function<Layout, String> list) throws IOException {
    if (!Files.isDirectory(root)) {
      throw new AgentException("MediaMissing", "the media volume is not mounted at " + root);
    }
    destinations.each(it -> stored.put(it, contents(it)));
    MediaTree tree = new MediaTree(root);
    // Staged as it is to be stored, since an upload that stays open beside others takes the memory
    // of a part.
    Path staged = Files.createTempFile("media", ".gz");
    try (MediaList.Reader before = previous()) {
      OutputStream file = Files.newOutputStream(staged);
      OutputStream sink = encryption.isPresent() ? encryption.get().encrypting(file) : file;
      try (GZIPOutputStream lines = new GZIPOutputStream(sink, BUFFER)) {
        tree.walk(it -> add(root, it, before, lines));
      }
      try (Copies copies = destinations.open(list);
          InputStream in = Files.newInputStream(staged)) {
        DumpStep.copy(in, copies, Optional.empty());
        copies.complete();
      }
    } finally {
      Files.deleteIfExists(staged);
    }
    unread.addAll(tree.unread());
    context.step("media: %d files, %d bytes, of which %d files were sent", files, bytes, sent);
    return new Listed(true, files, bytes, notes(tree), List.copyOf(unread));
  }

  private List<String> notes(MediaTree tree) {
    List<String> notes = new ArrayList<>();
    if (!changing.isEmpty()) {
      notes.add(
          "%d media files went or changed while they were read, and are in the next backup: %s"
              .formatted(changing.size(), some(changing)));
    }
    if (tree.special() > 0) {
      notes.add("%d sockets or devices among the media were left out".formatted(tree.special()));
    }
    return notes;
  }

  /** The first of many names, in quotes and without line breaks. */
  static String some(List<String> names) {
    List<String> first =
        names.stream()
            .limit(NAMED)
            .map(it -> "'" + it.replaceAll("\\p{Cntrl}", "?") + "'")
            .toList();
    return String.join(", ", first) + (names.size() > NAMED ? ", …" : "");
  }

  private ContentSums contents(Destination destination) throws IOException {
    ContentSums found = new ContentSums();
    destination
        .store()
        .each(
            destination.layout().media(),
            object -> {
              String sum = sum(object.key());
              if (object.key().endsWith(Layout.ENCRYPTED) == encryption.isPresent()
                  && ContentSums.isSum(sum)) {
                found.add(sum);
              }
            });
    return found;
  }

  /** The SHA-256 in the key of a media content. */
  static String sum(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    return name.endsWith(Layout.ENCRYPTED)
        ? name.substring(0, name.length() - Layout.ENCRYPTED.length())
        : name;
  }

  /** The list of the newest dump, from the first destination that can give one. */
  private MediaList.Reader previous() {
    for (Destination destination : destinations.working()) {
      Catalogue catalogue = catalogues.get(destination);
      Optional<Manifest> newest =
          catalogue == null
              ? Optional.empty()
              : catalogue.of(BackupType.DUMP).stream()
                  .flatMap(it -> java.util.stream.Stream.ofNullable(it.manifest()))
                  .filter(it -> it.dump() != null && it.dump().mediaKey() != null)
                  .findFirst();
      if (newest.isPresent()) {
        try {
          return MediaList.read(destination.archive(), newest.get(), encryption);
        } catch (IOException unreadable) {
          context.step("the media list before cannot be read, so all media are: %s", unreadable);
        }
      }
    }
    return MediaList.Reader.EMPTY;
  }

  private void add(Path root, MediaFile found, MediaList.Reader before, OutputStream lines)
      throws IOException {
    Optional<MediaFile> line = Optional.of(found);
    if (found.link() == null && !found.isDirectory()) {
      line = withContent(root, found, before);
    }
    if (line.isPresent()) {
      if (line.get().sha256() != null) {
        files++;
        bytes += line.get().bytes();
      }
      lines.write((ReportCodec.json(line.get()) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private Optional<MediaFile> withContent(Path root, MediaFile found, MediaList.Reader before)
      throws IOException {
    Optional<MediaFile> old = broken ? Optional.empty() : old(before, found.path());
    if (old.isPresent() && found.unchangedFrom(old.get())) {
      String sum = String.valueOf(old.get().sha256());
      if (missing(sum).isEmpty()) {
        return Optional.of(found.withContent(sum, found.bytes()));
      }
    }
    Path file = root.resolve(found.path());
    for (int attempt = 0; attempt < 2; attempt++) {
      Sum sum;
      try {
        sum = sum(file);
      } catch (java.nio.file.NoSuchFileException gone) {
        changing.add(found.path());
        return Optional.empty();
      } catch (IOException unreadable) {
        unread.add(found.path());
        return Optional.empty();
      }
      try {
        if (missing(sum.sha256()).isEmpty() || send(file, sum.sha256())) {
          return Optional.of(found.withContent(sum.sha256(), sum.bytes()));
        }
      } catch (IOException failed) {
        destinations.check();
        unread.add(found.path());
        return Optional.empty();
      }
    }
    changing.add(found.path());
    return Optional.empty();
  }

  /** A list that is damaged in its middle only costs time. */
  private Optional<MediaFile> old(MediaList.Reader before, String path) {
    try {
      return before.at(path);
    } catch (IOException damaged) {
      broken = true;
      context.step("the rest of the media list before cannot be read: %s", damaged);
      return Optional.empty();
    }
  }

  private record Sum(String sha256, long bytes) {}

  private static Sum sum(Path file) throws IOException {
    MessageDigest digest = Copies.sha256Digest();
    long length = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      int count;
      while ((count = in.read(buffer)) >= 0) {
        digest.update(buffer, 0, count);
        length += count;
      }
    }
    return new Sum(HexFormat.of().formatHex(digest.digest()), length);
  }

  private List<Destination> missing(String sha256) {
    return destinations.working().stream()
        .filter(it -> !stored.containsKey(it) || !stored.get(it).contains(sha256))
        .toList();
  }

  /** Sends a content to where it is missing; false if it is another by now. */
  private boolean send(Path file, String sha256) throws IOException {
    List<Destination> to = missing(sha256);
    Function<Layout, String> key = layout -> layout.media(sha256, encryption.isPresent());
    MessageDigest digest = Copies.sha256Digest();
    try (Copies copies = Copies.open(destinations, to, key)) {
      InputStream opened;
      try {
        opened = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
      } catch (IOException gone) {
        return false;
      }
      try (InputStream in = new DigestInputStream(opened, digest)) {
        DumpStep.copy(in, copies, encryption);
      }
      if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
        return false;
      }
      copies.complete();
    }
    to.forEach(it -> stored.computeIfAbsent(it, one -> new ContentSums()).add(sha256));
    sent++;
    return true;
  }
}
