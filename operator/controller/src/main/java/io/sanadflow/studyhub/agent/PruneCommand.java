package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes what retention no longer keeps, or says what it would delete. */
final class PruneCommand implements Command {

  private static final String DRY_RUN = "--dry-run";

  @Override
  public Report run(AgentContext context, List<String> arguments) throws Exception {
    boolean dryRun = arguments.equals(List.of(DRY_RUN));
    if (!dryRun && !arguments.isEmpty()) {
      throw AgentException.usage("prune: takes nothing but " + DRY_RUN + ", not " + arguments);
    }
    int backups = 0;
    int objects = 0;
    List<String> notes = new ArrayList<>();
    @Nullable List<Entry> entries = null;
    for (Archive archive : context.archives()) {
      boolean local = context.local().map(it -> it == archive).orElse(false);
      Pruning.Result result =
          Pruning.run(
              context, archive, Catalogue.read(archive.store(), archive.layout()), local, dryRun);
      for (String key : result.keys()) {
        context.step("%s: %s %s", archive.name(), dryRun ? "would delete" : "deleted", key);
      }
      backups += result.backups();
      objects += result.keys().size();
      notes.addAll(result.notes());
      entries = entries == null ? result.left().entries() : entries;
    }
    String message =
        "%d backups, %d objects in all, %s. %s"
            .formatted(
                backups,
                objects,
                dryRun ? "would be deleted; the log names each" : "were deleted",
                String.join(" ", notes));
    return new Report(
        true,
        "Succeeded",
        message.strip(),
        context.now(),
        List.of(),
        dryRun ? null : entries,
        dryRun ? 0 : backups,
        null,
        null,
        null);
  }
}
