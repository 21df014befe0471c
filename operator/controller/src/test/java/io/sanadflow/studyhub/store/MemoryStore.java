package io.sanadflow.studyhub.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A bucket in memory, with the app that writes to it as well, and a death: from a request on,
 * nothing is answered any more, be it that this request was carried out or not.
 */
public final class MemoryStore implements ConditionalStore {

  private final Clock clock;
  private final Map<String, Thing> things = new TreeMap<>();

  /** The object whose next answer is lost, so that the request is made again. */
  public String losesAnswerOf = "";

  /** How many listings were asked for. */
  public int listed;

  /** What all processes together asked for. */
  public long allClassA;

  public long allClassB;

  private Requests asked = new Requests();

  /** The requests so far. */
  public int requests;

  /** The request from which on nothing is answered. */
  public int diesAt = Integer.MAX_VALUE;

  /** Whether that request is carried out all the same. */
  public boolean carriesOut;

  /** Is told of each key before it is stored. */
  public Consumer<String> beforeStore = key -> {};

  private record Thing(byte[] content, Described about) {}

  /** An empty bucket. */
  public MemoryStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Requests requests() {
    return asked;
  }

  /** Counts from nothing, as a process that is new. */
  public static void newProcess(MemoryStore store) {
    store.asked = new Requests();
  }

  private void ask(String operation, int status, long bytes) {
    Requests.Count before = asked.count();
    asked.sent(operation);
    asked.answered(operation, status, bytes);
    Requests.Count since = asked.count().since(before);
    allClassA += since.classA();
    allClassB += since.classB();
  }

  private interface Deed<T> {
    T take() throws IOException;
  }

  private synchronized <T> T request(Deed<T> deed) throws StoreException {
    requests++;
    try {
      if (requests < diesAt) {
        return deed.take();
      }
      if (requests == diesAt && carriesOut) {
        deed.take();
      }
    } catch (StoreException known) {
      throw known;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    throw new StoreException("Unreachable", "nothing is answered any more");
  }

  /** What the app, or anybody else, puts there. */
  public synchronized void write(String key, byte[] content, Map<String, String> metadata) {
    String etag = Content.of(content).etag();
    things.put(
        key,
        new Thing(
            content.clone(), new Described(key, content.length, clock.instant(), etag, metadata)));
  }

  /** What becomes of an object on a disk that is going bad. */
  public synchronized void damage(String key) {
    Thing thing = things.get(key);
    byte[] content = thing.content().clone();
    content[0]++;
    things.put(key, new Thing(content, thing.about()));
  }

  /** What the app deletes. */
  public synchronized void remove(String key) {
    things.remove(key);
  }

  /** The content of an object. */
  public synchronized Optional<byte[]> read(String key) {
    return Optional.ofNullable(things.get(key)).map(it -> it.content().clone());
  }

  /** The keys beneath a prefix. */
  public synchronized List<String> keys(String prefix) {
    return things.keySet().stream().filter(it -> it.startsWith(prefix)).toList();
  }

  @Override
  public Optional<Described> describe(String key) throws StoreException {
    ask("HeadObject", things.containsKey(key) ? 200 : 404, 0);
    return request(() -> Optional.ofNullable(things.get(key)).map(Thing::about));
  }

  @Override
  public Listing listing(String prefix) {
    ArrayDeque<Described> all = new ArrayDeque<>();
    boolean[] asked = new boolean[1];
    return () -> {
      if (!asked[0]) {
        asked[0] = true;
        listed++;
        ask("ListObjectsV2", 200, 0);
        all.addAll(
            request(
                () ->
                    things.values().stream()
                        .map(Thing::about)
                        .filter(it -> it.key().startsWith(prefix))
                        .map(
                            it ->
                                new Described(it.key(), it.bytes(), it.time(), it.etag(), Map.of()))
                        .toList()));
      }
      return Optional.ofNullable(all.poll());
    };
  }

  @Override
  public Optional<Described> store(String key, Content content, String type, Condition condition)
      throws StoreException, ContentChangedException {
    beforeStore.accept(key);
    byte[] bytes = new byte[(int) content.bytes()];
    int at = 0;
    try {
      for (int part = 0; part < content.parts(); part++) {
        try (InputStream in = content.open(part)) {
          at += in.readNBytes(bytes, at, (int) content.length(part));
        }
      }
    } catch (ContentChangedException changed) {
      throw changed;
    } catch (NoSuchFileException gone) {
      throw new ContentChangedException("it went away");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    ask("PutObject", 200, content.bytes());
    if (losesAnswerOf.equals(key)) {
      losesAnswerOf = "";
      write(key, bytes, Map.of(SHA256, content.sha256()));
    }
    return request(
        () -> {
          Optional<String> there =
              Optional.ofNullable(things.get(key)).map(it -> it.about().etag());
          if (condition.absent() && there.isPresent()
              || condition.etag().isPresent() && !condition.etag().equals(there)) {
            return Optional.empty();
          }
          write(key, bytes, content.metadata());
          return Optional.of(things.get(key).about());
        });
  }

  @Override
  public void put(String key, byte[] content) throws StoreException {
    ask("PutObject", 200, content.length);
    request(
        () -> {
          write(key, content, Map.of());
          return key;
        });
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws StoreException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Upload upload(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public InputStream get(String key) throws StoreException {
    ask("GetObject", things.containsKey(key) ? 200 : 404, 0);
    return request(
        () -> {
          Thing thing = things.get(key);
          if (thing == null) {
            throw new StoreException("NotFound", "there is no " + key);
          }
          return new ByteArrayInputStream(thing.content());
        });
  }

  @Override
  public Optional<Stored> head(String key) throws StoreException {
    return describe(key).map(it -> new Stored(it.key(), it.bytes(), it.time()));
  }

  @Override
  public void each(String prefix, Consumer<Stored> visitor) throws StoreException {
    Listing listing = listing(prefix);
    for (Optional<Described> it = listing.next(); it.isPresent(); it = listing.next()) {
      visitor.accept(new Stored(it.get().key(), it.get().bytes(), it.get().time()));
    }
  }

  @Override
  public void delete(Collection<String> keys) throws StoreException {
    throw new UnsupportedOperationException();
  }

  @Override
  public int abortAbandoned(String prefix, Instant before) {
    return 0;
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
