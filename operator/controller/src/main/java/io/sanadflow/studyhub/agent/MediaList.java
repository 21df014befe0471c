package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.MediaFile;
import io.sanadflow.studyhub.backup.ReportCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Lists of media files, read line by line, so that their length does not count. */
final class MediaList {

  private MediaList() {}

  /**
   * Opens the list of a dump.
   *
   * @throws AgentException EncryptionKeyMissing if it is encrypted and there is no key
   */
  static Reader read(Archive archive, Manifest manifest, Optional<Encryption> encryption)
      throws IOException {
    Manifest.Dump dump = manifest.dump();
    String key = dump == null ? null : dump.mediaKey();
    if (key == null) {
      return Reader.EMPTY;
    }
    if (manifest.encrypted() && encryption.isEmpty()) {
      throw new AgentException(
          "EncryptionKeyMissing", key + " is encrypted, and the agent was given no key");
    }
    InputStream stored = archive.store().get(key);
    try {
      InputStream plain = manifest.encrypted() ? encryption.get().decrypting(stored) : stored;
      return new Reader(
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(plain), StandardCharsets.UTF_8)));
    } catch (IOException unreadable) {
      stored.close();
      throw unreadable;
    }
  }

  /** A list in the order of its paths. */
  static final class Reader implements AutoCloseable {

    /** A list of nothing. */
    static final Reader EMPTY = new Reader(new BufferedReader(new StringReader("")));

    private final BufferedReader lines;
    private @Nullable MediaFile current;
    private boolean started;

    Reader(BufferedReader lines) {
      this.lines = lines;
    }

    /** The next line; empty at the end. */
    Optional<MediaFile> next() throws IOException {
      String line = lines.readLine();
      current = line == null ? null : ReportCodec.read(line, MediaFile.class);
      started = true;
      return Optional.ofNullable(current);
    }

    /** The line of a path. Paths have to be asked for in the order of the list. */
    Optional<MediaFile> at(String path) throws IOException {
      if (!started) {
        next();
      }
      while (current != null && MediaFile.ORDER.compare(current.path(), path) < 0) {
        next();
      }
      return Optional.ofNullable(current).filter(it -> it.path().equals(path));
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
