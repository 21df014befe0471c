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
 * stand-in makes faults. Without them the tests that need one are skipped and say so.
 */
final class Bucket implements AutoCloseable {

  /** The Secret with the credentials. */
  static final String SECRET = "r2";

  /** The Secret with the authority. */
  static final String AUTHORITY = "r2-ca";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final S3Client s3;
  private final String prefix;
  private final HttpClient http = HttpClient.newHttpClient();

  private Bucket(S3Client s3, String prefix) {
    this.s3 = s3;
    this.prefix = prefix;
  }

  /** A new prefix, whose name starts with {@code purpose}. */
  static Bucket open(String purpose) {
    Assumptions.assumeTrue(
        System.getenv("R2_ENDPOINT") != null,
        "R2_ENDPOINT and its like are not set: this test needs an object store");
    String prefix = "e2e-" + purpose + "-" + UUID.randomUUID().toString().substring(0, 5);
    S3Client client =
        S3Client.builder()
            .endpointOverride(URI.create(variable("R2_ENDPOINT")))
            .region(Region.of("auto"))
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(it -> it.chunkedEncodingEnabled(false))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        variable("R2_ACCESS_KEY_ID"), variable("R2_SECRET_ACCESS_KEY"))))
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .tlsTrustManagersProvider(() -> trust().getTrustManagers())
                    .build())
            .build();
    return new Bucket(client, prefix);
  }

  String prefix() {
    return prefix;
  }

  /** Makes the Secrets that {@link #spec} names. */
  Bucket grantTo(Cluster cluster) {
    grant(cluster, variable("R2_ACCESS_KEY_ID"), variable("R2_SECRET_ACCESS_KEY"));
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
        .formatted(variable("R2_ENDPOINT"), variable("R2_BUCKET"), prefix, SECRET, AUTHORITY, more);
  }

  /** The keys beneath the prefix that start with {@code start}, the prefix left out. */
  List<String> keys(String start) {
    return s3
        .listObjectsV2Paginator(it -> it.bucket(variable("R2_BUCKET")).prefix(prefix + "/" + start))
        .contents()
        .stream()
        .map(S3Object::key)
        .map(it -> it.substring(prefix.length() + 1))
        .toList();
  }

  /** An object. */
  byte[] get(String key) {
    return s3.getObjectAsBytes(it -> it.bucket(variable("R2_BUCKET")).key(prefix + "/" + key))
        .asByteArray();
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
    s3.putObject(
        it -> it.bucket(variable("R2_BUCKET")).key(prefix + "/" + key),
        RequestBody.fromBytes(content));
  }

  void delete(String key) {
    s3.deleteObject(it -> it.bucket(variable("R2_BUCKET")).key(prefix + "/" + key));
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
                    .put("keyPrefix", prefix + "/" + key)
                    .put("count", count))
            .toString();
    control(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(fault)));
  }

  /** Ends all faults. */
  void noFaults() {
    control(HttpRequest.newBuilder().DELETE());
  }

  private void control(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          http.send(
              request.uri(URI.create(variable("R2_CONTROL") + "/fault")).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new AssertionError("the stand-in takes no fault: " + answer.body());
      }
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

  /** Deletes what is beneath the prefix, which is of this test alone. */
  @Override
  public void close() {
    for (String key : keys("")) {
      delete(key);
    }
    s3.close();
  }
}
