package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.backup.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drills with load.sh and a real PostgreSQL, where this machine has one. */
class DrillCommandTest {

  private static final Instant TIME = Instant.parse("2026-11-24T02:00:00Z");

  private static final String ROLES =
      "CREATE ROLE reader;\nALTER ROLE reader WITH NOLOGIN;\nCREATE ROLE hub_owner;\n"
          + "CREATE ROLE postgres;\nALTER ROLE postgres WITH PASSWORD 'x';\n";

  @TempDir static Path shared;
  @TempDir Path root;

  private static byte[] dump = {};
  private static String version = "";
  private static SortedMap<String, Long> rows = new TreeMap<>();

  private Path store = Path.of("");
  private int port;

  @BeforeAll
  static void dumpOfARealServer() throws Exception {
    assumeTrue(ToolsShell.hasPostgres(), "there is no PostgreSQL on this machine");
    ToolsShell.shared(shared);
    int port = freePort();
    Path file = shared.resolve("hub.dump");
    Pipes pipes = new Pipes(shared.resolve("source/pipes"));
    try (ToolsShell shell = ToolsShell.load(shared.resolve("source"), port);
        RestoreTools tools = RestoreTools.join(pipes)) {
      tools.begin("serve", "fresh");
      tools.end("serve", "ScratchFailed", "");
      RestoreServer server = RestoreServer.scratch(port);
      try (Connection connection = server.open("postgres")) {
        RestoreServer.run(connection, "CREATE ROLE reader");
        RestoreServer.run(connection, "CREATE ROLE hub_owner");
        RestoreServer.run(connection, "CREATE DATABASE hub OWNER hub_owner");
        RestoreServer.run(connection, "ALTER DATABASE hub SET default_transaction_read_only TO on");
        version = RestoreServer.value(connection, "SHOW server_version").orElseThrow();
      }
      try (Connection connection = server.open("hub")) {
        RestoreServer.run(connection, "SET default_transaction_read_only TO off");
        RestoreServer.run(
            connection,
            "CREATE TABLE notes AS SELECT g AS id, md5(g::text) AS text FROM generate_series(1,"
                + " 20000) g");
        RestoreServer.run(connection, "GRANT SELECT ON notes TO reader");
        RestoreServer.run(connection, "CREATE TABLE \"Odd name\" (a int)");
        // Of an extension: a dump leaves it out, so nobody may miss it afterwards.
        RestoreServer.run(connection, "CREATE TABLE facts AS SELECT 1 AS a");
        RestoreServer.run(connection, "ALTER EXTENSION plpgsql ADD TABLE facts");
        try (DumpSession session = new DumpSession.OfConnection(connection, "elsewhere")) {
          rows = session.count();
        }
        assertThat(rows).containsOnlyKeys("public.notes", "public.\"Odd name\"");
      }
      ToolsShell.run(
          "pg_dump",
          "-Fc",
          "-h",
          "127.0.0.1",
          "-p",
          String.valueOf(port),
          "-U",
          "postgres",
          "-f",
          file.toString(),
          "hub");
      tools.dismiss();
    }
    dump = Files.readAllBytes(file);
  }

  @AfterAll
  static void forget() {
    dump = new byte[0];
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @BeforeEach
  void storeWithTheDump() throws Exception {
    store = Files.createDirectories(root.resolve("store"));
    port = freePort();
    store(dump, rows);
  }

  private void store(byte[] content, SortedMap<String, Long> rows) throws Exception {
    store(content, rows, 1);
  }

  private void store(byte[] content, SortedMap<String, Long> rows, long databaseBytes)
      throws Exception {
    Layout layout = new Layout("");
    write(layout.content(BackupType.DUMP, TIME, false), content);
    write(layout.roles(TIME, false), ROLES.getBytes(StandardCharsets.UTF_8));
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(dump));
    Manifest manifest =
        new Manifest(
            Manifest.VERSION,
            BackupType.DUMP,
            "pilot",
            "hubs",
            TIME,
            layout.content(BackupType.DUMP, TIME, false),
            dump.length,
            sha256,
            1,
            version,
            "7",
            false,
            null,
            new Manifest.Dump("UTF8", databaseBytes, rows, layout.roles(TIME, false), null, 0, 0),
            null);
    write(
        layout.manifest(BackupType.DUMP, TIME),
        ReportCodec.json(manifest).getBytes(StandardCharsets.UTF_8));
  }

  private void write(String key, byte[] content) throws IOException {
    Path file = store.resolve(key);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private Report drill() {
    ToolsShell.hasPostgres();
    try (ToolsShell shell = ToolsShell.load(root, port);
        AgentContext context = ToolsShell.context(root, store)) {
      Report report;
      try {
        report = new DrillCommand(port).run(context, List.of());
        assertThat(shell.code()).isEqualTo(report.succeeded() ? 0 : 1);
      } catch (Exception failed) {
        context.pipes().abort("over");
        report = context.failed(failed);
        assertThat(shell.code()).isEqualTo(1);
      }
      return report;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private Verification verification() throws IOException {
    return ReportCodec.read(
            Files.readString(store.resolve(new Layout("").verification(BackupType.DUMP, TIME))),
            DrillCommand.Verified.class)
        .verification();
  }

  @Test
  void aGoodDumpIsProven() throws Exception {
    Report report = drill();
    assertThat(report.message()).contains("2 tables with 20000 rows");
    assertThat(report.reason()).isEqualTo("Restored");
    assertThat(verification()).isEqualTo(Verification.RESTORED);
    assertThat(report.catalogue())
        .singleElement()
        .extracting(Entry::verification)
        .isEqualTo(Verification.RESTORED);
  }

  @Test
  void aChangedDumpIsTampered() throws Exception {
    byte[] changed = dump.clone();
    changed[changed.length / 2] ^= 1;
    store(changed, rows);
    Report report = drill();
    assertThat(report.reason()).isEqualTo("Tampered");
    assertThat(report.succeeded()).isFalse();
    assertThat(verification()).isEqualTo(Verification.FAILED);
    // The operator marks the StudyHubBackup at once, not with the next backup.
    assertThat(report.catalogue())
        .singleElement()
        .extracting(Entry::verification)
        .isEqualTo(Verification.FAILED);
  }

  @Test
  void aCutDumpIsTruncated() throws Exception {
    store(java.util.Arrays.copyOf(dump, dump.length - 1), rows);
    assertThat(drill().reason()).isEqualTo("Truncated");
    assertThat(verification()).isEqualTo(Verification.FAILED);
  }

  @Test
  void otherCountsAreTold() throws Exception {
    SortedMap<String, Long> more = new TreeMap<>(rows);
    more.put("public.notes", 20001L);
    store(dump, more);
    Report report = drill();
    assertThat(report.reason()).isEqualTo("CountsDiffer");
    assertThat(report.message()).contains("public.notes has 20000 rows, not 20001");
    assertThat(verification()).isEqualTo(Verification.FAILED);
  }

  @Test
  void aDatabaseThatDoesNotFitIsNotLoaded() throws Exception {
    store(dump, rows, Long.MAX_VALUE);
    Report report = drill();
    assertThat(report.reason()).isEqualTo("NoSpace");
    assertThat(report.message()).contains("give it more room");
  }

  @Test
  void aDumpWithoutContentIsIncomplete() throws Exception {
    Files.delete(store.resolve(new Layout("").content(BackupType.DUMP, TIME, false)));
    assertThat(drill().reason()).isEqualTo("BackupIncomplete");
  }
}
