package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the agent's files are: in a pod at the constants of {@link AgentConfig}, in a test beneath
 * a directory.
 *
 * @param storeCredentials a directory with accessKeyId and secretAccessKey
 * @param offloadCredentials the same of the bucket for media, if that has its own
 * @param storeAuthority a PEM file; not there for public certificates
 * @param encryptionKey the user's key
 * @param databasePassword a file without a line break
 * @param databaseAuthority a PEM file; not there for public certificates
 * @param pipes the directory that agent and database tools share
 * @param spool the spool of write-ahead log, where it is mounted
 * @param scratch room for a scratch server, where it is mounted
 * @param terminationLog where the report goes
 */
record AgentFiles(
    Path storeCredentials,
    Path offloadCredentials,
    Path storeAuthority,
    Path encryptionKey,
    Path databasePassword,
    Path databaseAuthority,
    Path pipes,
    Path spool,
    Path scratch,
    Path terminationLog) {

  /** Overrides where the report goes. */
  static final String TERMINATION_LOG = "TERMINATION_LOG";

  /** Has the whole tree be beneath another directory, for a run that is not in a pod. */
  static final String ROOT = "STUDYHUB_ROOT";

  /** Room for a scratch server that agent and database tools share. */
  static final String SCRATCH = "/scratch";

  /** As they are mounted in a pod. */
  static AgentFiles mounted(Map<String, String> environment) {
    return at(
        Path.of(environment.getOrDefault(ROOT, "/")),
        environment.getOrDefault(TERMINATION_LOG, "/dev/termination-log"));
  }

  /** The same tree beneath another root. */
  static AgentFiles under(Path root) {
    return at(root, root.resolve("dev/termination-log").toString());
  }

  private static AgentFiles at(Path root, String terminationLog) {
    return new AgentFiles(
        place(root, AgentConfig.STORE_CREDENTIALS),
        place(root, AgentConfig.OFFLOAD_CREDENTIALS),
        place(root, AgentConfig.STORE_AUTHORITY),
        place(root, AgentConfig.ENCRYPTION_KEY),
        place(root, AgentConfig.DATABASE_PASSWORD),
        place(root, AgentConfig.DATABASE_AUTHORITY),
        place(root, AgentConfig.PIPES),
        place(root, AgentConfig.SPOOL),
        place(root, SCRATCH),
        Path.of(terminationLog));
  }

  private static Path place(Path root, String absolute) {
    return root.resolve(absolute.substring(1));
  }
}
