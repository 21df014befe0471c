package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one dump: content, roles, media, and the manifest last, which makes it a backup. */
final class DumpStep {

  private static final int BUFFER = 64 * 1024;

  private final AgentContext context;
  private final Destinations destinations;
  private final Tools tools;
  private final Pipes pipes;
  private final Map<Destination, Catalogue> catalogues;
  private final List<Function<Layout, String>> written = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();

  DumpStep(
      AgentContext context,
      Destinations destinations,
      Tools tools,
      Pipes pipes,
      Map<Destination, Catalogue> catalogues) {
    this.context = context;
    this.destinations = destinations;
    this.tools = tools;
    this.pipes = pipes;
    this.catalogues = catalogues;
  }

  /** What happened that is no failure, as sentences. */
  List<String> notes() {
    return notes;
  }

  /** The media files that could not be read, so that they are in no backup. */
  List<String> unread() {
    return unread;
  }

  /**
   * Makes it.
   *
   * @param session with the snapshot, open; it is closed as soon as the dump is done
   * @return the manifest per destination that has it
   */
  Map<Destination, Manifest> run(DumpSession session)
      throws IOException, InterruptedException, SQLException {
    Instant started = context.clock().instant();
    DumpSession.Snapshot snapshot = session.snapshot();
    Optional<Encryption> encryption = context.encryption();
    boolean encrypted = encryption.isPresent();
    try {
      Instant time = freeTime(snapshot.time(), encrypted);
      context.step("dump of %s at %s", context.config().database().database(), time);
      CompletableFuture<SortedMap<String, Long>> counted = counting(session);
      Content content = content(snapshot, time, encryption, counted);
      session.close();
      Function<Layout, @Nullable String> roles = roles(time, encryption);
      MediaStep.Listed media = media(time, encryption);
      notes.addAll(media.notes());
      unread.addAll(media.unread());
      long seconds = Duration.between(started, context.clock().instant()).toSeconds();
      return new Written(destinations)
          .manifests(
              BackupType.DUMP,
              time,
              layout ->
                  new Manifest(
                      Manifest.VERSION,
                      BackupType.DUMP,
                      context.config().hub(),
                      context.config().namespace(),
                      time,
                      layout.content(BackupType.DUMP, time, encrypted),
                      content.bytes(),
                      content.sha256(),
                      seconds,
                      snapshot.version(),
                      snapshot.system(),
                      encrypted,
                      encryption.map(Encryption::recipient).orElse(null),
                      new Manifest.Dump(
                          snapshot.encoding(),
                          snapshot.databaseBytes(),
                          content.rows(),
                          roles.apply(layout),
                          media.listed() ? layout.mediaList(time, encrypted) : null,
                          media.files(),
                          media.bytes()),
                      null));
    } catch (IOException | InterruptedException | SQLException | RuntimeException failed) {
      // Without a manifest it is no backup, and would only take room.
      new Written(destinations).forget(written);
      throw failed;
    }
  }

  /** Content as stored, and the rows in it. */
  private record Content(long bytes, String sha256, SortedMap<String, Long> rows) {}

  private CompletableFuture<SortedMap<String, Long>> counting(DumpSession session) {
    CompletableFuture<SortedMap<String, Long>> counted = new CompletableFuture<>();
    Thread counter =
        new Thread(
            () -> {
              try {
                counted.complete(session.count());
              } catch (SQLException | RuntimeException failed) {
                counted.completeExceptionally(failed);
              }
            },
            "count");
    counter.setDaemon(true);
    counter.start();
    return counted;
  }

  private Content content(
      DumpSession.Snapshot snapshot,
      Instant time,
      Optional<Encryption> encryption,
      CompletableFuture<SortedMap<String, Long>> counted)
      throws IOException, InterruptedException, SQLException {
    Function<Layout, String> key =
        layout -> layout.content(BackupType.DUMP, time, encryption.isPresent());
    try (Copies copies = destinations.open(key)) {
      pipes.say("snapshot", snapshot.id() + "\n");
      tools.read(
          "dump",
          "DumpFailed",
          "The log of the container tools and the database's log say more.",
          output -> copy(output, copies, encryption));
      SortedMap<String, Long> rows = counted(counted);
      if (copies.bytes() == 0) {
        throw new AgentException("DumpFailed", "pg_dump ended well but wrote nothing");
      }
      copies.complete();
      written.add(key);
      context.step("dump stored: %d bytes, %d tables", copies.bytes(), rows.size());
      return new Content(copies.bytes(), copies.sha256(), rows);
    }
  }

