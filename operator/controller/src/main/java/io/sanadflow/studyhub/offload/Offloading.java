package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.Pace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of offload: what the ledger, the mode and the place of the app ask for. */
public final class Offloading {

  private final AgentConfig config;
  private final AgentConfig.Offload told;
  private final ConditionalStore store;
  private final Path root;
  private final Path scratch;
  private final Clock clock;
  private final Consumer<String> steps;
  private final Ledger ledger;
  private final Pace pace;
  private Tally tally = new Tally();

  /**
   * What became of a run.
   *
   * @param failure what is to be mended; null if nothing is
   * @param message for people
   * @param offload how far media have moved
   */
  public record Outcome(
      @Nullable OffloadException failure, String message, Report.Offload offload) {}

  private Offloading(
      AgentConfig config,
      AgentConfig.Offload told,
      ConditionalStore store,
      Path root,
      Path scratch,
      Clock clock,
      Consumer<String> steps)
      throws IOException {
    this.config = config;
    this.told = told;
    this.store = store;
    this.root = root;
    this.scratch = scratch;
    this.clock = clock;
    this.steps = steps;
    this.pace = Pace.of(told.bandwidth());
    this.ledger = Ledger.read(store, layout(), config, now());
  }

  /**
   * Reads where media are, before anything is done.
   *
   * @param root the mounted media volume
   * @param scratch a directory of this machine for what is small
   * @param steps takes a line per step, for the pod's log
   * @throws OffloadException LedgerOfAnother or LedgerDamaged
   */
  public static Offloading open(
      AgentConfig config,
      AgentConfig.Offload told,
      ConditionalStore store,
      Path root,
      Path scratch,
      Clock clock,
      Consumer<String> steps)
      throws IOException {
    return new Offloading(config, told, store, root, scratch, clock, steps);
  }

  /**
   * Does a step, and another where the first permits it.
   *
   * @param app where all pods of the app keep media
   * @param usedBytes what all volumes of the hub hold
   */
  public Outcome run(Place app, long usedBytes) throws IOException {
    boolean above = usedBytes >= told.thresholdBytes();
    Step step = next(app, above);
    boolean whole = take(step, app);
    Step following = next(app, above);
    // Of a sweep alone the next deed can be done at once; else the operator has something to do.
    if (whole && step.deed() == Step.Deed.SWEEP && following.deed() == Step.Deed.FETCH) {
      step = following;
      take(step, app);
    }
    OffloadException failure = failure();
    return new Outcome(failure, message(step, app), report());
  }

  /** What would move, and where media are now. Nothing is written. */
  public String plan(long usedBytes) throws IOException {
    Tally all = new Tally();
    Tally due = new Tally();
    LocalTree tree = new LocalTree(root, all.unread);
    try (StateFile state = StateFile.open(store, layout(), clock, scratch)) {
      tree.walk(
          file -> {
            all.found(file.bytes());
            Optional<Copied> known = state.at(file.path());
            if (known.isEmpty() || !known.get().isOf(file)) {
              due.found(file.bytes());
            }
          });
    }
    all.tree(tree);
    List<String> sentences = new ArrayList<>();
    sentences.add(
        ("phase %s: the volumes hold %d bytes, and the threshold is %d; the media volume has %d"
                + " files of %d bytes, of which %d files of %d bytes are not in the bucket yet")
            .formatted(
                ledger.phase(),
                usedBytes,
                told.thresholdBytes(),
                all.files(),
                all.bytes(),
                due.files(),
                due.bytes()));
    if (all.unread.count() > 0) {
      sentences.add(all.unread.count() + " files cannot be read: " + all.unread);
    }
    sentences.addAll(all.notes());
    return String.join("; ", sentences) + ". Nothing was changed.";
  }

  /** How far media have moved, as far as it is known. */
  public Report.Offload report() {
    return new Report.Offload(
        ledger.phase(),
        tally.files(),
        tally.bytes(),
        tally.moved(),
        tally.movedBytes(),
        tally.leftover(),
        tally.removed(),
        ledger.entry().since());
  }

  private Step next(Place app, boolean above) {
    boolean graceOver = !now().isBefore(ledger.entry().since().plusSeconds(told.graceSeconds()));
    return Step.next(told.mode(), app, ledger.phase(), above, graceOver);
  }

