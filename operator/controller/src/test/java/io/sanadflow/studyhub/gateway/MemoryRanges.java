package io.sanadflow.studyhub.gateway;

import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.RangeStore;
import io.sanadflow.studyhub.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A bucket in memory, with faults. */
final class MemoryRanges implements RangeStore {

  record Thing(byte[] content, Described about) {}

  private final Map<String, Thing> things = new ConcurrentHashMap<>();

  /** How many requests there were. */
  final AtomicInteger requests = new AtomicInteger();

  /** What the next requests fail with. */
  volatile StoreException failure;

  /** After how many bytes streams break, as often as {@link #cuts} says. */
  volatile int cutAfter;

  final AtomicInteger cuts = new AtomicInteger();

  void put(String key, byte[] content, Instant time, Map<String, String> metadata) {
    String etag = Integer.toHexString(Arrays.hashCode(content)) + "e";
    things.put(key, new Thing(content, new Described(key, content.length, time, etag, metadata)));
  }

  void damage(String key, int at) {
    things.get(key).content()[at]++;
  }

  private Optional<Thing> asked(String key) throws StoreException {
    requests.incrementAndGet();
    if (failure != null) {
      throw failure;
    }
    return Optional.ofNullable(things.get(key));
  }

  @Override
  public Optional<Described> describe(String key) throws StoreException {
    return asked(key).map(Thing::about);
  }

  @Override
  public Optional<Opened> open(String key) throws StoreException {
    return asked(key).map(it -> new Opened(it.about(), stream(it.content())));
  }

  @Override
  public InputStream range(Described about, long from, long length) throws StoreException {
    Thing thing =
        asked(about.key())
            .filter(it -> it.about().etag().equals(about.etag()))
            .orElseThrow(() -> new StoreException("NotFound", "it is another by now"));
    return stream(Arrays.copyOfRange(thing.content(), (int) from, (int) (from + length)));
  }

  private InputStream stream(byte[] content) {
    ByteArrayInputStream all = new ByteArrayInputStream(content);
    return new InputStream() {
      private int given;

      @Override
      public int read() {
        throw new UnsupportedOperationException();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (cutAfter > 0 && given >= cutAfter && cuts.get() > 0) {
          cuts.decrementAndGet();
          throw new IOException("Connection reset");
        }
        int count = all.read(bytes, offset, cutAfter > 0 ? Math.min(length, cutAfter) : length);
        given += Math.max(count, 0);
        return count;
      }
    };
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
