package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.WalSegment;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes one base backup, which becomes consistent with the log that is archived beside it. */
final class BaseStep {

  private final AgentContext context;
  private final Destinations destinations;
  private final Tools tools;
  private final Pipes pipes;
  private final Catalogue catalogue;

  /**
   * A step.
   *
   * @param destinations the one archive that base backups go to
   * @param catalogue what it holds already
   */
  BaseStep(
      AgentContext context,
      Destinations destinations,
      Tools tools,
      Pipes pipes,
      Catalogue catalogue) {
    this.context = context;
    this.destinations = destinations;
    this.tools = tools;
    this.pipes = pipes;
    this.catalogue = catalogue;
  }

  /** Makes it; returns the manifest per destination that has it. */
  Map<Destination, Manifest> run(BaseSession session)
      throws IOException, InterruptedException, SQLException {
    Instant started = context.clock().instant();
    Optional<Encryption> encryption = context.encryption();
    boolean encrypted = encryption.isPresent();
    BaseSession.Server server = session.server();
    if (server.segmentBytes() != WalSegment.BYTES) {
      throw new AgentException(
          "WalSegmentSize",
          "the server's segments of write-ahead log have %d bytes, and only the usual 16 MiB can be archived; set spec.backup.wal.enabled: false"
              .formatted(server.segmentBytes()));
    }
    Instant start = freeTime(server.time(), encrypted);
    List<Function<Layout, String>> written = new ArrayList<>();
    try {
      WalSegment first = session.begin();
      // Named by its start until it is complete; nobody looks for a backup by its name.
      Function<Layout, String> key = layout -> layout.content(BackupType.BASE, start, encrypted);
      long bytes;
      String sha256;
      try (Copies copies = destinations.open(key)) {
        pipes.say("base.go", "go\n");
        tools.read(
            "base",
            "BaseFailed",
            "The log of the container tools says more.",
            output -> DumpStep.copy(output, copies, encryption));
        copies.complete();
        written.add(key);
        bytes = copies.bytes();
        sha256 = copies.sha256();
      }
      BaseSession.End end = session.end(first.timeline());
      long seconds = Duration.between(started, context.clock().instant()).toSeconds();
      context.step(
          "base backup stored: %d bytes, log from %s to %s", bytes, first, end.lastSegment());
      return new DumpStep.Written(destinations)
          .manifests(
              BackupType.BASE,
              start,
              layout ->
                  new Manifest(
                      Manifest.VERSION,
                      BackupType.BASE,
                      context.config().hub(),
                      context.config().namespace(),
                      end.time(),
                      key.apply(layout),
                      bytes,
                      sha256,
                      seconds,
                      server.version(),
                      server.system(),
                      encrypted,
                      encryption.map(Encryption::recipient).orElse(null),
                      null,
                      new Manifest.Base(first.name(), end.lastSegment().name())));
    } catch (IOException | InterruptedException | SQLException | RuntimeException failed) {
      new DumpStep.Written(destinations).forget(written);
      throw failed;
    }
  }

  /** The server's time or, where a backup has that name, a second after. */
  private Instant freeTime(Instant time, boolean encrypted) {
    Layout layout = destinations.first().layout();
    Instant free = time;
    while (catalogue.holds(layout.content(BackupType.BASE, free, encrypted))) {
      free = free.plusSeconds(1);
    }
    return free;
  }
}
