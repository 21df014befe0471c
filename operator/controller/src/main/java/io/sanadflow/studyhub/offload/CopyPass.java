package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Condition;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.ContentChangedException;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;

/**
 * Copies the files of the volume to the bucket, several at a time. What a pass before has copied,
 * and the listing still has, costs no request.
 */
final class CopyPass {

  /** How often a file that changes meanwhile is copied in one pass. */
  private static final int ATTEMPTS = 3;

  /** What was begun so long ago is not of an app that still sends. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  /** How often a store may say that somebody was faster. */
  private static final int MOST_ANSWERS = 8;

  private final Pass pass;
  private final Step.Deed deed;
  private final Tally tally;
  private final ConditionalStore store;
  private final Likeness likeness;

  private CopyPass(Pass pass, Step.Deed deed) {
    this.pass = pass;
    this.deed = deed;
    this.tally = pass.tally();
    this.store = pass.store();
    this.likeness = new Likeness(store);
  }

  /**
   * Copies.
   *
   * @return whether all that is on the volume is in the bucket, what the app has just written
   *     excepted
   */
  static boolean run(Pass pass, Step.Deed deed) throws IOException {
    return new CopyPass(pass, deed).run();
  }

  private boolean run() throws IOException {
    // What a run that was killed had begun to send costs room, and nobody sees it.
    store.abortAbandoned(pass.layout().files(), pass.clock().instant().minus(ABANDONED));
    LocalTree tree = new LocalTree(pass.root(), tally.unread);
    Listed objects = new Listed(store.listing(pass.layout().files()), pass.layout().files());
    pass.keeping(
        (state, copies) ->
            tree.walk(
                file -> {
                  Optional<Copied> known = state.at(file.path());
                  Optional<Described> object = objects.at(file.path());
                  if (isDue(file)) {
                    copies.add(() -> one(file, known, object));
                  }
                }));
    tally.tree(tree);
    boolean whole = tally.unread.count() == 0;
    return isSweep() ? whole && tally.leftover() == 0 && tally.unverified.count() == 0 : whole;
  }

  private boolean isSweep() {
    return deed == Step.Deed.SWEEP;
  }

  private boolean isDue(LocalFile file) {
    if (!pass.isMovable(file)) {
      return false;
    }
    // After the cut-over nobody writes there.
    if (!isSweep() && file.isYoung(pass.clock().instant())) {
      tally.left();
      return false;
    }
    return true;
  }

  /** Copies a file; empty if it is not in the bucket afterwards, or is there as the app's. */
  private Optional<Copied> one(LocalFile file, Optional<Copied> known, Optional<Described> object)
      throws IOException {
    boolean unchanged =
        known.isPresent()
            && known.get().isOf(file)
            && object.isPresent()
            && object.get().etag().equals(known.get().etag());
    if (unchanged && (!isSweep() || isVerified(file, known.get()))) {
      return known;
    }
    LocalFile now = file;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Copied> copied;
      try {
        Content content = Content.of(pass.root().resolve(file.path()));
        copied = put(now, content, known, object);
      } catch (NoSuchFileException gone) {
        return Optional.empty();
      } catch (ContentChangedException changed) {
        copied = Optional.empty();
      } catch (StoreException failed) {
        throw failed;
      } catch (IOException unreadable) {
        tally.unread.add(file.path());
        return Optional.empty();
      }
      Optional<LocalFile> after = LocalFile.at(pass.root(), file.path());
      if (after.isEmpty()) {
        return Optional.empty();
      }
      if (after.get().equals(now)) {
        return copied;
      }
      now = after.get();
    }
    tally.changing.add(file.path());
    tally.left();
    return Optional.empty();
  }

  private Optional<Copied> put(
      LocalFile file, Content content, Optional<Copied> known, Optional<Described> listed)
      throws IOException {
    String key = pass.layout().file(file.path());
    Optional<Described> object = listed;
    boolean looked = false;
    for (int attempt = 0; attempt < MOST_ANSWERS; attempt++) {
      if (object.isPresent() && !looked && !object.get().etag().equals(content.etag())) {
        object = store.describe(key);
        looked = true;
        continue;
      }
      if (object.isPresent() && likeness.isSame(object.get(), content, known)) {
        return verified(file, content, object.get().etag());
      }
      if (object.isPresent() && deed != Step.Deed.COPY && !likeness.isOurs(object.get(), known)) {
        // The app has written it since it uses the bucket: that is the later one.
        return Optional.empty();
      }
      Condition condition = object.map(it -> Condition.matches(it.etag())).orElse(Condition.ABSENT);
      Optional<Described> stored =
          store.store(key, content.at(pass.pace()), type(file.path()), condition);
      if (stored.isPresent()) {
        tally.moved(content.bytes());
        return verified(file, content, stored.get().etag());
      }
      // Somebody was faster, or an answer was lost.
      object = store.describe(key);
      looked = true;
    }
    throw new OffloadException(
        "StoreUnfaithful",
        key
            + ": the store refuses it again and again, since the object has changed, and has not:"
            + " offload needs If-Match and If-None-Match, which R2 has. Use another store");
  }

  private Optional<Copied> verified(LocalFile file, Content content, String etag)
      throws IOException {
    Copied copied =
        new Copied(file.path(), content.bytes(), file.modified(), content.sha256(), etag);
    if (isSweep() && !isVerified(file, copied)) {
      tally.unverified.add(file.path());
    }
    return Optional.of(copied);
  }

  /** Whether the bucket says that it has the file, or the app has replaced it there. */
  private boolean isVerified(LocalFile file, Copied copied) throws StoreException {
    Optional<Described> object = store.describe(pass.layout().file(file.path()));
    return object.isPresent()
        && (object.get().sha256().isEmpty()
            || object.get().bytes() == copied.bytes()
                && object.get().sha256().get().equals(copied.sha256()));
  }

  private static String type(String path) {
    String guess = URLConnection.guessContentTypeFromName(path);
    return guess == null ? "application/octet-stream" : guess;
  }
}
