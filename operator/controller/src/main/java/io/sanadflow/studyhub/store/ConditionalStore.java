package io.sanadflow.studyhub.store;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket that others write to as well: what is in it is told by ETags, and is replaced only as
 * long as it is what somebody saw. For several threads.
 */
public interface ConditionalStore extends ObjectStore {

  /** The name of the metadata with the SHA-256 of an object's content, in hexadecimal. */
  String SHA256 = "sha256";

  /**
   * The name of the metadata with the time at which a file's content was changed last, in seconds
   * since 1970 with nine decimals; rclone has the same.
   */
  String MODIFIED = "mtime";

  /**
   * An object.
   *
   * @param etag without quotes
   * @param metadata of those who stored it; empty in a listing, which does not tell it
   */
  record Described(
      String key, long bytes, Instant time, String etag, Map<String, String> metadata) {

    /** The SHA-256 that who stored it gave; empty if that was somebody else. */
    public Optional<String> sha256() {
      return Optional.ofNullable(metadata.get(SHA256));
    }

    /** When the file that it was stored from was changed last, where who stored it told. */
    public Optional<Instant> modified() {
      return Optional.ofNullable(metadata.get(MODIFIED))
          .filter(it -> it.matches("-?[0-9]{1,12}(\\.[0-9]{1,9})?"))
          .map(BigDecimal::new)
          .map(
              it ->
                  Instant.ofEpochSecond(
                      it.longValue(), it.remainder(BigDecimal.ONE).movePointRight(9).longValue()));
    }
  }

  /** When an object is stored: always, if none is there, or if that of an ETag is there. */
  record Condition(boolean absent, Optional<String> etag) {

    /** Whatever is there. */
    public static final Condition ALWAYS = new Condition(false, Optional.empty());

    /** Nothing is to be there. */
    public static final Condition ABSENT = new Condition(true, Optional.empty());

    /** What is there is to have this ETag. */
    public static Condition matches(String etag) {
      return new Condition(false, Optional.of(etag));
    }
  }

  /** A listing in the order of keys' UTF-8, a page at a time. */
  interface Listing {

    /** The next; empty at the end. */
    Optional<Described> next() throws StoreException;
  }

  /** What was asked of it, as R2 bills it. */
  Requests requests();

  /** An object without its content. */
  Optional<Described> describe(String key) throws StoreException;

  /** All objects whose keys start with the prefix. */
  Listing listing(String prefix);

  /**
   * Stores content with its SHA-256 and, of a file, its time as metadata.
   *
   * @param type as of Content-Type
   * @return the object; empty if the condition is not met, be it through this very request, whose
   *     answer was lost
   * @throws ContentChangedException if the file became another since it was read
   */
  Optional<Described> store(String key, Content content, String type, Condition condition)
      throws StoreException, ContentChangedException;
}