  private static SortedMap<String, Long> counted(CompletableFuture<SortedMap<String, Long>> counted)
      throws InterruptedException, SQLException {
    try {
      return counted.get();
    } catch (ExecutionException failed) {
      throw new SQLException(
          "the rows could not be counted: " + failed.getCause().getMessage(), failed.getCause());
    }
  }

  /** From a stream into the copies, encrypted if that is wanted. */
  static void copy(InputStream from, Copies to, Optional<Encryption> encryption)
      throws IOException {
    OutputStream sink = encryption.isPresent() ? encryption.get().encrypting(to.sink()) : to.sink();
    byte[] buffer = new byte[BUFFER];
    int length;
    while ((length = from.read(buffer)) >= 0) {
      sink.write(buffer, 0, length);
    }
    sink.close();
  }

  private Function<Layout, @Nullable String> roles(Instant time, Optional<Encryption> encryption)
      throws IOException, InterruptedException {
    if (!context.config().database().own()) {
      return layout -> null;
    }
    pipes.say("roles.go", "go\n");
    tools.ended("roles", "RolesFailed", "The log of the container tools says more.");
    Path file = pipes.path("roles.sql");
    Function<Layout, String> key = layout -> layout.roles(time, encryption.isPresent());
    try (Copies copies = destinations.open(key);
        InputStream from = Files.newInputStream(file)) {
      copy(from, copies, encryption);
      copies.complete();
      written.add(key);
    }
    return key::apply;
  }

  private MediaStep.Listed media(Instant time, Optional<Encryption> encryption) throws IOException {
    String media = context.config().media();
    if (media == null) {
      return MediaStep.Listed.NONE;
    }
    Function<Layout, String> key = layout -> layout.mediaList(time, encryption.isPresent());
    written.add(key);
    return new MediaStep(context, destinations, catalogues, encryption).run(Path.of(media), key);
  }

  /** The snapshot's time or, where a backup has that name, a second before, which it holds too. */
  private Instant freeTime(Instant time, boolean encrypted) {
    Instant free = time;
    while (isTaken(free, encrypted)) {
      free = free.minusSeconds(1);
    }
    return free;
  }

  private boolean isTaken(Instant time, boolean encrypted) {
    return catalogues.entrySet().stream()
        .anyMatch(
            it ->
                it.getValue()
                    .holds(it.getKey().layout().content(BackupType.DUMP, time, encrypted)));
  }

  /** What is done in every destination at the end of a backup, whether good or bad. */
  record Written(Destinations destinations) {

    /** Writes the manifests, the last step. */
    Map<Destination, Manifest> manifests(
        BackupType type, Instant time, Function<Layout, Manifest> manifest) throws IOException {
      Map<Destination, Manifest> made = new java.util.LinkedHashMap<>();
      destinations.each(
          it -> {
            Manifest of = manifest.apply(it.layout());
            it.store()
                .put(
                    it.layout().manifest(type, time),
                    ReportCodec.json(of).getBytes(StandardCharsets.UTF_8));
            made.put(it, of);
          });
      return made;
    }

    /** Deletes what was written of a backup that is none; what stays, the next prune deletes. */
    void forget(List<Function<Layout, String>> keys) {
      for (Destination destination : destinations.all()) {
        try {
          destination
              .store()
              .delete(keys.stream().map(it -> it.apply(destination.layout())).toList());
        } catch (StoreException left) {
          // Without a manifest it is not a backup.
        }
      }
    }
  }

  /** Whom this hub's configuration is about, where the server has no identifier. */
  static String elsewhere(AgentConfig config) {
    return config.database().host() + "/" + config.database().database();
  }
}
