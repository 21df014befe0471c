package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.offload.OffloadException;
import io.sanadflow.studyhub.offload.Offloading;
import io.sanadflow.studyhub.offload.Place;
import io.sanadflow.studyhub.store.ConditionalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code offload}: a step of moving media to a bucket or home, or what it would move. */
final class OffloadCommand implements Command {

  private static final String PLAN = "plan";

  @Override
  public Report run(AgentContext context, List<String> arguments) throws Exception {
    String word = arguments.size() == 1 ? arguments.get(0) : "";
    Optional<Place> app = Place.of(word);
    if (app.isEmpty() && !word.equals(PLAN)) {
      throw AgentException.usage(
          "offload " + String.join(" ", arguments) + ": there is Volume, Bucket, Gateway and plan");
    }
    AgentConfig.Offload told = context.config().offload();
    if (told == null) {
      throw AgentException.usage("offload: the configuration has none");
    }
    StorageMeasure measure = new StorageMeasure(context);
    StorageMeasure.Measured measured = measure.measure();
    ConditionalStore store = context.media(told);
    Offloading offloading =
        Offloading.open(
            context.config(),
            told,
            store,
            root(context),
            Path.of(System.getProperty("java.io.tmpdir")),
            context.clock(),
            it -> context.step("%s", it));
    if (app.isEmpty()) {
      String plan = offloading.plan(measured.bytes());
      return context
          .succeeded(plan)
          .withOffload(new Report.Storage(measured.volumes(), measured.tables(), null), null);
    }
    int dumps = 0;
    if (told.mode() == OffloadMode.CUT_OVER && measured.bytes() >= told.thresholdBytes()) {
      dumps = LocalDumps.giveUp(context);
      measured = dumps > 0 ? measure.again(measured) : measured;
    }
    Report report;
    try {
      Offloading.Outcome outcome = offloading.run(app.get(), measured.bytes());
      String message =
          (dumps > 0 ? dumps + " local dumps, which the bucket has, were deleted; " : "")
              + outcome.message();
      OffloadException failure = outcome.failure();
      report =
          failure == null
              ? context.succeeded(message)
              : context.failed(failure.reason(), failure.message());
    } catch (IOException failed) {
      // What was done before is to be seen all the same.
      report = context.failed(failed);
    }
    StorageMeasure.Measured after = measure.again(measured);
    Report.Storage storage =
        report.succeeded()
            ? measure.forecast(after, Optional.of(store), told.bucket().prefix())
            : new Report.Storage(after.volumes(), after.tables(), null);
    return report.withOffload(storage, offloading.report());
  }

  private static Path root(AgentContext context) throws AgentException {
    String media = context.config().media();
    if (media == null || !Files.isDirectory(Path.of(media))) {
      throw new AgentException(
          "MediaMissing", "the media volume is not mounted at " + media + ": nothing was moved");
    }
    return Path.of(media);
  }
}
