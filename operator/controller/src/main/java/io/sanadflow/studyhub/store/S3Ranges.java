package io.sanadflow.studyhub.store;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.store.ConditionalStore.Described;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** A bucket of R2 or any S3, for a server whose clients wait. */
public final class S3Ranges implements RangeStore {

  private final S3Client client;
  private final String bucket;

  private S3Ranges(S3Client client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /**
   * Opens a bucket, without asking it anything yet.
   *
   * @param credentials a directory with the files accessKeyId and secretAccessKey
   * @param authority a PEM file; if it is not there, the JDK's authorities are trusted
   * @throws StoreException CredentialsMissing, AuthorityBad or EndpointBad
   */
  public static S3Ranges open(AgentConfig.Bucket told, Path credentials, Path authority)
      throws StoreException {
    return new S3Ranges(
        S3Clients.open(told, credentials, authority, S3Clients.Patience.SERVER, new Requests()),
        told.bucket());
  }

  @Override
  public Optional<Described> describe(String key) throws StoreException {
    try {
      HeadObjectResponse head = client.headObject(it -> it.bucket(bucket).key(key));
      return Optional.of(
          new Described(
              key,
              head.contentLength(),
              head.lastModified(),
              Md5.bare(head.eTag()),
              Map.copyOf(head.metadata())));
    } catch (SdkException failed) {
      if (isAbsent(failed)) {
        return Optional.empty();
      }
      throw StoreFailures.of("look at " + key, bucket, failed);
    }
  }

  @Override
  public Optional<Opened> open(String key) throws StoreException {
    try {
      ResponseInputStream<GetObjectResponse> content =
          client.getObject(it -> it.bucket(bucket).key(key));
      GetObjectResponse head = content.response();
      Described about =
          new Described(
              key,
              head.contentLength(),
              head.lastModified(),
              Md5.bare(head.eTag()),
              Map.copyOf(head.metadata()));
      return Optional.of(new Opened(about, new Aborting(content)));
    } catch (SdkException failed) {
      if (isAbsent(failed)) {
        return Optional.empty();
      }
      throw StoreFailures.of("read " + key, bucket, failed);
    }
  }

  @Override
  public InputStream range(Described about, long from, long length) throws StoreException {
    try {
      ResponseInputStream<GetObjectResponse> content =
          client.getObject(
              it ->
                  it.bucket(bucket)
                      .key(about.key())
                      .range("bytes=" + from + "-" + (from + length - 1))
                      .ifMatch('"' + about.etag() + '"'));
      String range = content.response().contentRange();
      if (range == null || !range.startsWith("bytes " + from + "-")) {
        content.abort();
        throw new StoreException(
            "NotSupported",
            "cannot read " + about.key() + " from byte " + from + ": the store gives no ranges");
      }
      return new Aborting(content);
    } catch (SdkException failed) {
      if (isAbsent(failed) || S3ObjectStore.status(failed) == StoreFailures.PRECONDITION_FAILED) {
        throw new StoreException(
            "NotFound", about.key() + " is another by now, or is gone", failed);
      }
      throw StoreFailures.of("read " + about.key(), bucket, failed);
    }
  }

  private static boolean isAbsent(SdkException failed) {
    return S3ObjectStore.status(failed) == StoreFailures.NOT_FOUND
        && !"NoSuchBucket"
            .equals(
                failed instanceof software.amazon.awssdk.awscore.exception.AwsServiceException it
                    ? StoreFailures.code(it)
                    : "");
  }

  @Override
  public void close() {
    client.close();
  }

  /** Closed before its end it drops the connection, rather than to read the rest of gigabytes. */
  private static final class Aborting extends InputStream {

    private final ResponseInputStream<GetObjectResponse> in;
    private boolean ended;

    Aborting(ResponseInputStream<GetObjectResponse> in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int count = in.read(bytes, offset, length);
        ended |= count < 0;
        return count;
      } catch (SdkException broken) {
        throw new IOException(broken);
      }
    }

    @Override
    public void close() throws IOException {
      if (ended) {
        in.close();
      } else {
        in.abort();
      }
    }
  }
}
