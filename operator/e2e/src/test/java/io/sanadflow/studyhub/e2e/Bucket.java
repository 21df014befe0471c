package io.sanadflow.studyhub.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A place of its own in the bucket that the variables R2_ENDPOINT, R2_BUCKET, R2_ACCESS_KEY_ID,
 * R2_SECRET_ACCESS_KEY and R2_CA (a file) tell, seen past the operator; R2_CONTROL is where the
 * stand-in makes faults, and R2_ADMIN_ACCESS_KEY_ID and R2_ADMIN_SECRET_ACCESS_KEY may make
 * buckets. Without them the tests that need one are skipped and say so.
 */
final class Bucket implements AutoCloseable {

  /** The Secret with the credentials. */
  static final String SECRET = "r2";

  /** The Secret with the authority. */
  static final String AUTHORITY = "r2-ca";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final S3Client s3;
  private final String name;
  private final String prefix;
  private final String[] keys;
  private final HttpClient http = HttpClient.newHttpClient();

  private Bucket(S3Client s3, String name, String prefix, String... keys) {
    this.s3 = s3;
    this.name = name;
    this.prefix = prefix;
    this.keys = keys;
  }

  /** A new prefix, whose name starts with {@code purpose}. */
  static Bucket open(String purpose) {
    needs("R2_ENDPOINT", "an object store");
    return new Bucket(
        client("R2_"),
        variable("R2_BUCKET"),
        unique(purpose),
        variable("R2_ACCESS_KEY_ID"),
        variable("R2_SECRET_ACCESS_KEY"));
  }

  /** A new bucket, with the administrator's keys, which may make it and delete it. */
  static Bucket own(String purpose) {
    needs("R2_ADMIN_ACCESS_KEY_ID", "a store in which it may make buckets");
    Bucket bucket =
        new Bucket(
            client("R2_ADMIN_"),
            unique(purpose),
            "hub",
            variable("R2_ADMIN_ACCESS_KEY_ID"),
            variable("R2_ADMIN_SECRET_ACCESS_KEY"));
    bucket.make();
    return bucket;
  }

  private static void needs(String variable, String what) {
    Assumptions.assumeTrue(
        System.getenv(variable) != null,
        variable + " and its like are not set: this test needs " + what);
  }

  private static String unique(String purpose) {
    return "e2e-" + purpose + "-" + UUID.randomUUID().toString().substring(0, 5);
  }

