package io.sanadflow.studyhub.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** A bucket that others write to as well. */
final class S3Conditional {

  private final S3ObjectStore store;
  private final S3Client client;
  private final String bucket;

  S3Conditional(S3ObjectStore store, S3Client client, String bucket) {
    this.store = store;
    this.client = client;
    this.bucket = bucket;
  }

  Optional<ConditionalStore.Described> describe(String key) throws StoreException {
    return store
        .response(key)
        .map(
            it ->
                new ConditionalStore.Described(
                    key,
                    it.contentLength(),
                    it.lastModified(),
                    Md5.bare(it.eTag()),
                    Map.copyOf(it.metadata())));
  }

  ConditionalStore.Listing listing(String prefix) {
    Deque<ConditionalStore.Described> page = new ArrayDeque<>();
    return new ConditionalStore.Listing() {
      private @Nullable String next;
      private boolean last;

      @Override
      public Optional<ConditionalStore.Described> next() throws StoreException {
        while (page.isEmpty() && !last) {
          String from = next;
          ListObjectsV2Response answer =
              store.asked(
                  "list " + prefix,
                  () ->
                      client.listObjectsV2(
                          it -> it.bucket(bucket).prefix(prefix).continuationToken(from)));
          answer
              .contents()
              .forEach(
                  it ->
                      page.add(
                          new ConditionalStore.Described(
                              it.key(),
                              it.size(),
                              it.lastModified(),
                              Md5.bare(it.eTag()),
                              Map.of())));
          next = answer.nextContinuationToken();
          last = !Boolean.TRUE.equals(answer.isTruncated()) || next == null;
        }
        return Optional.ofNullable(page.poll());
      }
    };
  }

  Optional<ConditionalStore.Described> store(
      String key, Content content, String type, ConditionalStore.Condition condition)
      throws StoreException, ContentChangedException {
    try {
      String etag =
          content.parts() == 1
              ? whole(key, content, type, condition)
              : inParts(key, content, type, condition);
      return Optional.of(
          new ConditionalStore.Described(
              key, content.bytes(), Instant.now(), Md5.bare(etag), content.metadata()));
    } catch (SdkException failed) {
      ContentChangedException changed = changed(failed);
      if (changed != null) {
        throw changed;
      }
      if (S3ObjectStore.status(failed) == StoreFailures.PRECONDITION_FAILED
          || !condition.equals(ConditionalStore.Condition.ALWAYS)
              && S3ObjectStore.status(failed) == StoreFailures.NOT_FOUND
              && failed instanceof NoSuchKeyException) {
        return Optional.empty();
      }
      throw store.failure("store " + key, failed);
    }
  }

  private static @Nullable ContentChangedException changed(Throwable failed) {
    for (Throwable next = failed; next != null; next = next.getCause()) {
      if (next instanceof ContentChangedException changed) {
        return changed;
      }
    }
    return null;
  }

  private static RequestBody body(Content content, int index, String type) {
    return RequestBody.fromContentProvider(
        () -> {
          try {
            return content.open(index);
          } catch (NoSuchFileException gone) {
            throw new UncheckedIOException(new ContentChangedException("it went away"));
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        },
        content.length(index),
        type);
  }

  private String whole(
      String key, Content content, String type, ConditionalStore.Condition condition)
      throws StoreException {
    byte[] sum = content.sum(0);
    for (int attempt = 1; ; attempt++) {
      PutObjectResponse answer =
          client.putObject(
              it ->
                  it.bucket(bucket)
                      .key(key)
                      .metadata(content.metadata())
                      .contentType(type)
                      .contentMD5(Base64.getEncoder().encodeToString(sum))
                      .ifNoneMatch(condition.absent() ? "*" : null)
                      .ifMatch(condition.etag().map(S3Conditional::quoted).orElse(null)),
              body(content, 0, type));
      if (S3ObjectStore.sameSum(answer.eTag(), answer.serverSideEncryptionAsString(), sum)) {
        return answer.eTag();
      }
      Md5.refuse(key, attempt);
    }
  }

  private String inParts(
      String key, Content content, String type, ConditionalStore.Condition condition)
      throws StoreException {
    String upload =
        client
            .createMultipartUpload(
                it -> it.bucket(bucket).key(key).metadata(content.metadata()).contentType(type))
            .uploadId();
    boolean completed = false;
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (int index = 0; index < content.parts(); index++) {
        parts.add(part(key, content, type, upload, index));
      }
      try {
        client.completeMultipartUpload(
            it ->
                it.bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .ifNoneMatch(condition.absent() ? "*" : null)
                    .ifMatch(condition.etag().map(S3Conditional::quoted).orElse(null))
                    .multipartUpload(all -> all.parts(parts)));
      } catch (SdkException failed) {
        if (!isThere(key, content)) {
          throw failed;
        }
        // The answer was lost, not the deed.
      }
      completed = true;
      return content.etag();
    } finally {
      if (!completed) {
        giveUp(key, upload);
      }
    }
  }

  private CompletedPart part(String key, Content content, String type, String upload, int index)
      throws StoreException {
    byte[] sum = content.sum(index);
    for (int attempt = 1; ; attempt++) {
      UploadPartResponse answer =
          client.uploadPart(
              it ->
                  it.bucket(bucket)
                      .key(key)
                      .uploadId(upload)
                      .partNumber(index + 1)
                      .contentMD5(Base64.getEncoder().encodeToString(sum)),
              body(content, index, type));
      if (S3ObjectStore.sameSum(answer.eTag(), answer.serverSideEncryptionAsString(), sum)) {
        return CompletedPart.builder().partNumber(index + 1).eTag(answer.eTag()).build();
      }
      Md5.refuse(key, attempt);
    }
  }

  private boolean isThere(String key, Content content) {
    try {
      return describe(key)
          .filter(it -> it.bytes() == content.bytes() && it.etag().equals(content.etag()))
          .isPresent();
    } catch (StoreException unknown) {
      return false;
    }
  }

  /** What is left then is given up by the next run that tidies. */
  private void giveUp(String key, String upload) {
    try {
      store.abort(key, upload);
    } catch (StoreException left) {
      // Nobody sees it.
    }
  }

  private static String quoted(String etag) {
    return '"' + etag + '"';
  }
}
