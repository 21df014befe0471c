package io.sanadflow.studyhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.sanadflow.studyhub.backup.AgentConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the answers of stores become, with a server that gives them. */
class StoreFailuresTest {

  private static final String SECRET = "a-secret-access-key";

  private record Answer(int status, String body) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  @TempDir private Path directory;
  private HttpServer server;
  private S3ObjectStore store;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          Answer answer = answers.size() > 1 ? answers.poll() : answers.peek();
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    Files.writeString(directory.resolve("accessKeyId"), "an-id");
    Files.writeString(directory.resolve("secretAccessKey"), SECRET);
    store =
        S3ObjectStore.open(
            new AgentConfig.Bucket(
                "http://127.0.0.1:" + server.getAddress().getPort(), "auto", "hub", "", false),
            directory,
            directory.resolve("ca.crt"));
  }

  @AfterEach
  void stop() {
    store.close();
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "404,NoSuchBucket,BucketMissing,spec.objectStore.bucket",
    "404,NoSuchKey,NotFound,bucket hub",
    "403,AccessDenied,AccessDenied,Object Read & Write",
    "403,InvalidAccessKeyId,AccessDenied,credentialsSecret",
    "401,Unauthorized,AccessDenied,credentialsSecret",
    "403,SignatureDoesNotMatch,SignatureMismatch,credentialsSecret",
    "403,RequestTimeTooSkewed,ClockSkew,NTP",
    "400,InvalidRegionName,WrongRegion,spec.objectStore.region",
    "400,AuthorizationHeaderMalformed,WrongRegion,spec.objectStore.region",
    "400,QuotaExceeded,QuotaExceeded,retention",
    "507,InsufficientStorage,QuotaExceeded,retention",
    "501,NotImplemented,NotSupported,use another",
  })
  void eachHasItsReasonAndCure(int status, String code, String reason, String cure) {
    answers.add(error(status, code));
    StoreException failed =
        catchThrowableOfType(StoreException.class, () -> store.put("key", new byte[] {1}));
    assertThat(failed.reason()).isEqualTo(reason);
    assertThat(failed).hasMessageContaining(cure);
    assertThat(failed.getMessage()).doesNotContain(SECRET);
  }

  @Test
  void aListOutlivesPassingFaultsOnEveryPage() throws Exception {
    answers.add(error(503, "SlowDown"));
    answers.add(page("a", "next"));
    answers.add(error(500, "InternalError"));
    answers.add(new Answer(200, page("b", "").body().substring(0, 60)));
    answers.add(page("b", ""));
    assertThat(store.list("").stream().map(ObjectStore.Stored::key)).containsExactly("a", "b");
  }

  @Test
  void credentialsThatAreNoneAreToldByTheirKey() throws Exception {
    Files.writeString(directory.resolve("secretAccessKey"), "two words");
    StoreException failed =
        catchThrowableOfType(
            StoreException.class,
            () ->
                S3ObjectStore.open(
                    new AgentConfig.Bucket("http://127.0.0.1:1", "auto", "hub", "", false),
                    directory,
                    directory.resolve("ca.crt")));
    assertThat(failed.reason()).isEqualTo("CredentialsMissing");
    assertThat(failed).hasMessageContaining("secretAccessKey").hasMessageContaining("blanks");
    assertThat(failed.getMessage()).doesNotContain("two words");
  }

  private static Answer error(int status, String code) {
    return new Answer(status, "<Error><Code>" + code + "</Code><Message>as said</Message></Error>");
  }

  private static Answer page(String key, String next) {
    return new Answer(
        200,
        "<ListBucketResult><Contents><Key>"
            + key
            + "</Key><LastModified>2026-11-25T00:00:00.000Z</LastModified><Size>1</Size></Contents>"
            + (next.isEmpty()
                ? "<IsTruncated>false</IsTruncated>"
                : "<IsTruncated>true</IsTruncated><NextContinuationToken>"
                    + next
                    + "</NextContinuationToken>")
            + "</ListBucketResult>");
  }
}
