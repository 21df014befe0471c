package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;

/**
 * What one run does.
 *
 * @param before the phase that the ledger has before anything is done
 * @param deed what is done
 * @param after the phase that the ledger gets once the deed is wholly done
 */
record Step(OffloadPhase before, Deed deed, OffloadPhase after) {

  /** What can be done with media. */
  enum Deed {
    /** Nothing but telling. */
    NOTHING,
    /** Files are copied to the bucket; where both differ, the file is right. */
    COPY,
    /** The same while the app may have begun to write to the bucket: what it wrote there stays. */
    COPY_BESIDE_APP,
    /** The last copying, of all that is on the volume, and each object is looked at. */
    SWEEP,
    /** Files whose objects are there, verified, are deleted. */
    REMOVE,
    /** COPY, and then REMOVE of files that the app has long left as they are. */
    COPY_AND_REMOVE,
    /** Objects are copied to the volume; where both differ, the later is right. */
    FETCH,
    /** The same with what is not known to be, or to have been, on the volume. */
    FETCH_SINCE
  }

  /**
   * The step of a run.
   *
   * @param phase the ledger's
   * @param app where all pods of the app keep media
   * @param above whether the hub's volumes hold more than the threshold
   * @param graceOver whether local copies have stayed long enough since the cut-over
   */
  static Step next(
      OffloadMode mode, Place app, OffloadPhase phase, boolean above, boolean graceOver) {
    boolean removal = mode == OffloadMode.CUT_OVER && graceOver;
    return switch (app) {
      case VOLUME -> onVolume(mode, phase, above);
      case BUCKET -> inBucket(mode, phase, removal);
      case GATEWAY -> behindGateway(mode, phase, above, removal);
    };
  }

  /** The app never leaves the volume: there is nothing to cut over, and the volume is right. */
  private static Step behindGateway(
      OffloadMode mode, OffloadPhase phase, boolean above, boolean removal) {
    boolean home = mode == OffloadMode.RESTORE;
    return switch (phase) {
      case LOCAL, COPYING, MIRRORED, RETURNING -> {
        Step step = onVolume(mode, phase, above);
        yield step.after() == OffloadPhase.CUTTING_OVER
            ? new Step(step.before(), step.deed(), OffloadPhase.OFFLOADED)
            : step;
      }
      case CUTTING_OVER, OFFLOADED ->
          home
              ? new Step(phase, Deed.FETCH_SINCE, OffloadPhase.LOCAL)
              : new Step(phase, removal ? Deed.COPY_AND_REMOVE : Deed.COPY, OffloadPhase.OFFLOADED);
    };
  }

  private static Step onVolume(OffloadMode mode, OffloadPhase phase, boolean above) {
    boolean home = mode == OffloadMode.RESTORE;
    return switch (phase) {
      case LOCAL -> home || !above ? nothing(phase) : copying(mode);
      case COPYING -> home ? nothing(OffloadPhase.LOCAL) : copying(mode);
      case MIRRORED ->
          mode == OffloadMode.MIRROR
              ? new Step(phase, Deed.COPY, phase)
              : home || !above ? nothing(OffloadPhase.LOCAL) : copying(mode);
      // The app is on its way to the bucket, or was: what it wrote there is not to be lost.
      case CUTTING_OVER ->
          home
              ? new Step(phase, Deed.FETCH_SINCE, OffloadPhase.RETURNING)
              : new Step(phase, Deed.COPY_BESIDE_APP, phase);
      // Files are in the bucket alone, and that is where the app belongs.
      case OFFLOADED -> nothing(phase);
      case RETURNING -> new Step(phase, Deed.FETCH_SINCE, OffloadPhase.LOCAL);
    };
  }

  private static Step inBucket(OffloadMode mode, OffloadPhase phase, boolean removal) {
    boolean home = mode == OffloadMode.RESTORE;
    return switch (phase) {
      case LOCAL, COPYING, MIRRORED, CUTTING_OVER ->
          new Step(OffloadPhase.CUTTING_OVER, Deed.SWEEP, OffloadPhase.OFFLOADED);
      case OFFLOADED ->
          home
              ? new Step(phase, Deed.FETCH, OffloadPhase.RETURNING)
              : removal ? new Step(phase, Deed.REMOVE, phase) : nothing(phase);
      case RETURNING ->
          home
              ? new Step(phase, Deed.FETCH, phase)
              : new Step(OffloadPhase.CUTTING_OVER, Deed.SWEEP, OffloadPhase.OFFLOADED);
    };
  }

  private static Step copying(OffloadMode mode) {
    return new Step(
        OffloadPhase.COPYING,
        Deed.COPY,
        mode == OffloadMode.MIRROR ? OffloadPhase.MIRRORED : OffloadPhase.CUTTING_OVER);
  }

  private static Step nothing(OffloadPhase phase) {
    return new Step(phase, Deed.NOTHING, phase);
  }
}
