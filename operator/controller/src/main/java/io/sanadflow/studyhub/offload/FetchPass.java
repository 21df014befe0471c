package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.ContentChangedException;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Brings objects to the volume. While the app uses the bucket, what is there is right; once it uses
 * the volume, only what is not known to have been there comes, and what the app has changed there
 * stays.
 */
final class FetchPass {

  private final Pass pass;
  private final boolean since;
  private final Tally tally;
  private final ConditionalStore store;
  private final Arrivals arrivals;
  private final Likeness likeness;

  private FetchPass(Pass pass, boolean since) {
    this.pass = pass;
    this.since = since;
    this.tally = pass.tally();
    this.store = pass.store();
    this.arrivals = new Arrivals(pass.root(), pass.pace());
    this.likeness = new Likeness(store);
  }

  /**
   * Fetches.
   *
   * @param since whether only what is not known to be, or to have been, on the volume
   * @return whether all that belongs on the volume is there
   * @throws OffloadException NoSpace before anything is fetched, if not all of it has room
   */
  static boolean run(Pass pass, boolean since) throws IOException {
    return new FetchPass(pass, since).run();
  }

  private boolean run() throws IOException {
    arrivals.clear();
    LocalTree tree = new LocalTree(pass.root(), tally.unread);
    tree.walk(file -> tally.found(file.bytes()));
    tally.tree(tree);
    room();
    pass.keeping(
        (state, fetches) -> {
          ConditionalStore.Listing listing = store.listing(pass.layout().files());
          for (Optional<Described> next = listing.next(); next.isPresent(); next = listing.next()) {
            Described object = next.get();
            String path = path(object);
            if (!path.endsWith("/")) {
              Optional<Copied> known = state.at(path);
              fetches.add(() -> one(path, object, known));
            }
          }
        });
    return tally.unplaced.count() == 0
        && tally.unverified.count() == 0
        && tally.changing.count() == 0
        && tally.unread.count() == 0;
  }

  private String path(Described object) {
    return object.key().substring(pass.layout().files().length());
  }

  private void room() throws IOException {
    long needed = 0;
    ConditionalStore.Listing listing = store.listing(pass.layout().files());
    for (Optional<Described> next = listing.next(); next.isPresent(); next = listing.next()) {
      String path = path(next.get());
      if (!path.endsWith("/") && Arrivals.isPath(path)) {
        long there = LocalFile.at(pass.root(), path).map(LocalFile::bytes).orElse(0L);
        needed += Math.max(0, next.get().bytes() - there);
      }
    }
    long free = Files.getFileStore(pass.root()).getUsableSpace();
    if (needed > free) {
      throw new OffloadException(
          "NoSpace",
          ("the media volume has %d bytes left, and %d are needed to bring the media home: %d are"
                  + " missing. Nothing was fetched, and the app goes on with the bucket. Grow"
                  + " the volume (spec.app.media.storage), or set spec.offload.mode back")
              .formatted(free, needed, needed - free));
    }
  }

  /** Fetches an object if it is to be; what is known of it afterwards, if it is on the volume. */
  private Optional<Copied> one(String path, Described object, Optional<Copied> known)
      throws IOException {
    if (!arrivals.hasPlace(path)) {
      tally.unplaced.add(path);
      return Optional.empty();
    }
    Optional<LocalFile> local = LocalFile.at(pass.root(), path);
    boolean seen = known.map(it -> it.etag().equals(object.etag())).orElse(false);
    boolean untouched = local.isPresent() && known.filter(it -> it.isOf(local.get())).isPresent();
    if (seen && (since || untouched)) {
      return local.isPresent() ? known : Optional.empty();
    }
    if (local.isPresent() && !untouched) {
      return beside(path, object, known, local.get());
    }
    return fetch(path, object, local);
  }

  /** A file that is not as it was known: compared with the object. */
  private Optional<Copied> beside(
      String path, Described object, Optional<Copied> known, LocalFile local) throws IOException {
    Content content;
    try {
      content = Content.of(pass.root().resolve(path));
    } catch (NoSuchFileException gone) {
      return since ? Optional.empty() : fetch(path, object, Optional.empty());
    } catch (ContentChangedException changed) {
      tally.changing.add(path);
      return known;
    } catch (IOException unreadable) {
      tally.unread.add(path);
      return known;
    }
    Optional<Described> now = store.describe(pass.layout().file(path));
    if (now.isEmpty()) {
      return Optional.empty();
    }
    if (likeness.isSame(now.get(), content, known)) {
      return Optional.of(
          new Copied(path, content.bytes(), local.modified(), content.sha256(), now.get().etag()));
    }
    if (since || !now.get().time().isAfter(local.modified())) {
      tally.kept.add(path);
      return Optional.empty();
    }
    return fetch(path, now.get(), Optional.of(local));
  }

  private Optional<Copied> fetch(String path, Described object, Optional<LocalFile> instead)
      throws IOException {
    Optional<Described> now = store.describe(object.key());
    if (now.isEmpty()) {
      return Optional.empty();
    }
    Optional<Arrivals.Arrived> arrived;
    try {
      arrived = arrivals.take(store, now.get(), path, instead);
    } catch (StoreException failed) {
      if (failed.reason().equals("NotFound")) {
        return Optional.empty();
      }
      if (failed.reason().equals("Corrupted")) {
        tally.unverified.add(path);
        return Optional.empty();
      }
      throw failed;
    }
    if (arrived.isEmpty()) {
      tally.changing.add(path);
      return Optional.empty();
    }
    tally.fetched(now.get().bytes(), instead.map(LocalFile::bytes).orElse(-1L));
    return Optional.of(
        new Copied(
            path,
            now.get().bytes(),
            arrived.get().modified(),
            arrived.get().sha256(),
            now.get().etag()));
  }
}
