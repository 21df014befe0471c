package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which backup of a catalogue a restore takes. */
public final class RestoreChoice {

  private RestoreChoice() {}

  /** Whether a backup may be chosen without being named. */
  public static boolean usable(Entry entry) {
    return entry.verification() != Verification.FAILED
        && entry.verification() != Verification.INCOMPLETE;
  }

  /** The newest usable backup of a type. */
  public static Optional<Entry> latest(List<Entry> catalogue, BackupType type) {
    return catalogue.stream()
        .filter(it -> it.type() == type && usable(it))
        .max(Comparator.comparing(Entry::time));
  }

  /** The base backup from which a moment is reached soonest. */
  public static Optional<Entry> base(List<Entry> catalogue, Instant at) {
    return latest(
        catalogue.stream().filter(it -> !it.time().isAfter(at)).toList(), BackupType.BASE);
  }

  /**
   * The dump whose list of media belongs to a moment: the newest before it; if there is none, the
   * oldest after it.
   */
  public static Optional<Entry> media(List<Entry> catalogue, Instant at) {
    List<Entry> dumps =
        catalogue.stream().filter(it -> it.type() == BackupType.DUMP && usable(it)).toList();
    Optional<Entry> before =
        latest(dumps.stream().filter(it -> !it.time().isAfter(at)).toList(), BackupType.DUMP);
    return before.or(() -> dumps.stream().min(Comparator.comparing(Entry::time)));
  }

  /** The earliest moment that a base backup reaches. */
  public static Optional<Instant> earliest(List<Entry> catalogue) {
    return catalogue.stream()
        .filter(it -> it.type() == BackupType.BASE && usable(it))
        .map(Entry::time)
        .min(Comparator.naturalOrder());
  }
}
