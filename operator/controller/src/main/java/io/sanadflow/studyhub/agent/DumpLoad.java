package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Globals;
import io.sanadflow.studyhub.backup.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;

/** Loads a dump into a database of its own, and proves that all of it is there. */
final class DumpLoad {

  /** To whom a database of a hub belongs. */
  static final String OWNER = "hub_owner";

  private static final int MOST_ROLES = 16 << 20;

  private final AgentContext context;
  private final Archive archive;
  private final Manifest manifest;
  private final Manifest.Dump dump;
  private final RestoreContent content;

  DumpLoad(AgentContext context, Archive archive, Manifest manifest) throws AgentException {
    this.context = context;
    this.archive = archive;
    this.manifest = manifest;
    Manifest.Dump told = manifest.dump();
    if (told == null) {
      throw new AgentException(
          "NotADump", manifest.key() + " is a base backup; a restore takes it by a point in time");
    }
    this.dump = told;
    this.content = new RestoreContent(context, archive, manifest);
  }

  /** Whether all is there that the load needs, before anything is done. */
  void check() throws IOException {
    content.check();
  }

  /**
   * Whether there is room for it.
   *
   * @param volume a directory on the volume that takes it; one that is not mounted tells nothing
   */
  void checkRoom(Path volume) throws IOException {
    if (!Files.isDirectory(volume)) {
      context.step("how much room the database's volume has is unknown here");
      return;
    }
    long left = Files.getFileStore(volume).getUsableSpace();
    if (left < dump.databaseBytes()) {
      throw new AgentException(
          "NoSpace",
          "%s needs %d bytes, the volume has %d left. Nothing was done: give it more room"
              .formatted(manifest.key(), dump.databaseBytes(), left));
    }
  }

  /** Whether the server is of the dump's version or later. */
  void checkVersion(Connection server) throws SQLException, AgentException {
    String version = RestoreServer.value(server, "SHOW server_version").orElse("");
    if (major(version) < major(manifest.serverVersion())) {
      throw new AgentException(
          "NewerServer",
          "%s is of PostgreSQL %s, which %s does not read. Set spec.database.image to that version or later"
              .formatted(manifest.key(), manifest.serverVersion(), version));
    }
  }

  private static int major(String version) {
    String digits = version.strip().replaceAll("\\D.*$", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  /**
   * Loads it.
   *
   * @param database which is made for it
   * @return the rows of every table, which are those of the manifest
   */
  SortedMap<String, Long> into(
      RestoreServer server, String database, String first, RestoreTools tools)
      throws IOException, SQLException, InterruptedException {
    try (Connection connection = server.open(first)) {
      checkVersion(connection);
      roles(server, connection);
      context.step("making database %s", database);
      RestoreServer.create(connection, database, dump.encoding(), OWNER);
      try {
        List<String> settings = settings(tools, database);
        load(server, database, tools);
        SortedMap<String, Long> rows = counted(server, database);
        for (String setting : settings) {
          RestoreServer.run(connection, setting);
        }
        return rows;
      } catch (IOException | SQLException | InterruptedException | RuntimeException failed) {
        if (!server.scratch()) {
          RestoreServer.dropAfter(context, connection, database, failed);
        }
        throw failed;
      }
    }
  }

  private void roles(RestoreServer server, Connection connection) throws IOException, SQLException {
    String key = dump.rolesKey();
    if (key == null) {
      return;
    }
    String script;
    try (InputStream in = content.plain(archive.store().get(key))) {
      script = new String(in.readNBytes(MOST_ROLES), StandardCharsets.UTF_8);
    }
    server.makeMissing(context, connection, script);
  }

  /** The settings of the database that was dumped, which are at the head of the dump. */
  private List<String> settings(RestoreTools tools, String database)
      throws IOException, InterruptedException {
    tools.begin("settings", "");
    try (InputStream stored = archive.store().get(manifest.key())) {
      tools.feed("settings", content.plain(stored));
    }
    tools.end("settings", "Tampered", "The dump's head cannot be read. " + RestoreContent.ANOTHER);
    return Globals.databaseSettings(tools.written("settings.sql"), database);
  }

  private void load(RestoreServer server, String database, RestoreTools tools)
      throws IOException, InterruptedException {
    context.step("loading %s, %d bytes", manifest.key(), manifest.bytes());
    // Without its roles, all of it belongs to the hub's owner.
    boolean foreign = dump.rolesKey() == null && context.config().database().own();
    tools.begin("load", server.word() + " " + database + (foreign ? " " + OWNER : ""));
    content.feed(tools, "load");
    tools.end(
        "load", "LoadFailed", "The hub's data are as they were. What pg_restore says is the cause");
  }

  private SortedMap<String, Long> counted(RestoreServer server, String database)
      throws IOException, SQLException {
    try (Connection restored = server.open(database)) {
      SortedMap<String, Long> rows = Tables.rows(restored);
      Differences.check(dump.rows(), rows, manifest.key());
      RestoreServer.run(restored, "ANALYZE");
      return rows;
    }
  }
}
