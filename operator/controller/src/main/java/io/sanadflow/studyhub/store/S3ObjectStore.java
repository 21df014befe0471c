package io.sanadflow.studyhub.store;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Error;

/** A bucket of R2 or any S3. Its {@link ObjectStore} part is for one thread and its uploads. */
public final class S3ObjectStore implements ConditionalStore {

  /** How many keys S3 deletes in one request. */
  private static final int DELETED_AT_ONCE = 1000;

  private static final String TYPE = "application/octet-stream";

  private final S3Client client;
  private final String bucket;
  private final S3Conditional conditional;
  private final Requests requests;
  private final Deque<byte[]> spare = new ArrayDeque<>();

  private S3ObjectStore(S3Client client, String bucket, Requests requests) {
    this.client = client;
    this.bucket = bucket;
    this.requests = requests;
    this.conditional = new S3Conditional(this, client, bucket);
  }

  /**
   * Opens a bucket, without asking it anything yet.
   *
   * @param credentials a directory with the files accessKeyId and secretAccessKey
   * @param authority a PEM file; if it is not there, the JDK's authorities are trusted
   * @throws StoreException CredentialsMissing, AuthorityBad or EndpointBad
   */
  public static S3ObjectStore open(AgentConfig.Bucket told, Path credentials, Path authority)
      throws StoreException {
    Requests requests = new Requests();
    return new S3ObjectStore(
        S3Clients.open(told, credentials, authority, requests), told.bucket(), requests);
  }

  /** What was asked of the bucket, as R2 bills it. */
  @Override
  public Requests requests() {
    return requests;
  }

  @Override
  public void put(String key, byte[] content) throws StoreException {
    put(key, content, content.length);
  }

