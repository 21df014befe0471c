package io.sanadflow.studyhub.logs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Files with lines, a JSON object each, that the collector follows: the newest is written to, and
 * the oldest goes when all are too large together. They are also the memory of what was read.
 */
final class LineFiles implements AutoCloseable {

  /**
   * What was read before this process began.
   *
   * @param since since when: what has no position had no line since
   */
  record Known(Map<Source, Position> positions, Optional<Instant> since) {}

  private static final JsonFactory JSON = new JsonFactory();

  private static final String BEGINNING = "lines-";
  private static final String END = ".json";

  private static final int FILES = 16;

  private record Kept(Path path, long size) {}

  private final Path directory;
  private final long most;
  private final Clock clock;
  private final BooleanSupplier mayDrop;
  private final Deque<Kept> full = new ArrayDeque<>();
  private long fullBytes;
  private OutputStream out = OutputStream.nullOutputStream();
  private Path current;
  private long size;

  /** The milliseconds in the name of the newest file; each has later ones than those before. */
  private long newest;

  /**
   * Opens a new file among those that are there.
   *
   * @param most bytes of all files
   * @param mayDrop whether the oldest lines may go for new ones; asked when there is no room
   */
  LineFiles(Path directory, long most, Clock clock, BooleanSupplier mayDrop) throws IOException {
    this.directory = directory;
    this.most = most;
    this.clock = clock;
    this.mayDrop = mayDrop;
    Files.createDirectories(directory);
    for (Path it : files(directory)) {
      newest = began(it).toEpochMilli();
      if (Files.size(it) == 0) {
        Files.delete(it);
        continue;
      }
      full.addLast(new Kept(it, Files.size(it)));
      fullBytes += Files.size(it);
    }
    this.current = directory;
    open();
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(it -> it.getFileName().toString().matches("lines-\\d{17}\\.json"))
          .sorted()
          .toList();
    }
  }

  private void open() throws IOException {
    newest = Math.max(clock.millis(), newest + 1);
    Path path = directory.resolve(BEGINNING + "%017d".formatted(newest) + END);
    out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    current = path;
    size = 0;
  }

  /**
   * Writes a line at once. Waits where there is no room and nothing may go: then the lines stay
   * where they come from.
   */
  synchronized void write(Source source, Line line) throws IOException, InterruptedException {
    byte[] json = json(source, line);
    while (fullBytes + size + json.length > most && !full.isEmpty() && !mayDrop.getAsBoolean()) {
      wait(1000);
    }
    while (fullBytes + size + json.length > most && !full.isEmpty()) {
      Kept oldest = full.removeFirst();
      Files.deleteIfExists(oldest.path());
      fullBytes -= oldest.size();
    }
    if (size > 0 && size + json.length > most / FILES) {
      next();
    }
    try {
      // In one piece, so that the collector finds no half of one.
      out.write(json);
      size += json.length;
    } catch (IOException noRoom) {
      // What was written of it stays without an end, which is no line.
      size++;
      next();
      throw noRoom;
    }
  }

  private void next() throws IOException {
    out.close();
    full.addLast(new Kept(current, size));
    fullBytes += size;
    open();
  }

  private static byte[] json(Source source, Line line) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(line.text().length() + 256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("time", line.time().toString());
      json.writeStringField("component", source.component());
      json.writeStringField("pod", source.pod());
      json.writeStringField("uid", source.uid());
      json.writeStringField("container", source.container());
      json.writeStringField("log", line.text());
      json.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  /** What the files say was read before. */
  static Known known(Path directory) throws IOException {
    Map<Source, Position> positions = new HashMap<>();
    List<Path> files = Files.isDirectory(directory) ? files(directory) : List.of();
    for (Path file : files) {
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        for (String json = lines.readLine(); json != null; json = lines.readLine()) {
          remember(json, positions);
        }
      }
    }
    return new Known(positions, files.stream().findFirst().map(LineFiles::began));
  }

  private static Instant began(Path file) {
    String name = file.getFileName().toString();
    return Instant.ofEpochMilli(
        Long.parseLong(name.substring(BEGINNING.length(), name.length() - END.length())));
  }

  private static void remember(String json, Map<Source, Position> positions) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        fields.put(name, String.valueOf(parser.nextTextValue()));
      }
      if (parser.currentToken() != JsonToken.END_OBJECT || fields.size() < 6) {
        return;
      }
    } catch (IOException half) {
      // The last line of a process that was killed: it counts as not read.
      return;
    }
    Source source =
        new Source(
            fields.get("pod"), fields.get("uid"), fields.get("component"), fields.get("container"));
    Line line = new Line(Instant.parse(fields.get("time")), fields.get("log"));
    positions.computeIfAbsent(source, it -> new Position(line.time())).written(line);
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
