package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.WalBatch;
import io.sanadflow.studyhub.backup.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Fetches archived log for the scratch server. */
final class WalFetch {

  private static final Pattern MEMBER = Pattern.compile("[0-9A-F]{8}[0-9A-Za-z.]*\\.gz");

  private final AgentContext context;
  private final Archive archive;

  WalFetch(AgentContext context, Archive archive) {
    this.context = context;
    this.archive = archive;
  }

  /** Fetches what a base backup needs and all that came after it. */
  void fetch(Manifest base, List<WalBatch> log) throws IOException {
    Path directory = Files.createDirectories(context.files().scratch().resolve("wal"));
    for (WalBatch batch : log) {
      if (needs(base, batch)) {
        unpack(batch.key(), directory);
      }
    }
    Files.writeString(directory.resolve("complete"), "");
  }

  /** Whether a base backup needs some of a batch, or what came after it is there. */
  static boolean needs(Manifest base, WalBatch batch) {
    Manifest.Base segments = base.base();
    Optional<WalSegment> first =
        segments == null ? Optional.empty() : WalSegment.parse(segments.firstSegment());
    return first.isEmpty() || batch.last().number() >= first.get().number();
  }

  private void unpack(String key, Path directory) throws IOException {
    boolean encrypted = key.endsWith(Layout.ENCRYPTED);
    if (encrypted && context.encryption().isEmpty()) {
      throw new AgentException(
          "EncryptionKeyMissing",
          key
              + " is encrypted, and no key is given: put its key into a Secret and name that in"
              + " spec.backup.encryption");
    }
    int files = 0;
    try (InputStream stored = archive.store().get(key);
        ZipInputStream zip =
            new ZipInputStream(
                encrypted ? context.encryption().orElseThrow().decrypting(stored) : stored)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!MEMBER.matcher(entry.getName()).matches()) {
          throw tampered(key, "it holds " + entry.getName());
        }
        Path part = directory.resolve("part");
        Files.copy(zip, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, directory.resolve(entry.getName()), StandardCopyOption.REPLACE_EXISTING);
        files++;
      }
    } catch (ZipException damaged) {
      throw tampered(key, String.valueOf(damaged.getMessage()));
    }
    if (files == 0) {
      throw tampered(key, "it holds nothing");
    }
    context.step("%d files of log from %s", files, key);
  }

  private static AgentException tampered(String key, String what) {
    return new AgentException(
        "Tampered",
        "%s was changed or damaged in the store: %s. Give a moment before it, or restore a dump"
            .formatted(key, what));
  }
}
