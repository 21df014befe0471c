package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Globals;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Loads a dump into a database of its own, and proves that all of it is there. */
final class DumpLoad {

  private static final String ANOTHER = "Restore another backup: kubectl get studyhubbackups";

  /** To whom a database of a hub belongs. */
  private static final String OWNER = "hub_owner";

  /** What the operator makes and keeps in the hub's own server, with passwords of its own. */
  static final Set<String> OPERATORS = Set.of("postgres", OWNER, "hub_app", "hub_monitor");

  private static final int MOST_ROLES = 16 << 20;

  private final AgentContext context;
  private final Archive archive;
  private final Manifest manifest;
  private final Manifest.Dump dump;

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
  }

  /** Whether all is there that the load needs, before anything is done. */
  void check() throws IOException {
    if (manifest.encrypted()) {
      decryption();
    }
    Optional<ObjectStore.Stored> content = archive.store().head(manifest.key());
    if (content.isEmpty()) {
      throw new AgentException(
          "BackupIncomplete",
          "%s has a manifest, but its content is not in %s: it was deleted there. %s"
              .formatted(manifest.key(), archive.name(), ANOTHER));
    }
    sameSize(content.get().bytes());
  }

  private Encryption decryption() throws IOException {
    String recipient = String.valueOf(manifest.recipient());
    Encryption encryption =
        context
            .encryption()
            .orElseThrow(
                () ->
                    new AgentException(
                        "EncryptionKeyMissing",
                        "%s is encrypted for %s, and no key is given: put the key of it into a"
                                .formatted(manifest.key(), recipient)
                            + " Secret and name that in spec.backup.encryption"));
    if (!encryption.opens(recipient)) {
      throw new AgentException(
          "WrongKey",
          "%s is encrypted for %s; the key that is given is of %s. Add the right key to the Secret"
                  .formatted(manifest.key(), recipient, encryption.recipient())
              + " of spec.backup.encryption, as a line of its own");
    }
    return encryption;
  }

  private void sameSize(long bytes) throws AgentException {
    if (bytes != manifest.bytes()) {
      throw new AgentException(
          "Truncated",
          "%s has %d bytes; %d were stored: it was cut off or replaced. %s"
              .formatted(manifest.key(), bytes, manifest.bytes(), ANOTHER));
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
      // Verifiers are in the statements: nothing of this session goes to the log.
      RestoreServer.run(connection, "SET log_statement = 'none'");
      RestoreServer.run(connection, "SET log_min_duration_statement = -1");
      RestoreServer.run(connection, "SET log_min_error_statement = 'panic'");
      roles(server, connection);
      context.step("making database %s", database);
      RestoreServer.create(connection, database, dump.encoding(), OWNER);
      try {
        List<String> settings = settings(tools, database);
        content(server, database, tools);
        SortedMap<String, Long> rows = counted(server, database);
        for (String setting : settings) {
          RestoreServer.run(connection, setting);
        }
        return rows;
      } catch (IOException | SQLException | InterruptedException | RuntimeException failed) {
        if (!server.scratch()) {
          undo(connection, database, failed);
        }
        throw failed;
      }
    }
  }

  /** Drops what was begun; where that fails too, the next try of the same restore does it. */
  private void undo(Connection connection, String database, Exception failed) {
    context.pipes().abort("the restore failed");
    try {
      RestoreServer.drop(connection, database);
    } catch (IOException | SQLException left) {
      failed.addSuppressed(left);
      context.step("database %s is left over: the next try drops it", database);
    }
  }

  private void roles(RestoreServer server, Connection connection) throws IOException, SQLException {
    String key = dump.rolesKey();
    if (key == null) {
      return;
    }
    String script;
    try (InputStream in = plain(archive.store().get(key))) {
      script = new String(in.readNBytes(MOST_ROLES), StandardCharsets.UTF_8);
    }
    Set<String> present = new HashSet<>(RestoreServer.roles(connection));
    if (!server.scratch()) {
      present.addAll(OPERATORS);
    }
    List<String> statements = Globals.missingRoles(script, present);
    context.step("roles: %d statements for those that are missing", statements.size());
    for (String statement : statements) {
      RestoreServer.run(connection, statement);
    }
  }

  private InputStream plain(InputStream stored) throws IOException {
    return manifest.encrypted() ? decryption().decrypting(stored) : stored;
  }

  /** The settings of the database that was dumped, which are at the head of the dump. */
  private List<String> settings(RestoreTools tools, String database)
      throws IOException, InterruptedException {
    tools.begin("settings", "");
    try (InputStream stored = archive.store().get(manifest.key())) {
      tools.feed("settings", plain(stored));
    }
    tools.end("settings", "Tampered", "The dump's head cannot be read. " + ANOTHER);
    return Globals.databaseSettings(tools.written("settings.sql"), database);
  }

  private void content(RestoreServer server, String database, RestoreTools tools)
      throws IOException, InterruptedException {
    context.step("loading %s, %d bytes", manifest.key(), manifest.bytes());
    // Without its roles, all of it belongs to the hub's owner.
    boolean foreign = dump.rolesKey() == null && context.config().database().own();
    tools.begin("load", server.word() + " " + database + (foreign ? " " + OWNER : ""));
    try (InputStream stored = archive.store().get(manifest.key());
        Summed summed = new Summed(stored)) {
      IOException damaged = null;
      try {
        tools.feed("load", plain(summed));
      } catch (AgentException failed) {
        damaged = failed;
      }
      summed.drain();
      sameSize(summed.bytes());
      if (!summed.sha256().equals(manifest.sha256())) {
        throw new AgentException(
            "Tampered",
            "%s has another SHA-256 than its manifest says: it was changed or damaged in the store. %s"
                .formatted(manifest.key(), ANOTHER));
      }
      if (damaged != null) {
        throw damaged;
      }
    }
    tools.end(
        "load", "LoadFailed", "The hub's data are as they were. What pg_restore says is the cause");
  }

  private SortedMap<String, Long> counted(RestoreServer server, String database)
      throws IOException, SQLException {
    try (Connection restored = server.open(database)) {
      SortedMap<String, Long> rows = RestoreServer.rows(restored);
      Differences.check(dump.rows(), rows, manifest.key());
      RestoreServer.run(restored, "ANALYZE");
      return rows;
    }
  }
}
