package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Condition;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.ContentChangedException;
import io.sanadflow.studyhub.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of files that were copied: read from the bucket and written anew in one pass, in
 * the order of paths, through files on this machine, so that their number does not count. Losing it
 * costs work and no file.
 */
final class StateFile implements AutoCloseable {

  /** How much work a kill may cost. */
  private static final Duration EVERY = Duration.ofMinutes(3);

  private static final int BUFFER = 16 * 1024;

  private final ConditionalStore store;
  private final String key;
  private final Clock clock;
  private final Path before;
  private final Path after;
  private final Path saved;
  private Reader reader;
  private OutputStream lines;
  private String last = "";
  private boolean differs;
  private Instant savedAt;

  private StateFile(ConditionalStore store, String key, Clock clock, Path scratch)
      throws IOException {
    this.store = store;
    this.key = key;
    this.clock = clock;
    this.before = Files.createTempFile(scratch, "state", ".before");
    this.after = Files.createTempFile(scratch, "state", ".after");
    this.saved = Files.createTempFile(scratch, "state", ".saved");
    this.reader = Reader.EMPTY;
    this.lines = append(after);
    this.savedAt = clock.instant();
  }

  /**
   * Begins a pass.
   *
   * @param scratch a directory of this machine
   */
  static StateFile open(ConditionalStore store, OffloadLayout layout, Clock clock, Path scratch)
      throws IOException {
    StateFile state = new StateFile(store, layout.state(), clock, scratch);
    try (InputStream in = store.get(layout.state())) {
      Files.copy(in, state.before, StandardCopyOption.REPLACE_EXISTING);
      state.reader = new Reader(state.before);
    } catch (StoreException failed) {
      if (!failed.reason().equals("NotFound")) {
        state.close();
        throw failed;
      }
      state.differs = true;
    }
    return state;
  }

  /** What is known of a path. Paths have to be asked for in their order. */
  Optional<Copied> at(String path) {
    return reader.at(path);
  }

  /** Writes what is known from now on, in the order of paths. */
  void add(Copied copied) throws IOException {
    write(lines, copied);
    last = copied.path();
    if (clock.instant().isAfter(savedAt.plus(EVERY))) {
      save();
    }
  }

  private static void write(OutputStream to, Copied copied) throws IOException {
    to.write((ReportCodec.json(copied) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Puts into the bucket what this pass knows and, of what lies before it, what the last knew. */
  private void save() throws IOException {
    lines.close();
    lines = append(after);
    Files.copy(after, saved, StandardCopyOption.REPLACE_EXISTING);
    try (Reader rest = reader.again();
        OutputStream more = append(saved)) {
      for (Optional<Copied> line = rest.next(); line.isPresent(); line = rest.next()) {
        if (LocalFile.ORDER.compare(line.get().path(), last) > 0) {
          write(more, line.get());
        }
      }
    }
    put(saved);
  }

  /** Ends a pass that came to its end: what it did not write is not known any more. */
  void complete() throws IOException {
    lines.close();
    if (differs || Files.mismatch(before, after) >= 0) {
      put(after);
    }
  }

  /** Ends a pass that did not: what it has not come to stays known. */
  void breakOff() throws IOException {
    save();
  }

  private void put(Path file) throws IOException {
    try {
      store.store(key, Content.of(file), "application/gzip", Condition.ALWAYS);
    } catch (ContentChangedException impossible) {
      throw new IllegalStateException(impossible);
    }
    savedAt = clock.instant();
  }

  private static OutputStream append(Path file) throws IOException {
    return new GZIPOutputStream(Files.newOutputStream(file, StandardOpenOption.APPEND), BUFFER);
  }

  @Override
  public void close() throws IOException {
    reader.close();
    lines.close();
    Files.deleteIfExists(before);
    Files.deleteIfExists(after);
    Files.deleteIfExists(saved);
  }

  /** Reads lines, as far as they can be read. */
  private static final class Reader implements AutoCloseable {

    static final Reader EMPTY = new Reader();

    private final @Nullable Path file;
    private final @Nullable BufferedReader lines;
    private @Nullable Copied current;
    private boolean started;

    private Reader() {
      this.file = null;
      this.lines = null;
    }

    Reader(Path file) throws IOException {
      this.file = file;
      this.lines = open(file);
    }

    private static @Nullable BufferedReader open(Path file) throws IOException {
      InputStream in = Files.newInputStream(file);
      try {
        return new BufferedReader(
            new InputStreamReader(new GZIPInputStream(in, BUFFER), StandardCharsets.UTF_8));
      } catch (IOException damaged) {
        in.close();
        return null;
      }
    }

    Reader again() throws IOException {
      return file == null ? EMPTY : new Reader(file);
    }

    /** The next line; empty at the end, and where the rest is damaged. */
    Optional<Copied> next() {
      started = true;
      try {
        String line = lines == null ? null : lines.readLine();
        current = line == null ? null : ReportCodec.read(line, Copied.class);
      } catch (IOException damaged) {
        current = null;
      }
      return Optional.ofNullable(current);
    }

    Optional<Copied> at(String path) {
      if (!started) {
        next();
      }
      while (current != null && LocalFile.ORDER.compare(current.path(), path) < 0) {
        next();
      }
      return Optional.ofNullable(current).filter(it -> it.path().equals(path));
    }

    @Override
    public void close() throws IOException {
      if (lines != null) {
        lines.close();
      }
    }
  }
}
