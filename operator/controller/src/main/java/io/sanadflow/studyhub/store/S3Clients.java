package io.sanadflow.studyhub.store;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes clients of S3 that keep to what R2 takes, and to little memory. */
final class S3Clients {

  private S3Clients() {}

  /**
   * How long a request is tried.
   *
   * @param connect until there is a connection
   * @param silence between two bytes
   * @param attempt of one request, until its answer begins
   * @param attempts how often
   */
  record Patience(Duration connect, Duration silence, Duration attempt, int attempts) {

    /** For agents; a request with a whole part in it still succeeds at 30 kB/s. */
    static final Patience AGENT =
        new Patience(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(5), 6);

    /** For a server whose clients wait. */
    static final Patience SERVER =
        new Patience(Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofSeconds(8), 2);
  }

  /** A client for an agent. */
  static S3Client open(
      AgentConfig.Bucket bucket, Path credentials, Path authority, Requests requests)
      throws StoreException {
    return open(bucket, credentials, authority, Patience.AGENT, requests);
  }

  /**
   * A client.
   *
   * @param credentials a directory with the files accessKeyId and secretAccessKey
   * @param authority a PEM file; if it is not there, the JDK's authorities are trusted
   * @param requests counts what the client asks
   * @throws StoreException CredentialsMissing, AuthorityBad or EndpointBad
   */
  static S3Client open(
      AgentConfig.Bucket bucket,
      Path credentials,
      Path authority,
      Patience patience,
      Requests requests)
      throws StoreException {
    AwsBasicCredentials keys =
        AwsBasicCredentials.create(
            credential(credentials.resolve("accessKeyId")),
            credential(credentials.resolve("secretAccessKey")));
    UrlConnectionHttpClient.Builder http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(patience.connect())
            .socketTimeout(patience.silence());
    if (Files.exists(authority)) {
      TrustManager[] trusted = trusting(authority);
      http.tlsTrustManagersProvider(() -> trusted);
    }
    StandardRetryStrategy retries =
        StandardRetryStrategy.builder()
            .maxAttempts(patience.attempts())
            .useClientDefaults(false)
            .circuitBreakerEnabled(false)
            .retryOnException(StoreFailures::passing)
            .treatAsThrottling(StoreFailures::throttling)
            .backoffStrategy(
                BackoffStrategy.exponentialDelay(Duration.ofMillis(500), Duration.ofSeconds(20)))
            .throttlingBackoffStrategy(
                BackoffStrategy.exponentialDelay(Duration.ofSeconds(2), Duration.ofSeconds(20)))
            .build();
    ProfileFile none = ProfileFile.aggregator().build();
    return S3Client.builder()
        .httpClientBuilder(http)
        .credentialsProvider(StaticCredentialsProvider.create(keys))
        .region(Region.of(bucket.region()))
        .endpointOverride(endpoint(bucket.endpoint()))
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        // Where a sum is required, all stores know Content-MD5 and few the newer ones.
        .addPlugin(LegacyMd5Plugin.create())
        .serviceConfiguration(
            it ->
                it.pathStyleAccessEnabled(true)
                    .chunkedEncodingEnabled(false)
                    .expectContinueEnabled(false)
                    .profileFile(() -> none))
        .overrideConfiguration(
            it ->
                it.retryStrategy(retries)
                    .addExecutionInterceptor(new RequestCounter(requests))
                    // One thread for timeouts, not the SDK's five.
                    .scheduledExecutorService(timeouts())
                    .apiCallAttemptTimeout(patience.attempt())
                    .defaultProfileFile(none))
        .build();
  }

  /** A request that has ended is forgotten at once, not when its time would have been over. */
  private static ScheduledExecutorService timeouts() {
    ScheduledThreadPoolExecutor timeouts = new ScheduledThreadPoolExecutor(1, S3Clients::daemon);
    timeouts.setRemoveOnCancelPolicy(true);
    return timeouts;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "store-timeouts");
    thread.setDaemon(true);
    return thread;
  }

  private static URI endpoint(String text) throws StoreException {
    URI endpoint;
    try {
      endpoint = URI.create(text);
    } catch (IllegalArgumentException bad) {
      throw new StoreException(
          "EndpointBad", "spec.objectStore.endpoint: " + text + " is not a URL", bad);
    }
    if (endpoint.getHost() == null || endpoint.getScheme() == null) {
      throw new StoreException(
          "EndpointBad",
          "spec.objectStore.endpoint: " + text + " must be https://HOST or https://HOST:PORT");
    }
    return endpoint;
  }

  private static String credential(Path file) throws StoreException {
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (NoSuchFileException missing) {
      throw new StoreException(
          "CredentialsMissing",
          "the Secret of spec.objectStore.credentialsSecret has no key "
              + file.getFileName()
              + "; it needs accessKeyId and secretAccessKey",
          missing);
    } catch (IOException unreadable) {
      throw new StoreException(
          "CredentialsMissing", file + " cannot be read: " + unreadable.getMessage(), unreadable);
    }
    if (text.isEmpty() || text.chars().anyMatch(it -> it <= ' ' || it > '~')) {
      throw new StoreException(
          "CredentialsMissing",
          "the Secret of spec.objectStore.credentialsSecret has under "
              + file.getFileName()
              + (text.isEmpty() ? " nothing" : " a value with blanks or line breaks in it")
              + "; give it as the store's console shows it");
    }
    return text;
  }

  private static TrustManager[] trusting(Path authority) throws StoreException {
    try (InputStream pem = Files.newInputStream(authority)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + number++, certificate);
      }
      if (number == 0) {
        throw new GeneralSecurityException("it holds no certificate");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException bad) {
      throw new StoreException(
          "AuthorityBad",
          "ca.crt of spec.objectStore.caSecret cannot be used: "
              + bad.getMessage()
              + "; it must be certificates in PEM",
          bad);
    }
  }
}
