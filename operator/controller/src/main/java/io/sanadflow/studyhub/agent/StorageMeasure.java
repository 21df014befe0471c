package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.offload.History;
import io.sanadflow.studyhub.offload.Usage;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the hub's volumes hold: files by walking, the database by SQL. */
final class StorageMeasure {

  private static final int TABLES = 3;

  private final AgentContext context;

  StorageMeasure(AgentContext context) {
    this.context = context;
  }

  /**
   * Adds what the volumes hold to the report of the daily backup, where no step of offload tells it
   * more often. That it cannot be measured is no failure of the backup.
   */
  static Report daily(AgentContext context, Report report) {
    if (context.config().offload() != null) {
      return report;
    }
    StorageMeasure measure = new StorageMeasure(context);
    try {
      Optional<Archive> bucket = context.bucket();
      Report.Storage storage =
          measure.forecast(
              measure.measure(),
              bucket.map(Archive::store),
              bucket.map(it -> it.layout().prefix()).orElse(""));
      return report.withOffload(storage, null);
    } catch (IOException | SQLException failed) {
      context.step("the volumes cannot be measured: %s", failed.getMessage());
      return report;
    }
  }

  /** What is measured. */
  record Measured(List<Report.Volume> volumes, List<Report.Table> tables) {

    long bytes() {
      return volumes.stream().mapToLong(Report.Volume::usedBytes).sum();
    }
  }

  /** The database's own figures. */
  private record Database(long bytes, List<Report.Table> tables) {}

  /**
   * Measures every volume that the hub has.
   *
   * @throws AgentException DatabaseFailed
   * @throws io.sanadflow.studyhub.offload.OffloadException VolumeUnreadable
   */
  Measured measure() throws IOException, SQLException {
    AgentConfig config = context.config();
    List<Report.Volume> volumes = new ArrayList<>();
    List<Report.Table> tables = List.of();
    // A database elsewhere is on no volume of the hub.
    if (config.database().own()) {
      Database database = database();
      tables = database.tables();
      Path spool = context.files().spool();
      volumes.add(
          Files.isDirectory(spool)
              ? Usage.of(Report.Volume.DATABASE, spool, database.bytes())
              : new Report.Volume(Report.Volume.DATABASE, database.bytes(), 0, 0, null));
    }
    volumes.addAll(files());
    return new Measured(List.copyOf(volumes), tables);
  }

  /** The same with the volumes of files measured again. */
  Measured again(Measured before) throws IOException {
    List<Report.Volume> volumes = new ArrayList<>(before.volumes());
    volumes.removeIf(it -> !it.name().equals(Report.Volume.DATABASE));
    volumes.addAll(files());
    return new Measured(List.copyOf(volumes), before.tables());
  }

  private List<Report.Volume> files() throws IOException {
    List<Report.Volume> volumes = new ArrayList<>();
    String media = context.config().media();
    if (media != null) {
      volumes.add(Usage.of(Report.Volume.MEDIA, Path.of(media), 0));
    }
    String copies = context.config().localDirectory();
    if (copies != null) {
      volumes.add(Usage.of(Report.Volume.COPIES, Path.of(copies), 0));
    }
    return volumes;
  }

  /**
   * The measure with its forecast.
   *
   * @param store where the history is, if there is a bucket
   */
  Report.Storage forecast(Measured measured, Optional<ObjectStore> store, String prefix)
      throws IOException {
    LocalDate today = LocalDate.ofInstant(context.clock().instant(), ZoneOffset.UTC);
    History history =
        store.isPresent()
            ? History.with(store.get(), prefix, today, measured.volumes())
            : History.none();
    return history.forecast(
        measured.volumes(),
        measured.tables(),
        today,
        Optional.ofNullable(context.config().offload()).map(AgentConfig.Offload::thresholdBytes));
  }

  private Database database() throws IOException, SQLException {
    try (Connection connection = DatabaseSession.open(context);
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(60);
      long bytes = 0;
      try (ResultSet sizes =
          statement.executeQuery(
              "SELECT (SELECT sum(pg_database_size(oid)) FROM pg_database)"
                  + " + (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir())")) {
        if (sizes.next()) {
          bytes = sizes.getLong(1);
        }
      }
      List<Report.Table> tables = new ArrayList<>();
      try (ResultSet largest =
          statement.executeQuery(
              "SELECT schemaname || '.' || relname, pg_total_relation_size(relid),"
                  + " 100 * n_dead_tup / greatest(n_live_tup + n_dead_tup, 1)"
                  + " FROM pg_stat_user_tables ORDER BY 2 DESC, 1 LIMIT "
                  + TABLES)) {
        while (largest.next()) {
          tables.add(new Report.Table(largest.getString(1), largest.getLong(2), largest.getInt(3)));
        }
      }
      return new Database(bytes, List.copyOf(tables));
    }
  }
}