  /** Stores the first bytes of a buffer in one request. */
  Stored put(String key, byte[] buffer, int length) throws StoreException {
    byte[] sum = Md5.of(buffer, length);
    for (int attempt = 1; ; attempt++) {
      PutObjectResponse answer =
          asked(
              "store " + key,
              () -> client.putObject(request(key, sum, null), body(buffer, length)));
      if (sameSum(answer.eTag(), answer.serverSideEncryptionAsString(), sum)) {
        return new Stored(key, length, Instant.now());
      }
      Md5.refuse(key, attempt);
    }
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws StoreException {
    byte[] sum = Md5.of(content, content.length);
    try {
      client.putObject(request(key, sum, "*"), body(content, content.length));
      return true;
    } catch (SdkException failed) {
      if (status(failed) != StoreFailures.PRECONDITION_FAILED) {
        throw failure("store " + key, failed);
      }
      // After a lost answer the object in the way may be this one.
      return StoreFailures.repeated(failed)
          && response(key)
              .filter(it -> it.contentLength() == content.length)
              .filter(it -> Md5.bare(it.eTag()).equals(Md5.hex(sum)))
              .isPresent();
    }
  }

  private PutObjectRequest request(String key, byte[] sum, @Nullable String ifNoneMatch) {
    return PutObjectRequest.builder()
        .bucket(bucket)
        .key(key)
        .contentMD5(Base64.getEncoder().encodeToString(sum))
        .ifNoneMatch(ifNoneMatch)
        .build();
  }

  /** Of a buffer that is not copied. */
  static RequestBody body(byte[] buffer, int length) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(buffer, 0, length), length, TYPE);
  }

  static boolean sameSum(@Nullable String tag, @Nullable String encryption, byte[] sum) {
    return Md5.in(tag, encryption).map(Md5.hex(sum)::equals).orElse(true);
  }

  @Override
  public Upload upload(String key) throws StoreException {
    return new S3Upload(this, client, bucket, key);
  }

  @Override
  public InputStream get(String key) throws StoreException {
    return ResumedStream.open(this, client, bucket, key);
  }

  @Override
  public Optional<Stored> head(String key) throws StoreException {
    return response(key).map(it -> new Stored(key, it.contentLength(), it.lastModified()));
  }

  @Override
  public Optional<Described> describe(String key) throws StoreException {
    return conditional.describe(key);
  }

  @Override
  public Listing listing(String prefix) {
    return conditional.listing(prefix);
  }

  @Override
  public Optional<Described> store(String key, Content content, String type, Condition condition)
      throws StoreException, ContentChangedException {
    return conditional.store(key, content, type, condition);
  }

  /** An object's head. */
  Optional<HeadObjectResponse> response(String key) throws StoreException {
    try {
      return Optional.of(client.headObject(it -> it.bucket(bucket).key(key)));
    } catch (SdkException failed) {
      if (status(failed) == StoreFailures.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure("look at " + key, failed);
    }
  }

  @Override
  public void each(String prefix, Consumer<Stored> visitor) throws StoreException {
    String next = null;
    do {
      String from = next;
      ListObjectsV2Response page =
          asked(
              "list " + prefix,
              () ->
                  client.listObjectsV2(
                      it -> it.bucket(bucket).prefix(prefix).continuationToken(from)));
      page.contents()
          .forEach(it -> visitor.accept(new Stored(it.key(), it.size(), it.lastModified())));
      next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (next != null);
  }

  @Override
  public void delete(Collection<String> keys) throws StoreException {
    List<String> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += DELETED_AT_ONCE) {
      List<String> some = all.subList(from, Math.min(all.size(), from + DELETED_AT_ONCE));
      List<ObjectIdentifier> named =
          some.stream().map(it -> ObjectIdentifier.builder().key(it).build()).toList();
      List<S3Error> failed =
          asked(
                  "delete " + some.get(0) + (some.size() > 1 ? " and others" : ""),
                  () ->
                      client.deleteObjects(
                          it -> it.bucket(bucket).delete(d -> d.objects(named).quiet(true))))
              .errors();
      for (S3Error error : failed) {
        if (!"NoSuchKey".equals(error.code())) {
          throw new StoreException(
              "AccessDenied".equals(error.code()) ? "AccessDenied" : "DeleteFailed",
              "cannot delete "
                  + error.key()
                  + " ("
                  + error.code()
                  + "); the token must be allowed to delete objects, and no lock may hold them");
        }
      }
    }
  }

  @Override
  public int abortAbandoned(String prefix, Instant before) throws StoreException {
    int aborted = 0;
    String key = null;
    String upload = null;
    boolean more = true;
    while (more) {
      String keyMarker = key;
      String uploadMarker = upload;
      ListMultipartUploadsResponse page =
          asked(
              "list uploads of " + prefix,
              () ->
                  client.listMultipartUploads(
                      it ->
                          it.bucket(bucket)
                              .prefix(prefix)
                              .keyMarker(keyMarker)
                              .uploadIdMarker(uploadMarker)));
      for (MultipartUpload it : page.uploads()) {
        if (it.initiated() != null && it.initiated().isBefore(before)) {
          abort(it.key(), it.uploadId());
          aborted++;
        }
      }
      more = Boolean.TRUE.equals(page.isTruncated()) && page.nextKeyMarker() != null;
      key = page.nextKeyMarker();
      upload = page.nextUploadIdMarker();
    }
    return aborted;
  }

  /** Gives an upload up; one that is not there any more is no error. */
  void abort(String key, String upload) throws StoreException {
    try {
      client.abortMultipartUpload(it -> it.bucket(bucket).key(key).uploadId(upload));
    } catch (SdkException failed) {
      if (status(failed) != StoreFailures.NOT_FOUND) {
        throw failure("give up the upload of " + key, failed);
      }
    }
  }

  /** A buffer of one part. */
  synchronized byte[] borrow() {
    byte[] free = spare.poll();
    return free == null ? new byte[PART_BYTES] : free;
  }

  /** For the next who borrows. */
  synchronized void giveBack(byte[] buffer) {
    spare.push(buffer);
  }

  @Override
  public synchronized void rest() {
    spare.clear();
  }

  <T> T asked(String deed, Supplier<T> request) throws StoreException {
    try {
      return request.get();
    } catch (SdkException failed) {
      throw failure(deed, failed);
    }
  }

  StoreException failure(String deed, SdkException failed) {
    return StoreFailures.of(deed, bucket, failed);
  }

  static int status(SdkException failed) {
    return failed instanceof AwsServiceException answer ? answer.statusCode() : 0;
  }

  @Override
  public void close() {
    client.close();
  }
}
