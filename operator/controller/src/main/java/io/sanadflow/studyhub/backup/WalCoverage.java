package io.sanadflow.studyhub.backup;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which moments base backups and archived log allow to go back to.
 *
 * @param from the end of the oldest base backup whose log is there; null if there is none
 * @param until when the last segment was archived that is reached from there without a gap; null
 *     without from
 * @param gap the first segment that is missing although later ones are there; null if none is
 */
public record WalCoverage(@Nullable Instant from, @Nullable Instant until, @Nullable String gap) {

  /** Nothing can be gone back to. */
  public static final WalCoverage NONE = new WalCoverage(null, null, null);

  /**
   * The coverage of one database system.
   *
   * @param bases its base backups, complete ones alone
   * @param batches its archived log
   */
  public static WalCoverage of(List<Manifest> bases, List<WalBatch> batches) {
    List<WalBatch> log =
        batches.stream()
            .sorted(Comparator.comparing(WalBatch::first).thenComparing(WalBatch::last))
            .toList();
    List<Manifest> oldestFirst =
        bases.stream().sorted(Comparator.comparing(Manifest::time)).toList();
    String gap = null;
    for (Manifest base : oldestFirst) {
      Manifest.Base ends = base.base();
      WalSegment first = ends == null ? null : WalSegment.parse(ends.firstSegment()).orElse(null);
      WalSegment last = ends == null ? null : WalSegment.parse(ends.lastSegment()).orElse(null);
      if (first == null || last == null) {
        continue;
      }
      Chain chain = Chain.from(first, log);
      gap = gap == null ? chain.gap : gap;
      if (chain.reached != null && chain.reached.compareTo(last) >= 0) {
        return new WalCoverage(base.time(), chain.until, gap);
      }
    }
    return new WalCoverage(null, null, gap);
  }

  /**
   * The log from one segment on.
   *
   * @param reached the last segment without a gap; null if even the first is missing
   */
  private record Chain(
      @Nullable WalSegment reached, @Nullable Instant until, @Nullable String gap) {

    static Chain from(WalSegment first, List<WalBatch> sorted) {
      WalSegment reached = null;
      Instant until = null;
      for (WalBatch batch : sorted) {
        if (batch.last().compareTo(first) < 0) {
          continue;
        }
        boolean goesOn =
            reached == null
                ? batch.first().compareTo(first) <= 0
                : batch.first().compareTo(reached) <= 0 || reached.continuesIn(batch.first());
        if (!goesOn) {
          return new Chain(reached, until, (reached == null ? first : reached.next()).name());
        }
        if (reached == null || batch.last().compareTo(reached) > 0) {
          reached = batch.last();
        }
        until = until == null || batch.until().isAfter(until) ? batch.until() : until;
      }
      return new Chain(reached, until, null);
    }
  }
}
