package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.store.ObjectStore;
import java.util.List;
import java.util.Optional;

/** {@code storage}: what the hub's volumes hold, and when they are full. */
final class StorageCommand implements Command {

  @Override
  public Report run(AgentContext context, List<String> arguments) throws Exception {
    if (!arguments.isEmpty()) {
      throw AgentException.usage("storage: takes no arguments, not " + arguments);
    }
    StorageMeasure measure = new StorageMeasure(context);
    StorageMeasure.Measured measured = measure.measure();
    Optional<Archive> bucket = context.bucket();
    Optional<ObjectStore> store = bucket.map(Archive::store);
    Report.Storage storage =
        measure.forecast(measured, store, bucket.map(it -> it.layout().prefix()).orElse(""));
    return context
        .succeeded("The volumes hold %d bytes.".formatted(measured.bytes()))
        .withOffload(storage, null);
  }
}
