package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.backup.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * {@code drill}: restores the newest dump into a scratch server in this pod, and writes beside the
 * dump what that proved.
 */
final class DrillCommand implements Command {

  /** Reasons that are a backup's own fault, so that it is marked as failed. */
  private static final Set<String> BACKUPS_FAULT =
      Set.of("Tampered", "Truncated", "LoadFailed", "CountsDiffer", "NotEncrypted");

  private static final int PORT = 5433;

  private final int port;

  DrillCommand() {
    this(PORT);
  }

  /** With the scratch server at another port, for tests. */
  DrillCommand(int port) {
    this.port = port;
  }

  /**
   * The object beside a dump that says what a restore of it proved.
   *
   * @param seconds that the restore took
   */
  record Verified(Verification verification, Instant time, long seconds, String message) {}

  @Override
  public Report run(AgentContext context, List<String> arguments) throws Exception {
    if (!arguments.isEmpty()) {
      throw AgentException.usage("drill takes no arguments, so not " + arguments);
    }
    Instant started = context.clock().instant();
    Archive archive = context.archive();
    Catalogue catalogue = Catalogue.read(archive.store(), archive.layout());
    List<Catalogue.Known> dumps = catalogue.of(BackupType.DUMP);
    if (dumps.isEmpty()) {
      throw RestoreCommand.none(catalogue, archive);
    }
    Catalogue.Known newest = dumps.get(0);
    Manifest manifest = RestoreCommand.readable(newest);
    try {
      DumpLoad load = new DumpLoad(context, archive, manifest);
      load.check();
      load.checkRoom(context.files().scratch());
      try (RestoreTools tools = RestoreTools.join(context.pipes())) {
        tools.begin("serve", "fresh " + RestoreServer.preloaded(context));
        tools.end("serve", "ScratchFailed", "The scratch server did not start");
        SortedMap<String, Long> rows =
            load.into(
                RestoreServer.scratch(port), RestoreServer.PREFIX + "drill", "postgres", tools);
        tools.dismiss();
        Report report =
            RestoreCommand.restored(context, newest.entry(), manifest.time(), rows, started);
        verified(context, archive, manifest, Verification.RESTORED, started, report.message());
        return report.withCatalogue(catalogue.with(newest, Verification.RESTORED).entries());
      }
    } catch (AgentException failed) {
      if (!BACKUPS_FAULT.contains(failed.reason())) {
        throw failed;
      }
      Report report = context.failed(failed);
      context.pipes().abort(report.message());
      try {
        verified(context, archive, manifest, Verification.FAILED, started, failed.message());
      } catch (IOException unwritten) {
        context.step("what the drill found cannot be written beside the dump: %s", unwritten);
      }
      return report.withCatalogue(catalogue.with(newest, Verification.FAILED).entries());
    }
  }

  private static void verified(
      AgentContext context,
      Archive archive,
      Manifest manifest,
      Verification verification,
      Instant started,
      String message)
      throws IOException {
    Instant now = context.now();
    Verified verified =
        new Verified(verification, now, now.getEpochSecond() - started.getEpochSecond(), message);
    archive
        .store()
        .put(
            archive.layout().verification(BackupType.DUMP, manifest.time()),
            ReportCodec.json(verified).getBytes(StandardCharsets.UTF_8));
  }
}
