package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.MediaFile;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.RestoreChoice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * {@code restore media}: STAGE fetches the media of a dump beside those of the hub, on the same
 * volume; {@link MediaSwap} does the rest.
 */
final class RestoreMedia {

  private final AgentContext context;
  private final Path root;
  private final MediaSwap swap;

  private RestoreMedia(AgentContext context, Path root, String id) {
    this.context = context;
    this.root = root;
    this.swap = new MediaSwap(root, id);
  }

  /** Does a step: STAGE, PLACE, UNDO or DROP. */
  static Report run(AgentContext context, String step, Options options) throws IOException {
    String id = options.required("id");
    if (!id.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      throw AgentException.usage("--id " + id + ": small letters, digits and dashes alone");
    }
    String media = context.config().media();
    if (media == null || !Files.isDirectory(Path.of(media))) {
      throw new AgentException(
          "MediaMissing", "the media volume is not mounted at " + media + ": nothing was done");
    }
    RestoreMedia restore = new RestoreMedia(context, Path.of(media), id);
    return switch (step) {
      case "STAGE" -> restore.stage(options);
      case "PLACE" -> context.succeeded(restore.swap.place());
      case "UNDO" -> context.succeeded(restore.swap.undo());
      case "DROP" -> context.succeeded(restore.swap.drop());
      default ->
          throw AgentException.usage(
              "restore media " + step + ": there is STAGE, PLACE, UNDO and DROP");
    };
  }

  private Report stage(Options options) throws IOException {
    Archive archive = context.archive();
    Catalogue catalogue = Catalogue.read(archive.store(), archive.layout());
    Optional<Entry> entry = entry(catalogue, archive, options);
    if (entry.isEmpty()) {
      return context.succeeded("there is no dump, so no list of media: those of the hub stay");
    }
    Manifest manifest = RestoreCommand.readable(RestoreCommand.known(catalogue, entry.get()));
    Manifest.Dump dump = manifest.dump();
    if (dump == null || dump.mediaKey() == null) {
      return context.succeeded(manifest.key() + " has no list of media: those of the hub stay");
    }
    Path fresh = swap.stage(manifest.key());
    room(dump.mediaBytes());
    RestoreContent content = new RestoreContent(context, archive, manifest);
    long files = 0;
    try (MediaList.Reader list = MediaList.read(archive, manifest, context.encryption())) {
      for (Optional<MediaFile> line = list.next(); line.isPresent(); line = list.next()) {
        files += one(line.get(), fresh, archive, manifest, content) ? 1 : 0;
      }
    }
    if (files != dump.mediaFiles()) {
      throw new AgentException(
          "CountsDiffer",
          "the list of media of %s has %d files, not %d: it was changed in the store. %s"
              .formatted(manifest.key(), files, dump.mediaFiles(), RestoreContent.ANOTHER));
    }
    swap.staged();
    return Report.of(
            true,
            "Restored",
            "%d media files of %s are staged".formatted(files, manifest.key()),
            context.now())
        .withRestore(new Report.Restore(entry.get(), manifest.time(), 0, 0, files, 0));
  }

  private static Optional<Entry> entry(Catalogue catalogue, Archive archive, Options options)
      throws AgentException {
    if (options.value("at").isPresent()) {
      return RestoreChoice.media(catalogue.entries(), PointInTime.parse(options.value("at").get()));
    }
    Entry chosen = RestoreCommand.chosen(catalogue, options, archive).entry();
    return chosen.type() == BackupType.DUMP
        ? Optional.of(chosen)
        : RestoreChoice.media(catalogue.entries(), chosen.time());
  }

  private void room(long bytes) throws IOException {
    FileStore volume = Files.getFileStore(root);
    if (volume.getUsableSpace() < bytes) {
      throw new AgentException(
          "NoSpace",
          "the media volume has %d bytes left; %d are needed beside the present files. Give it more room"
              .formatted(volume.getUsableSpace(), bytes));
    }
  }

  /** Whether it is a file, which is there now. */
  private boolean one(
      MediaFile line, Path fresh, Archive archive, Manifest manifest, RestoreContent content)
      throws IOException {
    Path place = fresh.resolve(line.path()).normalize();
    if (line.path().isEmpty() || !place.startsWith(fresh) || place.equals(fresh)) {
      throw new AgentException(
          "Tampered",
          "the list of media names a place outside the volume: it was changed in the store. "
              + RestoreContent.ANOTHER);
    }
    Files.createDirectories(parent(place));
    String link = line.link();
    String sha256 = line.sha256();
    if (link != null) {
      Files.deleteIfExists(place);
      Files.createSymbolicLink(place, Path.of(link));
      return false;
    }
    if (sha256 == null) {
      Files.createDirectories(place);
      return false;
    }
    if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
        || Files.size(place) != line.bytes()) {
      fetch(line, sha256, place, archive, manifest, content);
    }
    Files.setPosixFilePermissions(place, permissions(line.mode()));
    Files.setLastModifiedTime(place, FileTime.from(line.modified()));
    return true;
  }

  private static Path parent(Path place) {
    Path parent = place.getParent();
    return parent == null ? place : parent;
  }

  /** It appears whole: a run that was killed goes on after it. */
  private void fetch(
      MediaFile line,
      String sha256,
      Path place,
      Archive archive,
      Manifest manifest,
      RestoreContent content)
      throws IOException {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new AgentException("Tampered", "the list of media was changed in the store");
    }
    Path part = swap.part();
    if (present(line, sha256, part)) {
      Files.move(part, place, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    String key = archive.layout().media(sha256, manifest.encrypted());
    try (InputStream stored = archive.store().get(key);
        Summed summed = new Summed(content.plain(stored));
        OutputStream file = Files.newOutputStream(part)) {
      summed.transferTo(file);
      if (summed.bytes() != line.bytes() || !summed.sha256().equals(sha256)) {
        throw new AgentException(
            "Tampered",
            "%s is not the content that its name says: it was changed or damaged in the store. %s"
                .formatted(key, RestoreContent.ANOTHER));
      }
    }
    Files.move(part, place, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Copies the file that the hub has at this place, if it is of that content already. A link would
   * be one file with what is kept aside.
   */
  private boolean present(MediaFile line, String sha256, Path part) throws IOException {
    Path there = root.resolve(line.path());
    if (!Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)
        || !there.toRealPath().startsWith(root.toRealPath())
        || Files.size(there) != line.bytes()) {
      return false;
    }
    try (Summed summed = new Summed(Files.newInputStream(there));
        OutputStream file = Files.newOutputStream(part)) {
      summed.transferTo(file);
      return summed.bytes() == line.bytes() && summed.sha256().equals(sha256);
    } catch (NoSuchFileException | AccessDeniedException unreadable) {
      return false;
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int bit = 0; bit < all.length; bit++) {
      if ((mode & 0400 >> bit) != 0) {
        permissions.add(all[bit]);
      }
    }
    return permissions;
  }
}
