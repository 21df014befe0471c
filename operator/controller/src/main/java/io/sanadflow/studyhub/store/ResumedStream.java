package io.sanadflow.studyhub.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object as it is read. A connection that breaks is taken up where it broke, of the same object
 * only. Where the store gives a sum of the whole, it is compared at the end; what is small is read
 * and compared before any of it is given out.
 */
final class ResumedStream extends InputStream {

  /** What is small, in bytes. */
  private static final int SMALL = 1024 * 1024;

  /** How often in a row a connection may break without one byte more. */
  private static final int ATTEMPTS = 6;

  private static final long PAUSE_MILLIS = 500;

  private final S3ObjectStore store;
  private final S3Client client;
  private final String bucket;
  private final String key;
  private final MessageDigest digest = Md5.digest();
  private final String tag;
  private final Optional<String> sum;
  private final long length;
  private @Nullable ResponseInputStream<GetObjectResponse> from;
  private boolean compared;
  private long position;
  private int broken;

  private ResumedStream(
      S3ObjectStore store,
      S3Client client,
      String bucket,
      String key,
      ResponseInputStream<GetObjectResponse> first) {
    this.store = store;
    this.client = client;
    this.bucket = bucket;
    this.key = key;
    GetObjectResponse head = first.response();
    from = first;
    tag = head.eTag() == null ? "" : head.eTag();
    sum = Md5.in(tag, head.serverSideEncryptionAsString());
    length = head.contentLength();
  }

  /** Opens an object. */
  static InputStream open(S3ObjectStore store, S3Client client, String bucket, String key)
      throws StoreException {
    for (int attempt = 1; ; attempt++) {
      ResponseInputStream<GetObjectResponse> first =
          store.asked("read " + key, () -> client.getObject(it -> it.bucket(bucket).key(key)));
      ResumedStream stream = new ResumedStream(store, client, bucket, key, first);
      if (stream.length > SMALL) {
        return stream;
      }
      try (stream) {
        return new ByteArrayInputStream(stream.readAllBytes());
      } catch (StoreException damaged) {
        if (!damaged.reason().equals("Corrupted") || attempt == Md5.ATTEMPTS) {
          throw damaged;
        }
      } catch (IOException unexpected) {
        throw new StoreException(
            "Unreachable", "cannot read " + key + ": " + unexpected.getMessage(), unexpected);
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int wanted) throws IOException {
    if (wanted == 0) {
      return 0;
    }
    while (position < length) {
      String cause;
      try {
        int count = connected().read(bytes, offset, (int) Math.min(wanted, length - position));
        if (count > 0) {
          if (sum.isPresent()) {
            digest.update(bytes, offset, count);
          }
          position += count;
          broken = 0;
          return count;
        }
        cause = "it ended early";
      } catch (StoreException known) {
        throw known;
      } catch (IOException | SdkException cut) {
        cause = String.valueOf(cut.getMessage());
      }
      drop();
      pause(cause);
    }
    compare();
    return -1;
  }

  private InputStream connected() throws StoreException {
    ResponseInputStream<GetObjectResponse> open = from;
    if (open == null) {
      open =
          store.asked(
              "read " + key + " from byte " + position,
              () ->
                  client.getObject(
                      it ->
                          it.bucket(bucket)
                              .key(key)
                              .range("bytes=" + position + "-")
                              .ifMatch(tag.isEmpty() ? null : tag)));
      from = open;
      String range = open.response().contentRange();
      if (range == null || !range.startsWith("bytes " + position + "-")) {
        drop();
        throw new StoreException(
            "NotSupported",
            "cannot read "
                + key
                + " on from byte "
                + position
                + ": the store does not give ranges");
      }
    }
    return open;
  }

  private void pause(String cause) throws StoreException {
    if (++broken == ATTEMPTS) {
      throw new StoreException(
          "Unreachable",
          "reading "
              + key
              + " broke "
              + ATTEMPTS
              + " times at byte "
              + position
              + " of "
              + length
              + ": "
              + cause);
    }
    try {
      Thread.sleep(PAUSE_MILLIS << broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StoreException("Stopped", "reading " + key + " was interrupted", interrupted);
    }
  }

  private void compare() throws StoreException {
    if (sum.isPresent() && !compared) {
      String got = Md5.hex(digest.digest());
      compared = true;
      if (!got.equals(sum.get())) {
        throw new StoreException(
            "Corrupted",
            key
                + ": what was read is not what was stored, by the store's own sum: it was damaged on"
                + " its way or in the store");
      }
    }
  }

  private void drop() {
    ResponseInputStream<GetObjectResponse> open = from;
    from = null;
    if (open != null) {
      // Without reading the rest, as close would.
      open.abort();
    }
  }

  @Override
  public void close() {
    drop();
  }
}
