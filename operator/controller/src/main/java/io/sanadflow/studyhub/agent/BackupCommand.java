package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.WalBatch;
import io.sanadflow.studyhub.backup.WalCoverage;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes backups, then prunes: {@code backup Dump}, {@code backup Base}, {@code backup Dump,Base}.
 */
final class BackupCommand implements Command {

  /** How it comes to the database. */
  interface Sessions {
    /** With a snapshot taken. */
    DumpSession dump(AgentContext context) throws IOException, SQLException;

    BaseSession base(AgentContext context) throws IOException, SQLException;
  }

  private static final class Connections implements Sessions {
    @Override
    public DumpSession dump(AgentContext context) throws IOException, SQLException {
      return new DumpSession.OfConnection(
          DatabaseSession.open(context), DumpStep.elsewhere(context.config()));
    }

    @Override
    public BaseSession base(AgentContext context) throws IOException, SQLException {
      return new BaseSession.OfConnection(DatabaseSession.open(context));
    }
  }

  private final Sessions sessions;
  private final Duration start;
  private final Duration stall;

  /** For pods. */
  BackupCommand() {
    this(new Connections(), ToolsLife.START, Tools.STALL);
  }

  /** With other sessions and patience, for tests. */
  BackupCommand(Sessions sessions, Duration start, Duration stall) {
    this.sessions = sessions;
    this.start = start;
    this.stall = stall;
  }

  @Override
  public Report run(AgentContext context, List<String> arguments) throws Exception {
    Set<BackupType> types = types(arguments);
    // An unusable key is told before anything is done.
    context.encryption();
    Run run = new Run(context, types);
    Pipes pipes = new Pipes(context.files().pipes());
    try {
      run.read();
      try (Tools tools = Tools.join(pipes, start, stall)) {
        run.back(tools, pipes);
        tools.dismiss();
      }
    } catch (Exception failed) {
      Report told = context.failed(failed);
      pipes.abort(told.message());
      if (failed instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      run.outcome.fail(told.reason(), told.message());
    }
    run.rest();
    run.prune();
    Report report = run.outcome.report(context.now());
    return types.contains(BackupType.DUMP) && report.succeeded()
        ? StorageMeasure.daily(context, report)
        : report;
  }

  private static Set<BackupType> types(List<String> arguments) throws AgentException {
    Set<BackupType> types = EnumSet.noneOf(BackupType.class);
    String told = arguments.size() == 1 ? arguments.get(0) : "";
    for (String one : told.split(",", -1)) {
      switch (one) {
        case "Dump" -> types.add(BackupType.DUMP);
        case "Base" -> types.add(BackupType.BASE);
        default ->
            throw AgentException.usage(
                "backup: takes Dump, Base or Dump,Base, not " + String.join(" ", arguments));
      }
    }
    return types;
  }

  /** One run of the command. */
  private final class Run {

    final BackupOutcome outcome = new BackupOutcome();
    private final AgentContext context;
    private final Set<BackupType> types;
    private final Destinations destinations;
    private final Map<Destination, Catalogue> catalogues = new LinkedHashMap<>();

    Run(AgentContext context, Set<BackupType> types) throws IOException {
      this.context = context;
      this.types = types;
      this.destinations = new Destinations(context.archives());
    }

    /** What is there already, before the database is asked for anything. */
    void read() throws IOException {
      destinations.each(it -> catalogues.put(it, Catalogue.read(it.store(), it.layout())));
    }

    void back(Tools tools, Pipes pipes) throws IOException, InterruptedException, SQLException {
      if (types.contains(BackupType.DUMP)) {
        try (DumpSession session = sessions.dump(context)) {
          claim(destinations, session.snapshot().system());
          DumpStep step = new DumpStep(context, destinations, tools, pipes, catalogues);
          made(step.run(session));
          outcome.note(step.notes());
          if (!step.unread().isEmpty()) {
            outcome.fail(
                "MediaUnreadable",
                "%d media files cannot be read, so that they are in no backup: %s. The agent runs as the app's user; give that one the right to read them"
                    .formatted(step.unread().size(), MediaStep.some(step.unread())));
          }
        }
      }
      if (types.contains(BackupType.BASE)) {
        // The local volume, beside a bucket, would not hold the server's files and log.
        Destinations one = new Destinations(List.of(destinations.first().archive()));
        try (BaseSession session = sessions.base(context)) {
          claim(one, session.server().system());
          Catalogue catalogue = catalogues.get(destinations.first());
          if (catalogue == null) {
            throw destinations.first().failure().orElseThrow();
          }
          Map<Destination, Manifest> made =
              new BaseStep(context, one, tools, pipes, catalogue).run(session);
          if (!made.isEmpty()) {
            made(Map.of(destinations.first(), made.values().iterator().next()));
          }
        }
      }
      destinations.failures().forEach(it -> outcome.fail(reason(), it));
    }

    /** Why a destination is left out, in a word: the bucket's own reason, or that of the copy. */
    private String reason() {
      return destinations
          .first()
          .failure()
          .map(it -> context.failed(it).reason())
          .orElse("LocalCopyFailed");
    }

    private void claim(Destinations some, String system) throws IOException {
      some.each(it -> OwnerCheck.claim(context, it.archive(), system));
    }

    private void made(Map<Destination, Manifest> manifests) {
      manifests.values().stream().findFirst().ifPresent(it -> outcome.made(it));
      manifests.forEach(
          (destination, manifest) -> {
            Catalogue before = catalogues.get(destination);
            if (before != null) {
              catalogues.put(destination, before.with(manifest, BackupOutcome.keys(manifest)));
            }
          });
    }

    /** The uploads are over: their memory is the system's again before pruning takes its own. */
    void rest() {
      destinations.all().forEach(it -> it.store().rest());
      System.gc();
    }

    void prune() {
      for (Destination destination : destinations.all()) {
        Catalogue catalogue = catalogues.get(destination);
        if (catalogue == null) {
          continue;
        }
        boolean first = destination == destinations.first();
        if (!outcome.hasMade() || !destination.takesPart()) {
          if (first) {
            outcome.catalogue(catalogue.entries());
          }
          continue;
        }
        try {
          boolean local = context.local().map(it -> it == destination.archive()).orElse(false);
          Pruning.Result result =
              Pruning.run(context, destination.archive(), catalogue, local, false);
          outcome.note(result.notes());
          if (first) {
            outcome.pruned(result.backups());
            outcome.catalogue(result.left().entries());
            coverage(result.left(), result.log()).ifPresent(outcome::wal);
          }
        } catch (IOException failed) {
          if (first) {
            outcome.catalogue(catalogue.entries());
          }
          outcome.fail(
              "PruneFailed",
              "Old backups could not be deleted in "
                  + destination.name()
                  + ": "
                  + failed.getMessage());
        }
      }
    }

    private Optional<Report.Wal> coverage(Catalogue catalogue, List<WalBatch> log) {
      if (!types.contains(BackupType.BASE)) {
        return Optional.empty();
      }
      List<Manifest> bases = catalogue.wholeBases();
      return bases.stream()
          .findFirst()
          .map(Manifest::system)
          .map(
              system ->
                  WalCoverage.of(
                      bases.stream().filter(it -> it.system().equals(system)).toList(),
                      log.stream().filter(it -> it.system().equals(system)).toList()))
          .map(it -> new Report.Wal(it.from(), it.until(), it.gap(), 0, 0, 0));
    }
  }
}
