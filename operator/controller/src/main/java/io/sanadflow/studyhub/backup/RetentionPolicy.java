package io.sanadflow.studyhub.backup;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What may be deleted. Never the newest backup of a type, never the newest that a restore proved,
 * and nothing at all while the newest of a type is known to be bad: then older ones are what is
 * left.
 *
 * @param retention what is to be kept
 * @param local whether the store is the local volume, which keeps a number of copies rather than
 *     days
 */
public record RetentionPolicy(AgentConfig.Retention retention, boolean local) {

  /** The backups that are no longer to be kept, oldest first. */
  public List<Entry> obsolete(List<Entry> catalogue, Instant now) {
    List<Entry> dumps = newestFirst(catalogue, BackupType.DUMP);
    List<Entry> bases = newestFirst(catalogue, BackupType.BASE);
    if (bad(catalogue).isPresent()) {
      return List.of();
    }
    Set<Entry> kept = new HashSet<>(local ? newestCopies(dumps) : dumpsInTime(dumps, now));
    kept.addAll(basesInTime(bases, now));
    for (List<Entry> ofType : List.of(dumps, bases)) {
      ofType.stream().limit(1).forEach(kept::add);
      ofType.stream()
          .filter(it -> it.verification() == Verification.RESTORED)
          .findFirst()
          .ifPresent(kept::add);
    }
    return catalogue.stream()
        .filter(it -> !kept.contains(it))
        .sorted(Comparator.comparing(Entry::time))
        .toList();
  }

  /** The newest backup of its type that is known to be bad, as long as which nothing is deleted. */
  public static Optional<Entry> bad(List<Entry> catalogue) {
    return Stream.of(BackupType.values())
        .flatMap(type -> newestFirst(catalogue, type).stream().limit(1))
        .filter(it -> !isGood(it))
        .findFirst();
  }

  /**
   * The batches of log that no base backup needs any more. Log of a system without a kept base is
   * kept as long as the newest base may still be to come: until a base of another system is newer,
   * and it is itself out of the window.
   *
   * @param bases the manifests of the base backups that are kept, good ones alone
   */
  public List<WalBatch> obsoleteLog(List<Manifest> bases, List<WalBatch> batches, Instant now) {
    Optional<Manifest> newest = bases.stream().max(Comparator.comparing(Manifest::time));
    Instant window = now.minus(Duration.ofDays(retention.walDays()));
    return batches.stream()
        .filter(
            batch -> {
              List<WalSegment> needed =
                  bases.stream()
                      .filter(it -> it.system().equals(batch.system()) && it.base() != null)
                      .flatMap(it -> WalSegment.parse(first(it)).stream())
                      .toList();
              if (needed.isEmpty()) {
                return newest.isPresent()
                    && bases.stream().noneMatch(it -> it.system().equals(batch.system()))
                    && newest.get().time().isAfter(batch.until())
                    && batch.until().isBefore(window);
              }
              // Timelines are left out, as pg_archivecleanup does: an older one may lead to a base.
              return needed.stream().allMatch(it -> batch.last().number() < it.number());
            })
        .toList();
  }

  private static String first(Manifest manifest) {
    Manifest.Base base = manifest.base();
    return base == null ? "" : base.firstSegment();
  }

  private List<Entry> newestCopies(List<Entry> dumps) {
    return dumps.stream().filter(RetentionPolicy::isGood).limit(retention.localCopies()).toList();
  }

  private Set<Entry> dumpsInTime(List<Entry> dumps, Instant now) {
    Instant cutoff = now.minus(Duration.ofDays(retention.days()));
    Set<Entry> kept = new HashSet<>();
    dumps.stream().filter(it -> !it.time().isBefore(cutoff)).forEach(kept::add);
    // A week's last dump is its Sunday's, a month's first that of the first: as time goes on they
    // stay the same.
    Instant weeks = cutoff.minus(Duration.ofDays(7L * retention.weekly()));
    onePer(dumps, RetentionPolicy::week, BinaryOperator.maxBy(Comparator.comparing(Entry::time)))
        .stream()
        .filter(it -> !it.time().isBefore(weeks))
        .forEach(kept::add);
    Instant months = utc(cutoff).minusMonths(retention.monthly()).toInstant();
    onePer(dumps, RetentionPolicy::month, BinaryOperator.minBy(Comparator.comparing(Entry::time)))
        .stream()
        .filter(it -> !it.time().isBefore(months))
        .forEach(kept::add);
    return kept;
  }

  private static List<Entry> onePer(
      List<Entry> dumps, Function<Entry, Integer> period, BinaryOperator<Entry> choice) {
    Map<Integer, Entry> chosen = new TreeMap<>();
    dumps.stream()
        .filter(RetentionPolicy::isGood)
        .forEach(it -> chosen.merge(period.apply(it), it, choice));
    return List.copyOf(chosen.values());
  }

  private Set<Entry> basesInTime(List<Entry> bases, Instant now) {
    Instant window = now.minus(Duration.ofDays(retention.walDays()));
    Set<Entry> kept = new HashSet<>();
    bases.stream().filter(it -> !it.time().isBefore(window)).forEach(kept::add);
    // The start of the window is reached from the last base before it.
    bases.stream()
        .filter(it -> it.time().isBefore(window) && isGood(it))
        .findFirst()
        .ifPresent(kept::add);
    return kept;
  }

  private static List<Entry> newestFirst(List<Entry> catalogue, BackupType type) {
    return catalogue.stream()
        .filter(it -> it.type() == type)
        .sorted(Comparator.comparing(Entry::time).reversed())
        .toList();
  }

  private static boolean isGood(Entry entry) {
    return entry.verification() == Verification.STORED
        || entry.verification() == Verification.RESTORED;
  }

  private static int week(Entry entry) {
    ZonedDateTime time = utc(entry.time());
    return time.get(IsoFields.WEEK_BASED_YEAR) * 100 + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
  }

  private static int month(Entry entry) {
    ZonedDateTime time = utc(entry.time());
    return time.getYear() * 100 + time.getMonthValue();
  }

  private static ZonedDateTime utc(Instant time) {
    return time.atZone(ZoneOffset.UTC);
  }
}
