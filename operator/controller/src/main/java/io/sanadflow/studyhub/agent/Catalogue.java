package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.backup.Verification;
import io.sanadflow.studyhub.store.ObjectStore;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The backups of a store, as their manifests tell: one listing per type, and one small object read
 * per backup.
 *
 * @param backups newest first
 * @param strays what belongs to no manifest: of a run that ended before its end
 */
record Catalogue(List<Known> backups, List<ObjectStore.Stored> strays) {

  private static final Pattern KEY = Pattern.compile("(.*/(\\d{8}T\\d{6}Z))\\.([a-z.]+)");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int MOST_MANIFEST = 16 << 20;

  /**
   * A backup.
   *
   * @param entry its line in the catalogue
   * @param manifest null if it cannot be read, or is of a later version
   * @param keys of its objects in the order in which they are to be deleted, the manifest first
   */
  record Known(Entry entry, @Nullable Manifest manifest, List<String> keys) {

    private Known with(Verification verification) {
      return new Known(entry.with(verification), manifest, keys);
    }
  }

  /**
   * Reads the catalogue.
   *
   * @throws StoreException if the store does not answer; a manifest that is damaged is Incomplete
   */
  static Catalogue read(ObjectStore store, Layout layout) throws IOException {
    List<Known> backups = new ArrayList<>();
    List<ObjectStore.Stored> strays = new ArrayList<>();
    for (BackupType type : BackupType.values()) {
      Map<String, Map<String, ObjectStore.Stored>> stems = new TreeMap<>();
      for (ObjectStore.Stored object : store.list(layout.backups(type))) {
        Matcher matcher = KEY.matcher(object.key());
        if (matcher.matches()) {
          stems
              .computeIfAbsent(matcher.group(1), it -> new TreeMap<>())
              .put(matcher.group(3), object);
        }
      }
      for (Map.Entry<String, Map<String, ObjectStore.Stored>> one : stems.entrySet()) {
        Optional<Known> known = known(store, type, one.getKey(), one.getValue());
        known.ifPresentOrElse(backups::add, () -> strays.addAll(one.getValue().values()));
      }
    }
    return new Catalogue(sorted(backups), List.copyOf(strays));
  }

  private static Optional<Known> known(
      ObjectStore store, BackupType type, String stem, Map<String, ObjectStore.Stored> objects)
      throws IOException {
    ObjectStore.Stored told = objects.get("json");
    Optional<Instant> time = time(stem);
    if (told == null || time.isEmpty()) {
      return Optional.empty();
    }
    List<String> keys = new ArrayList<>(List.of(told.key()));
    Stream.concat(
            Stream.ofNullable(objects.get("verified.json")),
            objects.entrySet().stream()
                .filter(it -> !it.getKey().endsWith("json"))
                .map(Map.Entry::getValue))
        .map(ObjectStore.Stored::key)
        .forEach(keys::add);
    Optional<Manifest> manifest = manifest(store, told.key());
    Collection<ObjectStore.Stored> present = objects.values();
    Entry entry =
        manifest.isPresent()
            ? manifest
                .get()
                .entry(
                    isWhole(manifest.get(), present)
                        ? verification(store, objects.get("verified.json"))
                        : Verification.INCOMPLETE)
            : new Entry(type, told.key(), time.get(), 0, 0, Verification.INCOMPLETE);
    return Optional.of(new Known(entry, manifest.orElse(null), List.copyOf(keys)));
  }

  /** A manifest; empty if it is damaged, of a later version, or was deleted a moment ago. */
  private static Optional<Manifest> manifest(ObjectStore store, String key) throws IOException {
    byte[] text;
    try (InputStream in = store.get(key)) {
      text = in.readNBytes(MOST_MANIFEST);
    } catch (StoreException failed) {
      if (failed.reason().equals("NotFound")) {
        return Optional.empty();
      }
      throw failed;
    }
    try {
      Manifest manifest = ReportCodec.read(text, Manifest.class);
      boolean usable =
          manifest != null
              && manifest.version() == Manifest.VERSION
              && Stream.of(manifest.type(), manifest.time(), manifest.key(), manifest.system())
                  .noneMatch(java.util.Objects::isNull)
              && (manifest.type() == BackupType.DUMP ? manifest.dump() : manifest.base()) != null;
      return usable ? Optional.of(manifest) : Optional.empty();
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  private static boolean isWhole(Manifest manifest, Collection<ObjectStore.Stored> objects) {
    Manifest.Dump dump = manifest.dump();
    boolean content =
        objects.stream()
            .anyMatch(it -> it.key().equals(manifest.key()) && it.bytes() == manifest.bytes());
    return content
        && (dump == null
            || Stream.of(Optional.ofNullable(dump.rolesKey()), Optional.ofNullable(dump.mediaKey()))
                .flatMap(Optional::stream)
                .allMatch(key -> objects.stream().anyMatch(it -> it.key().equals(key))));
  }

  private static Verification verification(ObjectStore store, ObjectStore.@Nullable Stored sidecar)
      throws IOException {
    if (sidecar == null) {
      return Verification.STORED;
    }
    try (InputStream in = store.get(sidecar.key())) {
      Verified verified = ReportCodec.read(in.readNBytes(MOST_MANIFEST), Verified.class);
      return verified == null || verified.verification() == null
          ? Verification.STORED
          : verified.verification();
    } catch (StoreException failed) {
      if (failed.reason().equals("NotFound")) {
        return Verification.STORED;
      }
      throw failed;
    } catch (IOException damaged) {
      return Verification.STORED;
    }
  }

  /** What of the sidecar counts here. */
  private record Verified(@Nullable Verification verification) {}

  private static Optional<Instant> time(String stem) {
    try {
      return Optional.of(TIME.parse(stem.substring(stem.lastIndexOf('/') + 1), Instant::from));
    } catch (DateTimeParseException other) {
      return Optional.empty();
    }
  }

  private static List<Known> sorted(Collection<Known> backups) {
    return backups.stream()
        .sorted(Comparator.comparing((Known it) -> it.entry().time()).reversed())
        .toList();
  }

  /** The same with a backup that was made since. */
  Catalogue with(Manifest manifest, List<String> keys) {
    List<Known> more = new ArrayList<>(backups);
    more.add(new Known(manifest.entry(Verification.STORED), manifest, List.copyOf(keys)));
    return new Catalogue(sorted(more), strays);
  }

  /** The same with what is newly known of one. */
  Catalogue with(Known known, Verification verification) {
    return new Catalogue(
        backups.stream().map(it -> it == known ? known.with(verification) : it).toList(), strays);
  }

  /** The same without some. */
  Catalogue without(Collection<Known> gone) {
    return new Catalogue(backups.stream().filter(it -> !gone.contains(it)).toList(), strays);
  }

  /** Whether an object was there when the catalogue was read. */
  boolean holds(String key) {
    return backups.stream().anyMatch(it -> it.keys().contains(key))
        || strays.stream().anyMatch(it -> it.key().equals(key));
  }

  /** The lines, newest first. */
  List<Entry> entries() {
    return backups.stream().map(Known::entry).toList();
  }

  /** The backups of a type, newest first. */
  List<Known> of(BackupType type) {
    return backups.stream().filter(it -> it.entry().type() == type).toList();
  }

  /** The manifests of the base backups that are whole. */
  List<Manifest> wholeBases() {
    return of(BackupType.BASE).stream()
        .filter(
            it ->
                it.entry().verification() != Verification.INCOMPLETE
                    && it.entry().verification() != Verification.FAILED)
        .flatMap(it -> Stream.ofNullable(it.manifest()))
        .toList();
  }
}
