package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.store.StoreProbe;
import java.util.ArrayList;
import java.util.List;

/** {@code agent probe}: whether the places for backups take and give what backups need. */
final class ProbeCommand implements Command {

  @Override
  public Report run(AgentContext context, List<String> arguments) throws Exception {
    if (!arguments.isEmpty()) {
      throw AgentException.usage("agent probe takes no arguments, not " + arguments);
    }
    if (context.config().encrypted()) {
      context.encryption();
    }
    long slowest = 0;
    List<String> notes = new ArrayList<>();
    for (Archive archive : context.archives()) {
      context.step("probing %s", archive.name());
      StoreProbe.Result result =
          StoreProbe.run(archive.store(), archive.layout().prefix(), context.clock());
      slowest = Math.max(slowest, result.slowestMillis());
      result.notes().forEach(it -> notes.add(archive.name() + ": " + it));
    }
    String message =
        "put, multipart, head, get, list, delete and If-None-Match work"
            + (notes.isEmpty() ? "" : "; " + String.join("; ", notes));
    return context.succeeded(message).withStore(new Report.Store(slowest));
  }
}
