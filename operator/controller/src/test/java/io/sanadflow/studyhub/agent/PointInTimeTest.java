package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Verification;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery by load.sh to moments of a real server's life, where this machine has PostgreSQL. */
class PointInTimeTest {

  @TempDir static Path shared;
  @TempDir Path root;

  private static Path store = Path.of("");
  private static Manifest manifest = manifest(Instant.EPOCH, new byte[0], "", "", "");
  private static Instant beforeTheDelete = Instant.EPOCH;
  private static Instant archivedUntil = Instant.EPOCH;
  private static List<Path> segments = List.of();

  private static Manifest manifest(
      Instant time, byte[] content, String system, String first, String last) {
    Layout layout = new Layout("");
    return new Manifest(
        Manifest.VERSION,
        BackupType.BASE,
        "pilot",
        "hubs",
        time,
        layout.content(BackupType.BASE, time, false),
        content.length,
        sha256(content),
        1,
        "15",
        system,
        false,
        null,
        null,
        new Manifest.Base(first, last));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @BeforeAll
  static void aLifeWithAWrongDelete() throws Exception {
    assumeTrue(ToolsShell.hasPostgres(), "there is no PostgreSQL on this machine");
    ToolsShell.shared(shared);
    store = Files.createDirectories(shared.resolve("store"));
    Path spool = ToolsShell.shared(shared.resolve("spool"));
    int port = freePort();
    try (ToolsShell server =
        ToolsShell.server(
            shared.resolve("server"), port, "cp %p " + spool.resolve("%f").toAbsolutePath())) {
      RestoreServer source = RestoreServer.scratch(port);
      try (Connection connection = ToolsShell.connected(source)) {
        RestoreServer.run(connection, "ALTER DATABASE postgres SET search_path TO public, notes");
        RestoreServer.run(connection, "CREATE TABLE notes(id int)");
        RestoreServer.run(connection, "INSERT INTO notes SELECT generate_series(1, 100)");
        String first = walFile(connection);
        Path tar = ToolsShell.shared(shared.resolve("base")).resolve("base.tar.gz");
        ToolsShell.run(
            "sh",
            "-c",
            "pg_basebackup -h 127.0.0.1 -p "
                + port
                + " -U postgres -D - -Ft -X none -Z 1 --checkpoint=fast > "
                + tar);
        String system =
            RestoreServer.value(connection, "SELECT system_identifier FROM pg_control_system()")
                .orElseThrow();
        String last =
            RestoreServer.value(connection, "SELECT pg_walfile_name(pg_switch_wal())")
                .orElseThrow();
        byte[] base = Files.readAllBytes(tar);
        manifest = manifest(now(connection), base, system, first, last);
        write(manifest.key(), base);
        RestoreServer.run(connection, "INSERT INTO notes SELECT generate_series(101, 150)");
        beforeTheDelete = now(connection);
        RestoreServer.run(connection, "DELETE FROM notes WHERE id > 10");
        RestoreServer.run(connection, "INSERT INTO notes VALUES (-1)");
        String end =
            RestoreServer.value(connection, "SELECT pg_walfile_name(pg_switch_wal())")
                .orElseThrow();
        long patience = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!Files.exists(spool.resolve(end)) && System.nanoTime() < patience) {
          Thread.onSpinWait();
        }
        archivedUntil = now(connection).plusSeconds(1);
      }
    }
    try (Stream<Path> files = Files.list(spool)) {
      segments = files.filter(it -> it.getFileName().toString().length() == 24).sorted().toList();
    }
  }

  private static String walFile(Connection connection) throws Exception {
    return RestoreServer.value(connection, "SELECT pg_walfile_name(pg_current_wal_lsn())")
        .orElseThrow();
  }

