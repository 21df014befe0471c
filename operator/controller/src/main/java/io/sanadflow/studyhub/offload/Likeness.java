package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import io.sanadflow.studyhub.store.Content;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Whether an object is a file's content, and whether this operator stored it. The sum in its
 * metadata alone proves neither: some stores keep the metadata of an object that was replaced.
 * Where the ETag does not tell, the object is read.
 */
final class Likeness {

  private static final int BUFFER = 64 * 1024;

  private final ConditionalStore store;

  Likeness(ConditionalStore store) {
    this.store = store;
  }

  /**
   * Whether an object has this content.
   *
   * @param known what is known of its path
   */
  boolean isSame(Described object, Content content, Optional<Copied> known) throws IOException {
    if (object.bytes() != content.bytes()) {
      return false;
    }
    boolean etag =
        object.etag().equals(content.etag())
            || isKnown(object, known)
                && known.filter(it -> it.sha256().equals(content.sha256())).isPresent();
    return etag
        || object.sha256().filter(content.sha256()::equals).isPresent() && isAsItSays(object);
  }

  /** Whether an object was stored, or was fetched before, by this operator. */
  boolean isOurs(Described object, Optional<Copied> known) throws IOException {
    return isKnown(object, known) || object.sha256().isPresent() && isAsItSays(object);
  }

  private static boolean isKnown(Described object, Optional<Copied> known) {
    return known.map(it -> it.etag().equals(object.etag())).orElse(false);
  }

  private boolean isAsItSays(Described object) throws IOException {
    MessageDigest digest = sha256Digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = store.get(object.key())) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    } catch (StoreException failed) {
      if (failed.reason().equals("NotFound")) {
        return false;
      }
      throw failed;
    }
    return object.sha256().equals(Optional.of(HexFormat.of().formatHex(digest.digest())));
  }

  /** A digest for SHA-256. */
  static MessageDigest sha256Digest() {
    return digest("SHA-256");
  }

  /** A digest for the ETag of what was stored in one request. */
  static MessageDigest etagDigest() {
    return digest("MD5");
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
