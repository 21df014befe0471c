package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.offload.OffloadException;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The agent: one command in a Job's pod, whose last word is a {@link Report} in the container's
 * termination message. It needs no right at the API server and touches none of its client's
 * classes, which would cost memory.
 */
public final class Agent {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int BAD_COMMAND_LINE = 2;

  /** Less than the 30 s that a pod has to stop. */
  private static final Duration TO_GIVE_UP = Duration.ofSeconds(20);

  private static final String USAGE =
      "agent probe | backup Dump[,Base] | wal | prune [--dry-run] | restore load|media … | drill"
          + " | offload Volume|Bucket|Gateway|plan";

  private Agent() {}

  /** Runs a command to its end, and ends this process with {@link #run its code}. */
  public static void main(String[] arguments) {
    // The agent logs by itself; the log's own library would cost it memory.
    System.setProperty("slf4j.internal.verbosity", "WARN");
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.exit(run(List.of(arguments), System.getenv(), System.out));
  }

  /** The commands. A switch, so that the classes of the others are not loaded. */
  private static Command command(String name) throws AgentException {
    return switch (name) {
      case "probe" -> new ProbeCommand();

      // Backups.
      case "backup" -> new BackupCommand();
      case "prune" -> new PruneCommand();
      case "wal" -> new WalCommand();

      // Restores.
      case "restore" -> new RestoreCommand();
      case "drill" -> new DrillCommand();

      // Media that move.
      case "offload" -> new OffloadCommand();

      default -> throw AgentException.usage("there is no command " + name + "; there is: " + USAGE);
    };
  }

  /**
   * Runs a command.
   *
   * @param arguments the command's name and what belongs to it
   * @return the exit code: 0 done, 1 failed, 2 the command line or configuration is bad
   */
  public static int run(List<String> arguments, Map<String, String> environment, PrintStream log) {
    // For the store and the database alike; read when the first connection is made.
    System.setProperty("jdk.tls.client.protocols", "TLSv1.3");
    System.setProperty("jdk.tls.client.cipherSuites", String.join(",", AgentConfig.CIPHERS));
    StepLog lines = new StepLog(log, environment);
    Path terminationLog = AgentFiles.mounted(environment).terminationLog();
    AtomicBoolean told = new AtomicBoolean();
    CountDownLatch over = new CountDownLatch(1);
    Thread stopped =
        new Thread(
            () -> {
              if (told.compareAndSet(false, true)) {
                tell(stopped(Instant.now()), terminationLog, lines);
                giveUp(over, lines);
              }
            },
            "stopped");
    Runtime.getRuntime().addShutdownHook(stopped);
    Report report;
    try (AgentContext context = AgentContext.of(environment, log)) {
      report = run(context, arguments);
    } catch (AgentException bad) {
      report = failure(bad, Instant.now());
    } finally {
      over.countDown();
    }
    if (told.compareAndSet(false, true)) {
      tell(report, terminationLog, lines);
    }
    return report.succeeded()
        ? DONE
        : report.reason().equals(AgentException.USAGE) ? BAD_COMMAND_LINE : FAILED;
  }

  /** Runs a command in a context, and enters what it used of the bucket. */
  static Report run(AgentContext context, List<String> arguments) {
    try (Bookkeeping book = new Bookkeeping(context, arguments)) {
      book.watch();
      return book.end(done(context, arguments));
    }
  }

  /** Runs a command; a failure becomes a report, and the tools are told of it. */
  private static Report done(AgentContext context, List<String> arguments) {
    try {
      if (arguments.isEmpty()) {
        throw AgentException.usage("there is no command; there is: " + USAGE);
      }
      return command(arguments.get(0)).run(context, arguments.subList(1, arguments.size()));
    } catch (Exception | OutOfMemoryError failure) {
      if (failure instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      Report report = context.failed(failure);
      context.pipes().abort(report.message());
      return report;
    }
  }

  /** What a failure means. */
  static Report failure(Throwable failure, Instant finished) {
    String reason = "AgentFailed";
    String message = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    if (failure instanceof AgentException known) {
      reason = known.reason();
      message = known.message();
    } else if (failure instanceof OffloadException known) {
      reason = known.reason();
      message = known.message();
    } else if (failure instanceof StoreException known) {
      reason = known.reason();
      message = String.valueOf(known.getMessage());
    } else if (failure instanceof SQLException database) {
      reason = "DatabaseFailed";
      message = "the database: " + database.getMessage();
    } else if (failure instanceof OutOfMemoryError) {
      reason = "OutOfMemory";
      message = "the agent's heap is too small for this: " + failure.getMessage();
    }
    return Report.of(false, reason, message, finished);
  }

  private static Report stopped(Instant finished) {
    return failure(
        new AgentException(
            "Stopped",
            "the pod was stopped before the end: its deadline passed, its node went away, or it was"
                + " deleted. What was not complete is not visible in the store; the next run starts"
                + " anew"),
        finished);
  }

  /**
   * Leaves a run that is stopped the time to give up what it uploads. It ends by itself, as the
   * tools are stopped too; a thread that is interrupted could tell the store nothing any more.
   */
  private static void giveUp(CountDownLatch over, StepLog lines) {
    try {
      // After that it is killed, and a later run aborts what is left of its uploads.
      boolean ended = over.await(TO_GIVE_UP.toSeconds(), TimeUnit.SECONDS);
      lines.step(ended ? "stopped" : "stopped in the middle of an upload");
    } catch (InterruptedException gone) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(Report report, Path terminationLog, StepLog lines) {
    lines.step(
        (report.succeeded() ? "done: " : "failed: " + report.reason() + ": ") + report.message());
    try {
      Files.write(terminationLog, ReportCodec.encode(report).getBytes(StandardCharsets.UTF_8));
    } catch (IOException unwritten) {
      lines.step("the report cannot be written to " + terminationLog + ": " + unwritten);
    }
  }
}