  private boolean take(Step step, Place app) throws IOException {
    become(step.before(), app);
    tally = new Tally();
    steps.accept("%s while the app is on its %s: %s".formatted(ledger.phase(), app, step.deed()));
    Pass pass =
        new Pass(root, store, layout(), clock, scratch, ledger.entry().since(), pace, tally);
    boolean whole =
        switch (step.deed()) {
          case NOTHING -> count();
          case COPY, COPY_BESIDE_APP, SWEEP -> CopyPass.run(pass, step.deed());
          case REMOVE -> {
            RemovePass.run(pass);
            yield true;
          }
          case COPY_AND_REMOVE -> {
            boolean copied = CopyPass.run(pass, Step.Deed.COPY);
            tally = tally.another();
            RemovePass.besideApp(pass.counting(tally), now().minusSeconds(told.graceSeconds()));
            yield copied;
          }
          case FETCH -> FetchPass.run(pass, false);
          case FETCH_SINCE -> FetchPass.run(pass, true);
        };
    if (whole) {
      become(step.after(), app);
    }
    return whole;
  }

  private boolean count() throws IOException {
    LocalTree tree = new LocalTree(root, new Named());
    tree.walk(file -> tally.found(file.bytes()));
    return true;
  }

  private void become(OffloadPhase phase, Place app) throws IOException {
    if (phase != ledger.phase()) {
      steps.accept("the ledger says %s from now on".formatted(phase));
    }
    ledger.become(phase, now(), "mode %s, the app on its %s".formatted(told.mode(), app));
  }

  private OffloadLayout layout() {
    return new OffloadLayout(told.bucket().prefix());
  }

  private Instant now() {
    return Instant.ofEpochSecond(clock.instant().getEpochSecond());
  }

  private @Nullable OffloadException failure() {
    return failure(
            tally.unverified,
            "OffloadUnverified",
            "%d files are not in the bucket as they were stored there, or not as the app could have"
                + " left them: %s. Their local copies stay. See who else writes to the bucket")
        .or(
            () ->
                failure(
                    tally.unread,
                    "MediaUnreadable",
                    "%d files of the media volume cannot be read: %s. Media move when all can be:"
                        + " see who owns them, and spec.app's fsGroup"))
        .or(
            () ->
                failure(
                    tally.unplaced,
                    "MediaUnplaced",
                    "%d objects cannot be put on the volume, since their names are no paths or"
                        + " something else has their place: %s. Rename them, and media come home"))
        .orElse(null);
  }

  private static Optional<OffloadException> failure(Named files, String reason, String words) {
    return files.count() == 0
        ? Optional.empty()
        : Optional.of(new OffloadException(reason, words.formatted(files.count(), files)));
  }

  private String message(Step step, Place app) {
    List<String> sentences = new ArrayList<>();
    sentences.add(
        switch (step.deed()) {
          case NOTHING -> nothing(app);
          case COPY, COPY_BESIDE_APP, SWEEP ->
              "%d files, %d bytes, were copied to the bucket"
                  .formatted(tally.moved(), tally.movedBytes());
          case REMOVE ->
              "%d local copies, which the bucket has, were deleted".formatted(tally.removed());
          case COPY_AND_REMOVE ->
              "%d files, %d bytes, were copied to the bucket; %d local copies, which it has, were deleted"
                  .formatted(tally.moved(), tally.movedBytes(), tally.removed());
          case FETCH, FETCH_SINCE ->
              "%d files, %d bytes, came back to the volume"
                  .formatted(tally.moved(), tally.movedBytes());
        });
    if (tally.leftover() > 0) {
      sentences.add(tally.leftover() + " files were written a moment ago and are for the next run");
    }
    sentences.addAll(tally.notes());
    return String.join("; ", sentences) + ".";
  }

  private String nothing(Place app) {
    boolean astray = ledger.phase().inBucket() && app == Place.VOLUME;
    if (astray) {
      return "the media are in the bucket, and the app is on its way there";
    }
    boolean waiting =
        told.mode() == OffloadMode.CUT_OVER && ledger.phase() == OffloadPhase.OFFLOADED;
    return Optional.of(ledger.entry().since().plusSeconds(told.graceSeconds()))
        .filter(it -> waiting)
        .map(it -> "the local copies stay until " + it)
        .orElse("nothing is to be moved");
  }
}
