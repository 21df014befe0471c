package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.RestoreChoice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** {@code restore}: brings a backup beside what the hub has. */
final class RestoreCommand implements Command {

  @Override
  public Report run(AgentContext context, List<String> arguments) throws Exception {
    String what = arguments.isEmpty() ? "" : arguments.get(0);
    int words = what.equals("media") ? 2 : 1;
    Options options =
        Options.of(arguments.subList(Math.min(words, arguments.size()), arguments.size()));
    return switch (what) {
      case "load" -> load(context, options);
      case "media" ->
          RestoreMedia.run(context, arguments.size() < 2 ? "" : arguments.get(1), options);
      default -> throw AgentException.usage("restore " + what + ": there is load, and media STEP");
    };
  }

  private static Report load(AgentContext context, Options options) throws Exception {
    Instant started = context.clock().instant();
    String database = options.required("database");
    if (!database.startsWith(RestoreServer.PREFIX)) {
      throw AgentException.usage("--database: its name must start with " + RestoreServer.PREFIX);
    }
    Archive archive = context.archive();
    Catalogue catalogue = Catalogue.read(archive.store(), archive.layout());
    Optional<String> at = options.value("at");
    if (at.isPresent()) {
      return new PointInTime(context, archive, catalogue)
          .restore(PointInTime.parse(at.get()), database, started);
    }
    Catalogue.Known chosen = chosen(catalogue, options, archive);
    Manifest manifest = readable(chosen);
    if (manifest.type() == BackupType.BASE) {
      return new PointInTime(context, archive, catalogue)
          .restore(manifest.time(), database, started);
    }
    DumpLoad load = new DumpLoad(context, archive, manifest);
    load.check();
    load.checkRoom(context.files().spool());
    try (RestoreTools tools = RestoreTools.join(context.pipes())) {
      RestoreServer server = RestoreServer.target(context);
      SortedMap<String, Long> rows =
          load.into(server, database, context.config().database().database(), tools);
      tools.dismiss();
      return restored(context, chosen.entry(), manifest.time(), rows, started);
    }
  }

  /** The report of a restore. */
  static Report restored(
      AgentContext context,
      Entry backup,
      Instant until,
      SortedMap<String, Long> rows,
      Instant started) {
    long all = rows.values().stream().mapToLong(Long::longValue).sum();
    Instant now = context.clock().instant();
    return Report.of(
            true,
            "Restored",
            "%s: %d tables with %d rows, as the backup says"
                .formatted(backup.key(), rows.size(), all),
            context.now())
        .withRestore(
            new Report.Restore(
                backup,
                until,
                rows.size(),
                all,
                0,
                now.getEpochSecond() - started.getEpochSecond()));
  }

  /** The backup that the options name: by its key, or the latest dump. */
  static Catalogue.Known chosen(Catalogue catalogue, Options options, Archive archive)
      throws AgentException {
    Optional<String> key = options.value("key");
    if (key.isPresent()) {
      return catalogue.backups().stream()
          .filter(it -> it.entry().key().equals(key.get()) || it.keys().contains(key.get()))
          .findFirst()
          .orElseThrow(
              () ->
                  new AgentException(
                      "BackupMissing",
                      "%s has no backup %s: retention deleted it, or it is of another prefix. kubectl get"
                              .formatted(archive.name(), key.get())
                          + " studyhubbackups lists what is there"));
    }
    if (!options.has("latest")) {
      throw AgentException.usage("restore load: give one of --key, --latest and --at");
    }
    Entry latest =
        RestoreChoice.latest(catalogue.entries(), BackupType.DUMP)
            .orElseThrow(() -> none(catalogue, archive));
    return known(catalogue, latest);
  }

  /** A catalogue's line with its manifest. */
  static Catalogue.Known known(Catalogue catalogue, Entry entry) {
    return catalogue.backups().stream()
        .filter(it -> it.entry().equals(entry))
        .findFirst()
        .orElseThrow();
  }

  /** That there is nothing to restore. */
  static AgentException none(Catalogue catalogue, Archive archive) {
    int unusable = catalogue.of(BackupType.DUMP).size();
    return new AgentException(
        "NoBackup",
        "%s has no dump to restore%s. Check endpoint, bucket and prefix: a hub's backups are beneath"
                .formatted(
                    archive.name(),
                    unusable == 0
                        ? ""
                        : ": all %d of them are incomplete or failed their restore"
                            .formatted(unusable))
            + " its prefix; name a failed one by backupRef to try it all the same");
  }

  /** The manifest of a backup that is to be restored. */
  static Manifest readable(Catalogue.Known known) throws AgentException {
    Manifest manifest = known.manifest();
    if (manifest == null) {
      throw new AgentException(
          "ManifestUnreadable",
          known.entry().key()
              + ": the manifest is damaged, or of a later version of the operator: upgrade it, or"
              + " restore another backup");
    }
    return manifest;
  }
}
