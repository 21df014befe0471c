package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Report;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.List;

/** Pushes the archived log, and tells what the database's volume has left. */
final class WalCommand implements Command {

  @Override
  public Report run(AgentContext context, List<String> arguments) throws Exception {
    if (!arguments.isEmpty()) {
      throw AgentException.usage("wal: takes no arguments, not " + arguments);
    }
    try {
      WalPush.Pushed pushed = WalPush.push(context);
      String message =
          pushed.files() == 0
              ? "The spool of write-ahead log is empty."
              : "%d files of write-ahead log in %d batches were stored."
                  .formatted(pushed.files(), pushed.batches());
      return report(context, context.succeeded(message), pushed);
    } catch (IOException | RuntimeException failed) {
      // A spool that fills up has to be seen all the more.
      return report(context, context.failed(failed), new WalPush.Pushed(0, 0, null));
    }
  }

  private static Report report(AgentContext context, Report told, WalPush.Pushed pushed)
      throws IOException {
    if (!Files.isDirectory(context.files().spool())) {
      return told;
    }
    FileStore volume = Files.getFileStore(context.files().spool());
    return told.withWal(
        new Report.Wal(
            null,
            pushed.until(),
            null,
            WalPush.waiting(context.files().spool()),
            volume.getUsableSpace(),
            volume.getTotalSpace()));
  }
}
