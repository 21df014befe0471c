package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.WalSegment;
import io.sanadflow.studyhub.store.DirectoryStore;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pod of a backup on this machine: the agent in this process, dump.sh in a shell with programs
 * that only seem to be PostgreSQL's, and directories as bucket, local volume and media.
 */
final class BackupPod implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-25T18:00:05Z");

  /** A key of nobody. */
  static final String KEY = Bech32.encode("age-secret-key-", new byte[32]).toUpperCase(Locale.ROOT);

  private static final Path SCRIPT = Path.of("src/main/resources/agent/dump.sh").toAbsolutePath();

  final Path root;
  final Path bucketDirectory;
  final Path localDirectory;
  final Path media;
  final List<String> steps = new ArrayList<>();
  Instant now = NOW;
  String system = "7300000000000000001";
  boolean own = true;
  boolean adopt;
  boolean encrypted;
  boolean withMedia;
  boolean withLocal;
  boolean withBucket = true;
  Duration start = Duration.ofSeconds(10);
  Duration stall = Duration.ofSeconds(20);
  UnaryOperator<ObjectStore> bucketFaults = UnaryOperator.identity();
  AgentConfig.Retention retention = new AgentConfig.Retention(7, 30, 0, 0, 3);
  SortedMap<String, Long> rows = new TreeMap<>();
  private @Nullable Process tools;

  BackupPod(Path root) throws IOException {
    this.root = root;
    bucketDirectory = Files.createDirectories(root.resolve("bucket"));
    localDirectory = Files.createDirectories(root.resolve("local"));
    media = Files.createDirectories(root.resolve("media"));
    Files.createDirectories(root.resolve("fakes"));
    rows.put("public.notes", 3L);
    program("pg_dump", "echo \"$*\" >>'" + root + "/said'; printf 'PGDMP content'");
    program("pg_dumpall", "echo 'CREATE ROLE hub_app;'");
    program("pg_basebackup", "printf 'tar content'");
  }

  /** Makes a program of PostgreSQL what a test needs. */
  void program(String name, String body) throws IOException {
    Path file = root.resolve("fakes").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }

  /** Gives this run a directory for pipes of its own. */
  private void freshPipes() throws IOException {
    Path pipes = root.resolve("pipes");
    if (Files.exists(pipes)) {
      try (Stream<Path> all = Files.list(pipes)) {
        for (Path one : all.toList()) {
          Files.delete(one);
        }
      }
    }
    Files.createDirectories(pipes);
  }

  /** Starts the other container of a pod that is new. */
  Process startFreshTools() throws IOException {
    freshPipes();
    return startTools();
  }

  /** Starts the other container. */
  private Process startTools() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", SCRIPT.toString())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("tools.log").toFile());
    builder.environment().put("STUDYHUB_PIPES", root.resolve("pipes").toString());
    builder.environment().put("STUDYHUB_SCRATCH", root.toString());
    builder.environment().put("PATH", root.resolve("fakes") + ":" + System.getenv("PATH"));
    Process started = builder.start();
    tools = started;
    return started;
  }

  AgentContext context() throws IOException {
    AgentConfig config =
        new AgentConfig(
            "pilot",
            "hubs",
            withBucket
                ? new AgentConfig.Bucket("https://r2", "auto", "hubs", "hubs/pilot", adopt)
                : null,
            withLocal ? localDirectory.toString() : null,
            new AgentConfig.Database("pilot-db", 5432, "hub", "postgres", own),
            withMedia ? media.toString() : null,
            encrypted,
            retention,
            null,
            null);
    AgentContext context =
        new AgentContext(
            config, Clock.fixed(now, ZoneOffset.UTC), AgentFiles.under(root), steps::add);
    return withBucket
        ? context.withBucket(bucketFaults.apply(DirectoryStore.open(bucketDirectory)))
        : context;
  }

  /** Runs a backup with tools that live as long as it does. */
  Report run(String types) throws Exception {
    freshPipes();
    Process started = startTools();
    Report report = runWithout(types);
    if (!started.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the tools did not end");
    }
    return report;
  }

  /** Runs a backup with the tools that there are. */
  Report runWithout(String types) throws Exception {
    Files.createDirectories(root.resolve("pipes"));
    return new BackupCommand(new Faked(), start, stall).run(context(), List.of(types));
  }

  Report prune(String... arguments) throws Exception {
    return new PruneCommand().run(context(), List.of(arguments));
  }

  /** The exit code of the tools. */
  int toolsCode() {
    return tools == null ? -1 : tools.exitValue();
  }

  Archive bucket() throws IOException {
    return new Archive("bucket", DirectoryStore.open(bucketDirectory), new Layout("hubs/pilot"));
  }

  /** All keys in the bucket. */
  List<String> keys() throws IOException {
    return bucket().store().list("").stream().map(ObjectStore.Stored::key).toList();
  }

  /** All keys on the local volume. */
  List<String> localKeys() throws IOException {
    return DirectoryStore.open(localDirectory).list("").stream()
        .map(ObjectStore.Stored::key)
        .toList();
  }

  Catalogue catalogue() throws IOException {
    return Catalogue.read(bucket().store(), bucket().layout());
  }

  @Override
  public void close() {
    if (tools != null) {
      tools.descendants().forEach(ProcessHandle::destroyForcibly);
      tools.destroyForcibly();
    }
  }

  private final class Faked implements BackupCommand.Sessions {
    @Override
    public DumpSession dump(AgentContext context) {
      Snapshots snapshots = new Snapshots();
      snapshots.at = now;
      return snapshots;
    }

    @Override
    public BaseSession base(AgentContext context) {
      return new Bases();
    }
  }

  private final class Snapshots implements DumpSession {
    private Instant at = NOW;

    @Override
    public Snapshot snapshot() {
      return new Snapshot("00000003-1B-1", at, "16.4", system, "UTF8", 4096);
    }

    @Override
    public SortedMap<String, Long> count() {
      return rows;
    }

    @Override
    public void close() {}
  }

  private final class Bases implements BaseSession {
    @Override
    public Server server() {
      return new Server("16.4", system, WalSegment.BYTES, now);
    }

    @Override
    public WalSegment begin() {
      return new WalSegment(1, 2);
    }

    @Override
    public End end(long timeline) {
      return new End(new WalSegment(timeline, 3), now.plusSeconds(9));
    }

    @Override
    public void close() {}
  }
}
