package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.ContentChangedException;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Optional;

/**
 * Deletes local copies after the grace, each right after it was read and its object was looked at:
 * the object has the same content, or is what the app put in its place since. All others stay.
 */
final class RemovePass {

  private final Pass pass;
  private final Tally tally;
  private final Likeness likeness;
  private final Optional<Instant> leftSince;
  private final Departures departures;

  private RemovePass(Pass pass, Optional<Instant> leftSince) {
    this.pass = pass;
    this.tally = pass.tally();
    this.likeness = new Likeness(pass.store());
    this.leftSince = leftSince;
    this.departures = new Departures(pass.root());
  }

  /** Deletes what may be deleted, of a volume that the app has left. */
  static void run(Pass pass) throws IOException {
    new RemovePass(pass, Optional.empty()).run();
  }

  /**
   * Deletes what may be deleted, of a volume that the app writes to.
   *
   * @param leftSince no file that was changed later is deleted
   */
  static void besideApp(Pass pass, Instant leftSince) throws IOException {
    new RemovePass(pass, Optional.of(leftSince)).run();
  }

  private void run() throws IOException {
    departures.putBack();
    LocalTree tree = new LocalTree(pass.root(), tally.unread);
    pass.keeping(
        (state, removals) ->
            tree.walk(
                file -> {
                  Optional<Copied> known = state.at(file.path());
                  boolean movable = pass.isMovable(file);
                  if (movable && isLeft(file)) {
                    removals.add(() -> one(file, known));
                  } else if (movable && known.isPresent()) {
                    removals.add(() -> known);
                  }
                }));
    tally.tree(tree);
    departures.putBack();
  }

  /** Deletes a file if it may be; if it stays, what is known of it. */
  private Optional<Copied> one(LocalFile file, Optional<Copied> known) throws IOException {
    Content content;
    try {
      content = Content.of(pass.root().resolve(file.path()));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (ContentChangedException changed) {
      tally.changing.add(file.path());
      return known;
    } catch (IOException unreadable) {
      tally.unread.add(file.path());
      return known;
    }
    Optional<Described> object = describe(file);
    if (object.isEmpty()) {
      tally.absent.add(file.path());
      return known;
    }
    boolean has =
        isSame(object.get(), content, known)
            || leftSince.isEmpty() && isLaterOfApp(object.get(), file, known);
    if (!has || !LocalFile.at(pass.root(), file.path()).equals(Optional.of(file))) {
      // Beside an app that writes to the volume, a file that differs is for the next copying.
      (leftSince.isEmpty() ? tally.unverified : tally.changing).add(file.path());
      return known;
    }
    try {
      if (!departures.delete(file)) {
        tally.changing.add(file.path());
        return known;
      }
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
    tally.removed(file.bytes());
    return Optional.empty();
  }

  private boolean isLeft(LocalFile file) {
    return leftSince.isEmpty()
        || !file.modified().isAfter(leftSince.get()) && !file.isYoung(pass.clock().instant());
  }

  private Optional<Described> describe(LocalFile file) throws StoreException {
    return pass.store().describe(pass.layout().file(file.path()));
  }

  /**
   * Whether an object has this very content: by the ETag that it got when it was stored, or that it
   * gets from its content.
   */
  private static boolean isSame(Described object, Content content, Optional<Copied> known) {
    boolean etag =
        object.etag().equals(content.etag())
            || known
                .filter(it -> it.sha256().equals(content.sha256()))
                .filter(it -> it.etag().equals(object.etag()))
                .isPresent();
    return etag
        && object.bytes() == content.bytes()
        && object.sha256().map(content.sha256()::equals).orElse(true);
  }

  /**
   * Whether the app has written the object since it uses the bucket, and so later than the file.
   */
  private boolean isLaterOfApp(Described object, LocalFile file, Optional<Copied> known)
      throws IOException {
    return object.time().isAfter(file.modified()) && !likeness.isOurs(object, known);
  }
}
