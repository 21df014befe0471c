package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.store.ObjectStore;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A store that fails where a test says so, and remembers what was deleted in which order. */
final class FaultyStore implements ObjectStore {

  private final ObjectStore store;
  private final String reason;
  Predicate<String> refusesUpload = key -> false;
  Predicate<String> refusesWrite = key -> false;
  Predicate<String> refusesComplete = key -> false;
  Predicate<String> refusesPut = key -> false;
  boolean refusesList;
  boolean refusesDelete;
  int requests;
  final List<String> deleted = new ArrayList<>();

  FaultyStore(ObjectStore store, String reason) {
    this.store = store;
    this.reason = reason;
  }

  private StoreException failure(String what) {
    return new StoreException(reason, what + " is refused; mend it");
  }

  @Override
  public void put(String key, byte[] content) throws StoreException {
    requests++;
    if (refusesPut.test(key)) {
      throw failure(key);
    }
    store.put(key, content);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws StoreException {
    requests++;
    if (refusesPut.test(key)) {
      throw failure(key);
    }
    return store.putIfAbsent(key, content);
  }

  @Override
  public Upload upload(String key) throws StoreException {
    requests++;
    if (refusesUpload.test(key)) {
      throw failure(key);
    }
    Upload upload = store.upload(key);
    return new Upload() {
      @Override
      public void write(byte[] bytes, int offset, int length) throws StoreException {
        if (refusesWrite.test(key)) {
          throw failure(key);
        }
        upload.write(bytes, offset, length);
      }

      @Override
      public Stored complete() throws StoreException {
        if (refusesComplete.test(key)) {
          throw failure(key);
        }
        return upload.complete();
      }

      @Override
      public void close() throws IOException {
        upload.close();
      }
    };
  }

  @Override
  public InputStream get(String key) throws StoreException {
    requests++;
    return store.get(key);
  }

  @Override
  public Optional<Stored> head(String key) throws StoreException {
    requests++;
    return store.head(key);
  }

  @Override
  public void each(String prefix, Consumer<Stored> visitor) throws StoreException {
    requests++;
    if (refusesList) {
      throw failure(prefix);
    }
    store.each(prefix, visitor);
  }

  @Override
  public void delete(Collection<String> keys) throws StoreException {
    requests++;
    if (refusesDelete) {
      throw failure("a deletion");
    }
    deleted.addAll(keys);
    store.delete(keys);
  }

  @Override
  public int abortAbandoned(String prefix, Instant before) throws StoreException {
    return store.abortAbandoned(prefix, before);
  }

  @Override
  public void close() {
    store.close();
  }
}
