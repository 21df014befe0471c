package io.sanadflow.studyhub.store;

import io.sanadflow.studyhub.store.ConditionalStore.Described;
import java.io.InputStream;
import java.util.Optional;

/**
 * A bucket as a server reads it whose clients wait: it gives up after seconds, where an agent tries
 * for minutes. For several threads.
 */
public interface RangeStore extends AutoCloseable {

  /** An object with its content from the first byte on. */
  record Opened(Described about, InputStream content) {}

  /** An object without its content. */
  Optional<Described> describe(String key) throws StoreException;

  /** An object with its content. */
  Optional<Opened> open(String key) throws StoreException;

  /**
   * A part of an object.
   *
   * @param about the object as it was described
   * @param from the first byte
   * @param length of the part in bytes, one at least
   * @throws StoreException NotFound if it is not there any more, or is another by now
   */
  InputStream range(Described about, long from, long length) throws StoreException;

  @Override
  void close();
}
