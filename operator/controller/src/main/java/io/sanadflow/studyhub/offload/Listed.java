package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.StoreException;
import java.util.Optional;

/** A listing beside a walk. What a listing out of order hides is found out by conditions. */
final class Listed {

  private final ConditionalStore.Listing listing;
  private final String prefix;
  private Optional<Described> current = Optional.empty();
  private boolean started;

  Listed(ConditionalStore.Listing listing, String prefix) {
    this.listing = listing;
    this.prefix = prefix;
  }

  /** The object of a path. Paths have to be asked for in their order. */
  Optional<Described> at(String path) throws StoreException {
    if (!started) {
      started = true;
      current = listing.next();
    }
    while (current.isPresent() && LocalFile.ORDER.compare(path(), path) < 0) {
      current = listing.next();
    }
    return current.filter(it -> path().equals(path));
  }

  private String path() {
    return current.map(it -> it.key().substring(prefix.length())).orElse("");
  }
}
