package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Globals;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.RestoreChoice;
import io.sanadflow.studyhub.backup.WalBatch;
import io.sanadflow.studyhub.backup.WalCoverage;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Brings the state of a moment into a database beside the hub's: a scratch server in this pod takes
 * up a base backup and the log up to that moment, and its database is copied over.
 */
final class PointInTime {

  private static final int PORT = 5433;

  /** How long the hub's own server may take to archive what was written until now. */
  private static final Duration ARCHIVING = Duration.ofMinutes(2);

  private final AgentContext context;
  private final Archive archive;
  private final Catalogue catalogue;
  private final int port;

  PointInTime(AgentContext context, Archive archive, Catalogue catalogue) {
    this(context, archive, catalogue, PORT);
  }

  /** With the scratch server at another port, for tests. */
  PointInTime(AgentContext context, Archive archive, Catalogue catalogue, int port) {
    this.context = context;
    this.archive = archive;
    this.catalogue = catalogue;
    this.port = port;
  }

  /** A moment as RFC 3339 has it. */
  static Instant parse(String text) throws AgentException {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException bad) {
      throw AgentException.usage(
          "--at " + text + ": not a time as 2026-11-24T02:00:00Z or 2026-11-24T10:00:00+08:00");
    }
  }

  /** Restores. */
  Report restore(Instant at, String database, Instant started)
      throws IOException, SQLException, InterruptedException {
    if (at.isAfter(context.clock().instant())) {
      throw new AgentException(
          "InTheFuture", "at: " + at + " is yet to come; give a moment that has passed");
    }
    Entry entry = RestoreChoice.base(catalogue.entries(), at).orElseThrow(() -> beforeArchive(at));
    Manifest manifest = RestoreCommand.readable(RestoreCommand.known(catalogue, entry));
    RestoreServer target = RestoreServer.target(context);
    String first = context.config().database().database();
    archiveTheRest(target, first, manifest);
    try (RestoreTools tools = RestoreTools.join(context.pipes())) {
      recover(manifest, at, tools);
      SortedMap<String, Long> rows = copy(target, first, database, at, tools);
      tools.dismiss();
      return RestoreCommand.restored(context, entry, at, rows, started);
    }
  }

  private AgentException beforeArchive(Instant at) {
    Optional<Instant> earliest = RestoreChoice.earliest(catalogue.entries());
    String dump =
        RestoreChoice.latest(
                catalogue.entries().stream().filter(it -> !it.time().isAfter(at)).toList(),
                BackupType.DUMP)
            .map(it -> ", or restore the dump of " + it.time() + ", the last before it")
            .orElse("");
    return new AgentException(
        "BeforeArchive",
        earliest.isPresent()
            ? "at: %s is before %s, the earliest moment in %s. Give a later one%s"
                .formatted(at, earliest.get(), archive.name(), dump)
            : "%s has no base backup, so no moment can be gone back to; spec.backup.wal makes them%s"
                .formatted(archive.name(), dump.replaceFirst("^, or r", ". R")));
  }

  /** What the hub's own server has written until now goes into the archive first. */
  private void archiveTheRest(RestoreServer target, String database, Manifest manifest)
      throws IOException, SQLException, InterruptedException {
    if (!Files.isDirectory(context.files().spool())) {
      return;
    }
    try (Connection connection = target.open(database)) {
      String system =
          RestoreServer.value(connection, "SELECT system_identifier FROM pg_control_system()")
              .orElse("");
      if (!system.equals(manifest.system())) {
        return;
      }
      RestoreServer.value(
          connection, "SELECT pg_logical_emit_message(true, 'studyhub', 'restore')");
      String segment =
          RestoreServer.value(connection, "SELECT pg_walfile_name(pg_switch_wal())").orElse("");
      long end = System.nanoTime() + ARCHIVING.toNanos();
      while (RestoreServer.value(connection, "SELECT last_archived_wal FROM pg_stat_archiver")
              .orElse("")
              .compareTo(segment)
          < 0) {
        if (System.nanoTime() - end > 0) {
          context.step("the server did not archive %s in time", segment);
          break;
        }
        Thread.sleep(100);
      }
    }
    WalPush.push(context);
  }

  /** Has the scratch server reach the moment. */
  void recover(Manifest manifest, Instant at, RestoreTools tools)
      throws IOException, InterruptedException {
    List<WalBatch> log = new ArrayList<>();
    long stored = 0;
    for (ObjectStore.Stored object :
        archive.store().list(archive.layout().wal(manifest.system()))) {
      Optional<WalBatch> batch = WalBatch.parse(object.key());
      batch.ifPresent(log::add);
      stored += batch.filter(it -> WalFetch.needs(manifest, it)).isPresent() ? object.bytes() : 0;
    }
    WalCoverage coverage = WalCoverage.of(List.of(manifest), log);
    if (coverage.from() == null) {
      throw gap(coverage, manifest);
    }
    checkRoom(manifest, stored);
    RestoreContent content = new RestoreContent(context, archive, manifest);
    context.step("taking up %s", manifest.key());
    tools.begin("base", "");
    content.feed(tools, "base");
    tools.end("base", "BaseFailed", "The base backup cannot be unpacked: take another moment");
    new WalFetch(context, archive).fetch(manifest, log);
    context.step("recovering to %s", at);
    // The abbreviation Z is not known yet when a server reads its settings.
    tools.begin(
        "recover", at.toString().replace("Z", "+00") + " " + RestoreServer.preloaded(context));
    try {
      tools.end("recover", "RecoveryFailed", "The log of the scratch server is the cause");
    } catch (AgentException failed) {
      if (!tools.written("recover.err").contains("ended before configured recovery target")) {
        throw failed;
      }
      Instant until = coverage.until();
      if (coverage.gap() != null) {
        throw gap(coverage, manifest);
      }
      if (until == null || at.isAfter(until)) {
        throw new AgentException(
            "BeyondArchive",
            "at: %s is after %s, until when the log is archived. Give that moment or an earlier one"
                .formatted(at, until));
      }
      context.step("nothing was committed after it: the end of the log is its state");
      tools.begin("finish", "");
      tools.end("finish", "RecoveryFailed", "The log of the scratch server is the cause");
    }
  }

  /** What is missing is told before anything is fetched, as far as it can be known. */
  private void checkRoom(Manifest base, long log) throws IOException {
    // A base backup does not say how large it is unpacked; the dump nearest to it does.
    long database =
        catalogue.of(BackupType.DUMP).stream()
            .map(Catalogue.Known::manifest)
            .filter(it -> it != null && it.dump() != null)
            .min(Comparator.comparing(it -> Duration.between(it.time(), base.time()).abs()))
            .map(it -> it.dump().databaseBytes())
            .orElse(0L);
    long unpacked = Math.max(base.bytes(), database);
    long needed = unpacked + log;
    long left = Files.getFileStore(context.files().scratch()).getUsableSpace();
    if (left < needed) {
      throw new AgentException(
          "NoSpace",
          "the moment needs at least %d bytes of scratch space in the pod (a base backup of %d, log of %d), and its node has %d left. Nothing was changed: free some on the node, or give a later moment"
              .formatted(needed, unpacked, log, left));
    }
    if (Files.isDirectory(context.files().spool())) {
      // The spool is on the volume of the hub's database.
      long beside = Files.getFileStore(context.files().spool()).getUsableSpace();
      if (beside < unpacked) {
        throw new AgentException(
            "NoSpace",
            "the database's volume has %d bytes left; at least %d are needed beside the present data. Nothing was changed: make spec.database.storage larger, or drop what earlier restores kept (spec.previous: Drop)"
                .formatted(beside, unpacked));
      }
    }
  }

  private AgentException gap(WalCoverage coverage, Manifest manifest) {
    Manifest.Base base = manifest.base();
    String missing =
        coverage.gap() != null ? coverage.gap() : base == null ? "" : base.firstSegment();
    return new AgentException(
        "ArchiveGap",
        "the archived log lacks segment %s, so the moment cannot be reached from the base backup of %s. Give a moment before it%s, or restore a dump"
            .formatted(
                missing,
                manifest.time(),
                coverage.until() == null ? "" : " (until " + coverage.until() + ")"));
  }

  /** Copies the database of the scratch server to the target, and compares the rows. */
  SortedMap<String, Long> copy(
      RestoreServer target, String source, String database, Instant at, RestoreTools tools)
      throws IOException, SQLException, InterruptedException {
    RestoreServer scratch = RestoreServer.scratch(port);
    tools.begin("globals", source);
    tools.end(
        "globals",
        "RecoveryFailed",
        "At " + at + " there may have been no database " + source + ": give a later moment");
    SortedMap<String, Long> expected;
    String encoding;
    try (Connection recovered = scratch.open(source)) {
      expected = Tables.rows(recovered);
      encoding = RestoreServer.value(recovered, "SHOW server_encoding").orElse("UTF8");
    }
    try (Connection connection = target.open(source)) {
      target.makeMissing(context, connection, tools.written("roles.sql"));
      context.step("making database %s", database);
      RestoreServer.create(connection, database, encoding, DumpLoad.OWNER);
      try {
        tools.begin("copy", source + " " + database);
        tools.end("copy", "LoadFailed", "The hub's data are as they were");
        SortedMap<String, Long> rows;
        try (Connection restored = target.open(database)) {
          rows = Tables.rows(restored);
          Differences.check(expected, rows, "the state of " + at);
          RestoreServer.run(restored, "ANALYZE");
        }
        for (String setting : Globals.databaseSettings(tools.written("settings.sql"), database)) {
          RestoreServer.run(connection, setting);
        }
        return rows;
      } catch (IOException | SQLException | InterruptedException | RuntimeException failed) {
        RestoreServer.dropAfter(context, connection, database, failed);
        throw failed;
      }
    }
  }
}