  private static S3Client client(String of) {
    return S3Client.builder()
        .endpointOverride(URI.create(variable("R2_ENDPOINT")))
        .region(Region.of("auto"))
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .serviceConfiguration(it -> it.chunkedEncodingEnabled(false))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    variable(of + "ACCESS_KEY_ID"), variable(of + "SECRET_ACCESS_KEY"))))
        .httpClient(
            UrlConnectionHttpClient.builder()
                .tlsTrustManagersProvider(() -> trust().getTrustManagers())
                .build())
        .build();
  }

  /** Makes the bucket, which {@link #own} has done once. */
  void make() {
    s3.createBucket(it -> it.bucket(name));
  }

  /** Deletes the bucket with all that is in it. */
  void destroy() {
    keys("").forEach(this::delete);
    s3.deleteBucket(it -> it.bucket(name));
  }

  String prefix() {
    return prefix;
  }

  /** Makes the Secrets that {@link #spec} names. */
  Bucket grantTo(Cluster cluster) {
    grant(cluster, keys[0], keys[1]);
    secret(cluster, AUTHORITY, Map.of("ca.crt", authority()));
    return this;
  }

  /** Puts other credentials into the Secret. */
  void grant(Cluster cluster, String id, String key) {
    secret(cluster, SECRET, Map.of("accessKeyId", id, "secretAccessKey", key));
  }

  /** The value of {@code objectStore}, in flow style. */
  String spec(String more) {
    return ("{endpoint: \"%s\", bucket: %s, prefix: %s, credentialsSecret: {name: %s},"
            + " caSecret: {name: %s}%s}")
        .formatted(variable("R2_ENDPOINT"), name, prefix, SECRET, AUTHORITY, more);
  }

  /** The keys beneath the prefix that start with {@code start}, the prefix left out. */
  List<String> keys(String start) {
    return s3
        .listObjectsV2Paginator(it -> it.bucket(name).prefix(prefix + "/" + start))
        .contents()
        .stream()
        .map(S3Object::key)
        .map(it -> it.substring(prefix.length() + 1))
        .toList();
  }

  /** An object. */
  byte[] get(String key) {
    return s3.getObjectAsBytes(it -> it.bucket(name).key(prefix + "/" + key)).asByteArray();
  }

  /** An object as JSON. */
  JsonNode json(String key) {
    try {
      return JSON.readTree(get(key));
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    }
  }

  /** Puts an object in another's place. */
  void put(String key, byte[] content) {
    s3.putObject(it -> it.bucket(name).key(prefix + "/" + key), RequestBody.fromBytes(content));
  }

  /** The keys of dumps whose upload was begun and neither completed nor given up. */
  List<String> uploads() {
    return s3
        .listMultipartUploads(it -> it.bucket(name).prefix(prefix + "/daily/"))
        .uploads()
        .stream()
        .map(it -> it.key().substring(prefix.length() + 1))
        .toList();
  }

  /** Deletes an object. */
  void delete(String key) {
    s3.deleteObject(it -> it.bucket(name).key(prefix + "/" + key));
  }

  /**
   * Has the stand-in fail the next {@code count} requests of an operation, such as UploadPart, for
   * keys beneath the prefix.
   *
   * @param action such as {@code status 503}, {@code deny}, {@code reset}
   */
  void fault(String operation, String key, int count, String action) {
    String fault =
        JSON.createObjectNode()
            .put("action", action)
            .set(
                "match",
                JSON.createObjectNode()
                    .put("op", operation)
                    .put("bucket", name)
                    .put("keyPrefix", prefix + "/" + key)
                    .put("count", count))
            .toString();
    control("/fault", HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(fault)));
  }

  /** How many of the requests that are to fail have not come yet: those beneath the prefix. */
  int faultsLeft() {
    int left = 0;
    for (JsonNode fault : faults()) {
      left += ours(fault) ? fault.path("match").path("count").asInt() : 0;
    }
    return left;
  }

  /** Takes back the faults beneath the prefix that have not come yet. */
  void noFaults() {
    JsonNode all = faults();
    control("/fault", HttpRequest.newBuilder().DELETE());
    for (JsonNode fault : all) {
      if (!ours(fault)) {
        control(
            "/fault",
            HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(fault.toString())));
      }
    }
  }

  private JsonNode faults() {
    try {
      return JSON.readTree(control("/fault", HttpRequest.newBuilder().GET()));
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    }
  }

  private boolean ours(JsonNode fault) {
    JsonNode match = fault.path("match");
    return match.path("bucket").asText().equals(name)
        && match.path("keyPrefix").asText().startsWith(prefix + "/");
  }

  /** The operations of class A and B that R2 would bill for the bucket, by the stand-in's count. */
  List<Long> billed() {
    try {
      JsonNode billed =
          JSON.readTree(control("/stats", HttpRequest.newBuilder().GET())).path("billed");
      String ours = name + "/" + keys[0] + "/";
      return List.of(billed.path(ours + "A").asLong(), billed.path(ours + "B").asLong());
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    }
  }

  private String control(String path, HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          http.send(
              request.uri(URI.create("http://" + variable("R2_CONTROL") + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new AssertionError("the stand-in refuses " + path + ": " + answer.body());
      }
      return answer.body();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static void secret(Cluster cluster, String name, Map<String, String> content) {
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(cluster.namespace())
                .withName(name)
                .endMetadata()
                .withStringData(content)
                .build())
        .createOr(it -> it.update());
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set");
    }
    return value;
  }

  private static String authority() {
    try {
      return Files.readString(Path.of(variable("R2_CA")));
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  private static TrustManagerFactory trust() {
    try (var pem = Files.newInputStream(Path.of(variable("R2_CA")))) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust;
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    } catch (GeneralSecurityException wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  /** Deletes what is beneath the prefix, which is of this test alone, and the bucket if it is. */
  @Override
  public void close() {
    for (String key : keys("")) {
      delete(key);
    }
    s3.listMultipartUploads(it -> it.bucket(name).prefix(prefix + "/"))
        .uploads()
        .forEach(
            upload ->
                s3.abortMultipartUpload(
                    it -> it.bucket(name).key(upload.key()).uploadId(upload.uploadId())));
    if (!name.equals(variable("R2_BUCKET"))) {
      s3.deleteBucket(it -> it.bucket(name));
    }
    s3.close();
  }
}
