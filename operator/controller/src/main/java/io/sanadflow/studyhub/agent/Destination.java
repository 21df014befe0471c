package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An archive in one run. Once it failed it is left out of the rest, which spares the others. */
final class Destination {

  private final Archive archive;
  private @Nullable IOException failure;

  Destination(Archive archive) {
    this.archive = archive;
  }

  /** For people. */
  String name() {
    return archive.name();
  }

  ObjectStore store() {
    return archive.store();
  }

  Layout layout() {
    return archive.layout();
  }

  Archive archive() {
    return archive;
  }

  /** Leaves it out from now on; the first failure is the one that is told. */
  void fail(IOException failure) {
    if (this.failure == null) {
      this.failure = failure;
    }
  }

  /** Whether it still takes part. */
  boolean takesPart() {
    return failure == null;
  }

  /** Why it is left out. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }
}
