package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Verification;
import io.sanadflow.studyhub.store.DirectoryStore;
import io.sanadflow.studyhub.store.ObjectStore;
import io.sanadflow.studyhub.store.StoreException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A process of its own for {@link LargeMediaTest}: backs up a media volume to a store that holds
 * 100,000 contents of earlier days, prunes there, and says what it did. Its heap also holds the two
 * parts that an upload has in memory.
 */
final class LargeMedia {

  static final int CONTENTS = 100_000;

  private static final Instant NOW = Instant.parse("2026-11-25T18:00:05Z");

  private LargeMedia() {}

  /** Takes an empty directory for the store and the media volume. */
  public static void main(String[] arguments) throws Exception {
    List<byte[]> parts = List.of(part(), part());
    ManyContents store = new ManyContents(DirectoryStore.open(Path.of(arguments[0])));
    Archive archive = new Archive("bucket", store, new Layout("pilot"));
    AgentContext context =
        new AgentContext(
            new AgentConfig(
                "pilot",
                "hubs",
                null,
                arguments[0],
                new AgentConfig.Database("db", 5432, "hub", "postgres", true),
                arguments[1],
                false,
                new AgentConfig.Retention(7, 30, 0, 0, 3),
                null,
                null),
            Clock.fixed(NOW, ZoneOffset.UTC),
            AgentFiles.under(Path.of(arguments[0])),
            System.err::println);
    MediaStep.Listed listed =
        new MediaStep(
                context, new Destinations(List.of(archive)), Map.of(), Optional.<Encryption>empty())
            .run(Path.of(arguments[1]), layout -> layout.mediaList(NOW, false));
    Pruning.Result pruned = Pruning.run(context, archive, catalogue(archive, listed), false, false);
    System.out.printf(
        "%d listed, %d sent, %d deleted, %d held%n",
        listed.files(), store.sent, store.deleted, parts.size());
    if (!pruned.notes().isEmpty()) {
      System.out.println(pruned.notes());
    }
  }

  private static byte[] part() {
    return new byte[ObjectStore.PART_BYTES];
  }

  /** Today's dump, and one that is due, so that the media are swept. */
  private static Catalogue catalogue(Archive archive, MediaStep.Listed listed) {
    List<Catalogue.Known> backups = new ArrayList<>();
    for (int days : new int[] {0, 40}) {
      Instant time = NOW.minus(Duration.ofDays(days));
      String key = archive.layout().content(BackupType.DUMP, time, false);
      Manifest manifest =
          new Manifest(
              Manifest.VERSION,
              BackupType.DUMP,
              "pilot",
              "hubs",
              time,
              key,
              1,
              "ab",
              1,
              "16.4",
              "7300000000000000001",
              false,
              null,
              new Manifest.Dump(
                  "UTF8",
                  1,
                  new TreeMap<>(),
                  null,
                  archive.layout().mediaList(NOW, false),
                  listed.files(),
                  listed.bytes()),
              null);
      Entry entry = manifest.entry(Verification.STORED);
      backups.add(new Catalogue.Known(entry, manifest, List.of(key + ".json", key)));
    }
    return new Catalogue(backups, List.of());
  }

  /** Lists contents that it has not. */
  private static final class ManyContents implements ObjectStore {

    private final DirectoryStore lists;
    private int sent;
    private int deleted;

    ManyContents(DirectoryStore lists) {
      this.lists = lists;
    }

    @Override
    public void each(String prefix, Consumer<Stored> visitor) {
      Stream.iterate(0, it -> it < CONTENTS, it -> it + 1)
          .map(it -> "%s%02x/%064x".formatted(prefix, it % 256, it + 1L))
          .forEach(it -> visitor.accept(new Stored(it, 1, NOW.minus(Duration.ofDays(50)))));
    }

    @Override
    public Upload upload(String key) throws StoreException {
      sent++;
      return lists.upload(key);
    }

    @Override
    public InputStream get(String key) throws StoreException {
      return lists.get(key);
    }

    @Override
    public void delete(Collection<String> keys) {
      deleted += keys.size();
    }

    @Override
    public void put(String key, byte[] content) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Stored> head(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int abortAbandoned(String prefix, Instant before) {
      return 0;
    }

    @Override
    public void close() {}
  }
}
