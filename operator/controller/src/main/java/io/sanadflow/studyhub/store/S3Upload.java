package io.sanadflow.studyhub.store;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * An upload in parts: while two are on their way, the next is filled, so that neither who writes
 * nor the store waits for the other's slow moments. What fits into one part is stored in one
 * request.
 */
final class S3Upload implements ObjectStore.Upload {

  private static final int MOST_PARTS = 10_000;

  /** Each takes the memory of a part. */
  private static final int AT_ONCE = 2;

  private final S3ObjectStore store;
  private final S3Client client;
  private final String bucket;
  private final String key;
  private final List<CompletedPart> parts = new ArrayList<>();
  private final List<byte[]> sums = new ArrayList<>();
  private byte @Nullable [] filling;
  private int filled;
  private long bytes;
  private int started;
  private @Nullable String upload;
  private final Deque<FutureTask<Sent>> sending = new ArrayDeque<>();
  private boolean completed;

  private record Sent(CompletedPart part, byte[] sum) {}

  S3Upload(S3ObjectStore store, S3Client client, String bucket, String key) {
    this.store = store;
    this.client = client;
    this.bucket = bucket;
    this.key = key;
  }

  @Override
  public void write(byte[] from, int offset, int length) throws StoreException {
    int at = offset;
    int left = length;
    while (left > 0) {
      if (filling != null && filled == filling.length) {
        send();
      }
      byte[] buffer = filling;
      if (buffer == null) {
        buffer = store.borrow();
        filling = buffer;
      }
      int count = Math.min(left, buffer.length - filled);
      System.arraycopy(from, at, buffer, filled, count);
      filled += count;
      at += count;
      left -= count;
      bytes += count;
    }
  }

  /** Has the filled part sent by another thread, once one of those before is through. */
  private void send() throws StoreException {
    awaitSent(AT_ONCE - 1);
    String id = upload;
    if (id == null) {
      id =
          store
              .asked(
                  "start the upload of " + key,
                  () -> client.createMultipartUpload(it -> it.bucket(bucket).key(key)))
              .uploadId();
      upload = id;
    }
    int number = ++started;
    if (number > MOST_PARTS) {
      throw new StoreException(
          "TooLarge",
          key
              + " is larger than "
              + MOST_PARTS
              + " parts of "
              + ObjectStore.PART_BYTES
              + " bytes, which is the most that can be uploaded");
    }
    byte[] buffer = java.util.Objects.requireNonNull(filling);
    int length = filled;
    filling = null;
    filled = 0;
    String started = id;
    FutureTask<Sent> task =
        new FutureTask<>(
            () -> {
              try {
                return part(started, number, buffer, length);
              } finally {
                store.giveBack(buffer);
              }
            });
    sending.add(task);
    Thread thread = new Thread(task, "upload");
    thread.setDaemon(true);
    thread.start();
  }

  private Sent part(String id, int number, byte[] buffer, int length) throws StoreException {
    byte[] sum = Md5.of(buffer, length);
    String md5 = Base64.getEncoder().encodeToString(sum);
    for (int attempt = 1; ; attempt++) {
      UploadPartResponse answer =
          store.asked(
              "store part " + number + " of " + key,
              () ->
                  client.uploadPart(
                      it ->
                          it.bucket(bucket)
                              .key(key)
                              .uploadId(id)
                              .partNumber(number)
                              .contentMD5(md5),
                      S3ObjectStore.body(buffer, length)));
      if (S3ObjectStore.sameSum(answer.eTag(), answer.serverSideEncryptionAsString(), sum)) {
        return new Sent(
            CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build(), sum);
      }
      Md5.refuse(key, attempt);
    }
  }

  /** Waits until no more than this many parts are on their way; they end in their order. */
  private void awaitSent(int left) throws StoreException {
    while (sending.size() > left) {
      try {
        Sent sent = sending.element().get();
        sending.remove();
        parts.add(sent.part());
        sums.add(sent.sum());
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof StoreException known) {
          throw known;
        }
        throw new StoreException(
            "StoreFailing", "cannot store " + key + ": " + failed.getCause(), failed);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new StoreException(
            "Stopped", "the upload of " + key + " was interrupted", interrupted);
      }
    }
  }

  @Override
  public ObjectStore.Stored complete() throws StoreException {
    if (upload == null) {
      byte[] only = filling == null ? new byte[0] : filling;
      ObjectStore.Stored stored = store.put(key, only, filled);
      completed = true;
      return stored;
    }
    if (filled > 0) {
      send();
    }
    awaitSent(0);
    String id = upload;
    try {
      client.completeMultipartUpload(
          it -> it.bucket(bucket).key(key).uploadId(id).multipartUpload(all -> all.parts(parts)));
    } catch (SdkException failed) {
      if (!isThere()) {
        throw store.failure("complete " + key, failed);
      }
      // The answer was lost, not the deed.
    }
    completed = true;
    return new ObjectStore.Stored(key, bytes, Instant.now());
  }

  /**
   * Whether the object is the one that was uploaded: by its length and by the sums of its parts.
   */
  private boolean isThere() {
    try {
      return store
          .response(key)
          .filter(it -> it.contentLength() == bytes)
          .filter(it -> Md5.bare(it.eTag()).equals(Md5.multipart(sums)))
          .isPresent();
    } catch (StoreException unknown) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    // An upload is given up only when nothing adds to it any more.
    for (FutureTask<Sent> task : sending) {
      try {
        task.get();
      } catch (ExecutionException failed) {
        // Told by who wrote.
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (filling != null) {
      store.giveBack(filling);
      filling = null;
    }
    String id = upload;
    if (id != null && !completed) {
      upload = null;
      store.abort(key, id);
    }
  }
}