  private static Instant now(Connection connection) throws Exception {
    return Instant.parse(
        RestoreServer.value(
                connection,
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
            .orElseThrow());
  }

  private static void write(String key, byte[] content) throws IOException {
    Path file = store.resolve(key);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  @BeforeEach
  void emptyLog() throws IOException {
    Path wal = store.resolve(new Layout("").wal(manifest.system()));
    if (Files.isDirectory(wal)) {
      try (Stream<Path> files = Files.list(wal)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void batch(List<Path> files) throws IOException {
    String first = files.get(0).getFileName().toString();
    String last = files.get(files.size() - 1).getFileName().toString();
    Path zip =
        store.resolve(
            new Layout("").walBatch(manifest.system(), first, last, archivedUntil, false));
    Files.createDirectories(zip.getParent());
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream members = new ZipOutputStream(out)) {
      members.setLevel(0);
      for (Path file : files) {
        members.putNextEntry(new ZipEntry(file.getFileName() + ".gz"));
        GZIPOutputStream gzip = new GZIPOutputStream(members);
        Files.copy(file, gzip);
        gzip.finish();
        members.closeEntry();
      }
    }
  }

  private long notesAt(Instant at) throws Exception {
    int port = freePort();
    try (ToolsShell shell = ToolsShell.load(root, port);
        AgentContext context = ToolsShell.context(root, store);
        RestoreTools tools = RestoreTools.join(context.pipes())) {
      Archive archive = context.archive();
      PointInTime point =
          new PointInTime(context, archive, new Catalogue(List.of(), List.of()), port);
      point.recover(manifest, at, tools);
      // To the side of the recovered database, in the same server.
      RestoreServer target = RestoreServer.scratch(port);
      point.copy(target, "postgres", "hub_restore_1", at, tools);
      try (Connection connection = target.open("hub_restore_1")) {
        assertThat(RestoreServer.value(connection, "SHOW search_path")).contains("public, notes");
        return Tables.rows(connection).get("public.notes");
      } finally {
        tools.dismiss();
        shell.code();
      }
    }
  }

  @Test
  void theMomentBeforeAWrongDelete() throws Exception {
    batch(segments);
    assertThat(notesAt(beforeTheDelete)).isEqualTo(150);
  }

  @Test
  void theEndOfTheLogIsTheStateOfAQuietMomentAfterIt() throws Exception {
    batch(segments);
    assertThat(notesAt(Instant.ofEpochSecond(archivedUntil.getEpochSecond()))).isEqualTo(11);
  }

  @Test
  void aMomentAfterTheArchiveIsRefused() throws Exception {
    batch(segments);
    assertThatThrownBy(() -> notesAt(archivedUntil.plusSeconds(60)))
        .hasMessageContaining("until when the log is archived");
  }

  @Test
  void aMissingSegmentIsNamed() throws Exception {
    int last = segments.size() - 1;
    batch(segments.subList(0, last - 1));
    batch(segments.subList(last, last + 1));
    assertThatThrownBy(() -> notesAt(archivedUntil.minusSeconds(2)))
        .hasMessageContaining(segments.get(last - 1).getFileName().toString());
  }

  @Test
  void tooLittleRoomIsToldBeforeAnythingIsFetched() throws Exception {
    batch(segments);
    Manifest dump =
        new Manifest(
            Manifest.VERSION,
            BackupType.DUMP,
            "pilot",
            "hubs",
            manifest.time(),
            "daily/x.dump",
            1,
            "",
            1,
            "16.4",
            manifest.system(),
            false,
            null,
            new Manifest.Dump("UTF8", 1L << 60, new TreeMap<>(), null, null, 0, 0),
            null);
    Catalogue catalogue =
        new Catalogue(
            List.of(new Catalogue.Known(dump.entry(Verification.STORED), dump, List.of())),
            List.of());
    int port = freePort();
    try (ToolsShell shell = ToolsShell.load(root, port);
        AgentContext context = ToolsShell.context(root, store);
        RestoreTools tools = RestoreTools.join(context.pipes())) {
      PointInTime point = new PointInTime(context, context.archive(), catalogue, port);
      assertThatThrownBy(() -> point.recover(manifest, beforeTheDelete, tools))
          .hasMessageContaining("a base backup of " + (1L << 60))
          .hasMessageContaining("Nothing was changed");
      assertThat(root.resolve("scratch/pgdata")).doesNotExist();
      tools.dismiss();
      shell.code();
    }
  }
}
