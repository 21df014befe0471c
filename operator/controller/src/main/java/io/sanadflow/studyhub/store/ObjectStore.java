package io.sanadflow.studyhub.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store of objects under keys. An object is there whole or not at all.
 *
 * <p>Every method throws {@link StoreException} with a reason and a cure; passing faults were tried
 * again before.
 */
public interface ObjectStore extends AutoCloseable {

  /**
   * The length of each part of an upload but the last. R2 wants all of one length, and S3 takes
   * 10,000 of 5 MiB at least: an object has at most 52 GB, and an upload two parts in memory, which
   * is most of the agent's heap.
   */
  int PART_BYTES = 5 * 1024 * 1024;

  /** An object: its length in bytes, and the moment at which it was stored. */
  record Stored(String key, long bytes, java.time.Instant time) {}

  /** Stores small content, replacing what is there. */
  void put(String key, byte[] content) throws StoreException;

  /**
   * Stores small content unless the key is taken.
   *
   * @return whether it was stored
   */
  boolean putIfAbsent(String key, byte[] content) throws StoreException;

  /** Starts an object of unknown length, which is there only once it is completed. */
  Upload upload(String key) throws StoreException;

  /**
   * Reads an object. A connection that breaks is taken up where it broke.
   *
   * @throws StoreException with reason NotFound if it is not there
   */
  InputStream get(String key) throws StoreException;

  /** An object without its content. */
  Optional<Stored> head(String key) throws StoreException;

  /**
   * Visits all objects whose keys start with the prefix, in no order and with few of them in memory
   * at a time.
   */
  void each(String prefix, Consumer<Stored> visitor) throws StoreException;

  /**
   * All objects whose keys start with the prefix, in the order of their keys; for prefixes with
   * few.
   */
  default List<Stored> list(String prefix) throws StoreException {
    List<Stored> found = new ArrayList<>();
    each(prefix, found::add);
    found.sort(Comparator.comparing(Stored::key));
    return found;
  }

  /** Deletes objects; one that is not there is no error. */
  void delete(Collection<String> keys) throws StoreException;

  /**
   * Gives up uploads of others that were started and never ended, as those of a pod that was
   * killed: they cost room and nobody sees them.
   *
   * @param before when they were started at the latest
   * @return how many
   */
  int abortAbandoned(String prefix, java.time.Instant before) throws StoreException;

  /** Gives back what it keeps for the next uploads: two parts of memory. */
  default void rest() {}

  @Override
  void close();

  /** An object on its way. Closing it without {@link #complete} gives it up. */
  interface Upload extends AutoCloseable {

    /** Takes bytes, of which no more than two parts are in memory. */
    void write(byte[] bytes, int offset, int length) throws StoreException;

    /**
     * Makes the object visible, after the store's sum of every part was found to be that of what
     * was written.
     *
     * @return the object as stored
     */
    Stored complete() throws StoreException;

    @Override
    void close() throws IOException;
  }
}
