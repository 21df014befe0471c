package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A container of tools as a process of this machine: a script of the agent's with sh. */
final class ToolsShell implements AutoCloseable {

  private final Process process;

  private ToolsShell(Process process) {
    this.process = process;
  }

  /** Whether this machine has PostgreSQL's programs, and a user for them that is not root. */
  static boolean hasPostgres() {
    try {
      Process process =
          new ProcessBuilder(
                  asUser(
                      List.of("sh", "-c", "command -v initdb postgres pg_dump pg_restore setpriv")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> asUser(List<String> command) {
    List<String> all = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    all.addAll(command);
    return all;
  }

  /** A directory that both sides may write to. */
  static Path shared(Path directory) throws IOException {
    Files.createDirectories(directory);
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** Starts load.sh, with its scratch server at a port. */
  static ToolsShell load(Path root, int port) throws IOException {
    shared(root);
    String script = Files.readString(Path.of("src/main/resources/agent/load.sh"));
    ProcessBuilder builder = new ProcessBuilder(asUser(List.of("sh", "-c", script)));
    Map<String, String> environment = builder.environment();
    environment.put("STUDYHUB_PIPES", shared(root.resolve("pipes")).toString());
    environment.put("STUDYHUB_SCRATCH", shared(root.resolve("scratch")).toString());
    environment.put("STUDYHUB_TMP", shared(root.resolve("tmp")).toString());
    environment.put("STUDYHUB_SCRATCH_PORT", String.valueOf(port));
    environment.put("LC_ALL", "C.UTF-8");
    // The hub's server of these tests.
    environment.put("PGHOST", "127.0.0.1");
    environment.put("PGPORT", String.valueOf(port));
    environment.put("PGUSER", "postgres");
    environment.put("PGSSLMODE", "disable");
    return new ToolsShell(
        builder
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("tools.log").toFile())
            .start());
  }

  /** Starts a server with an archive. */
  static ToolsShell server(Path root, int port, String archiveCommand) throws IOException {
    shared(root);
    String script =
        """
        cd "$0" && initdb -D data -U postgres -A trust --encoding=UTF8 --locale=C.UTF-8 -N >/dev/null &&
        exec postgres -D data -p "$1" -k "$0" -c listen_addresses=127.0.0.1 -c archive_mode=on \\
          -c fsync=off -c archive_command="$2"
        """;
    return new ToolsShell(
        new ProcessBuilder(
                asUser(
                    List.of(
                        "sh",
                        "-c",
                        script,
                        root.toAbsolutePath().toString(),
                        String.valueOf(port),
                        archiveCommand)))
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("server.log").toFile())
            .start());
  }

  /** Connects once the server serves. */
  static Connection connected(RestoreServer server) throws Exception {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        return server.open("postgres");
      } catch (AgentException notYet) {
        if (System.nanoTime() > patience) {
          throw notYet;
        }
        Thread.sleep(100);
      }
    }
  }

  /** Runs a program to its end. */
  static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + process.exitValue());
    }
  }

  /** Kills the script, as the kernel would. */
  void kill() {
    process.destroyForcibly();
  }

  /** How it ended. */
  int code() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("the script goes on");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    // What it started may write into the directory yet, which the test is about to delete.
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(it -> it.onExit().orTimeout(10, TimeUnit.SECONDS).join());
  }

  /** Of an agent that has a local directory of backups and no bucket. */
  static AgentContext context(Path root, Path store) {
    return new AgentContext(
        new AgentConfig(
            "pilot",
            "hubs",
            null,
            store.toString(),
            new AgentConfig.Database("db", 5432, "hub", "postgres", true),
            null,
            false,
            new AgentConfig.Retention(7, 30, 0, 0, 3),
            null,
            null),
        Clock.systemUTC(),
        AgentFiles.under(root),
        System.out::println);
  }
}
