package io.sanadflow.studyhub.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server, asked by a real client over TLS. */
class GatewayTest {

  private static final Instant CHANGED = Instant.parse("2026-03-04T05:06:07.123456Z");

  private static final byte[] LARGE = content(1_000_000);

  @TempDir private Path directory;
  private final MemoryRanges bucket = new MemoryRanges();
  private Path media;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    serve(Optional.empty());
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private void serve(Optional<String> key) throws Exception {
    if (served != null) {
      served.close();
    }
    served = new Served(directory, bucket, "pilot", key);
    media = served.media;
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  private void onVolume(String path, byte[] content) throws IOException {
    Path file = media.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(CHANGED));
  }

  /** As offload stores it. */
  private void inBucket(String path, byte[] content) throws Exception {
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    bucket.put(
        "pilot/files/" + path,
        content.clone(),
        Instant.parse("2026-05-01T00:00:00Z"),
        Map.of("sha256", sum, "mtime", "1772600767.123456000"));
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return served.get(path, headers);
  }

  private HttpResponse<byte[]> ask(String method, String path, String... headers) throws Exception {
    return served.ask(method, path, headers);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return Served.header(answer, name);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMediumIsTheSameOnTheVolumeAndInTheBucket(boolean volume) throws Exception {
    if (volume) {
      onVolume("term 1/é 🎓.mp4", LARGE);
    } else {
      inBucket("term 1/é 🎓.mp4", LARGE);
    }
    String path = "/term%201/%C3%A9%20%F0%9F%8E%93.mp4";

    HttpResponse<byte[]> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(LARGE);
    assertThat(header(answer, "content-length")).isEqualTo("1000000");
    assertThat(header(answer, "content-type")).isEqualTo("video/mp4");
    assertThat(header(answer, "last-modified")).isEqualTo("Wed, 04 Mar 2026 05:06:07 GMT");
    assertThat(header(answer, "etag")).isEqualTo("\"64c2bc70d9000-f4240\"");
    assertThat(header(answer, "accept-ranges")).isEqualTo("bytes");
    assertThat(header(answer, "cache-control")).isEqualTo("public, max-age=3600");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void headTellsTheSameWithoutTheContent(boolean volume) throws Exception {
    if (volume) {
      onVolume("a.png", LARGE);
    } else {
      inBucket("a.png", LARGE);
    }

    HttpResponse<byte[]> answer = ask("HEAD", "/a.png");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "content-length")).isEqualTo("1000000");
    assertThat(header(answer, "etag")).isEqualTo("\"64c2bc70d9000-f4240\"");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=10-19, 10, 10",
    "bytes=999990-, 999990, 10",
    "bytes=-7, 999993, 7",
    "bytes=-2000000, 0, 1000000",
    "bytes=100-2000000, 100, 999900",
  })
  void aRangeIsAPartOfIt(String range, int from, int length) throws Exception {
    onVolume("here", LARGE);
    inBucket("there", LARGE);
    for (String path : List.of("/here", "/there")) {
      HttpResponse<byte[]> answer = get(path, "Range", range);

      assertThat(answer.statusCode()).isEqualTo(206);
      assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(LARGE, from, from + length));
      assertThat(header(answer, "content-range"))
          .isEqualTo("bytes " + from + "-" + (from + length - 1) + "/1000000");
    }
  }

  @Test
  void aRangeBeyondTheEndIsRefusedAndOthersThatCannotBeAreTheWhole() throws Exception {
    onVolume("here", LARGE);
    inBucket("there", LARGE);
    inBucket("empty", new byte[0]);
    for (String path : List.of("/here", "/there")) {
      HttpResponse<byte[]> beyond = get(path, "Range", "bytes=1000000-");
      assertThat(beyond.statusCode()).isEqualTo(416);
      assertThat(header(beyond, "content-range")).isEqualTo("bytes */1000000");
      for (String range : List.of("bytes=9-2", "bytes=0-1,5-6", "lines=1-2", "bytes=-", "x")) {
        HttpResponse<byte[]> whole = get(path, "Range", range);
        assertThat(whole.statusCode()).as(range).isEqualTo(200);
        assertThat(whole.body()).hasSize(1_000_000);
      }
    }
    assertThat(get("/empty", "Range", "bytes=0-").statusCode()).isEqualTo(416);
  }

  @Test
  void aRangeOfWhatHasChangedIsTheWhole() throws Exception {
    inBucket("there", LARGE);
    String etag = header(get("/there"), "etag");

    assertThat(get("/there", "Range", "bytes=0-9", "If-Range", etag).statusCode()).isEqualTo(206);
    assertThat(get("/there", "Range", "bytes=0-9", "If-Range", "\"other\"").statusCode())
        .isEqualTo(200);
    assertThat(
            get("/there", "Range", "bytes=0-9", "If-Range", "Wed, 04 Mar 2026 05:06:07 GMT")
                .statusCode())
        .isEqualTo(206);
    assertThat(
            get("/there", "Range", "bytes=0-9", "If-Range", "Wed, 04 Mar 2026 05:06:06 GMT")
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-None-Match     | ETAG                          | 304",
        "If-None-Match     | W/ETAG                        | 304",
        "If-None-Match     | \"x\", ETAG                   | 304",
        "If-None-Match     | *                             | 304",
        "If-None-Match     | \"x\"                         | 200",
        "If-Modified-Since | Wed, 04 Mar 2026 05:06:07 GMT | 304",
        "If-Modified-Since | Wed, 04 Mar 2026 05:06:06 GMT | 200",
        "If-Modified-Since | yesterday                     | 200",
        "If-Match          | ETAG                          | 200",
        "If-Match          | \"x\"                         | 412",
        "If-Match          | W/ETAG                        | 412",
        "If-Unmodified-Since | Wed, 04 Mar 2026 05:06:06 GMT | 412",
        "If-Unmodified-Since | Wed, 04 Mar 2026 05:06:07 GMT | 200",
      })
  void conditionsHold(String name, String value, int status) throws Exception {
    onVolume("here", LARGE);
    inBucket("there", LARGE);
    for (String path : List.of("/here", "/there")) {
      String etag = header(ask("HEAD", path), "etag");
      HttpResponse<byte[]> answer = get(path, name, value.replace("ETAG", etag));
      assertThat(answer.statusCode()).as(path).isEqualTo(status);
      assertThat(answer.body()).hasSize(status == 200 ? 1_000_000 : answer.body().length);
      if (status == 304) {
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "etag")).isEqualTo(etag);
      }
    }
  }

  @Test
  void whatIsEmptyIsAnAnswer() throws Exception {
    onVolume("here", new byte[0]);
    inBucket("there", new byte[0]);
    for (String path : List.of("/here", "/there")) {
      HttpResponse<byte[]> answer = get(path);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
      assertThat(header(answer, "content-length")).isEqualTo("0");
    }
  }

  @Test
  void theVolumeIsRightWhereBothHaveIt() throws Exception {
    onVolume("a", "new".getBytes(StandardCharsets.UTF_8));
    inBucket("a", "old".getBytes(StandardCharsets.UTF_8));

    assertThat(get("/a").body()).asString().isEqualTo("new");
    assertThat(bucket.requests).hasValue(0);
  }

  @Test
  void aWholeMediumCostsOneRequestOfTheBucket() throws Exception {
    inBucket("a", LARGE);

    get("/a");

    assertThat(bucket.requests).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/dir",
        "/dir/",
        "/absent",
        "/../outside",
        "/dir/../../outside",
        "/dir/..%2F..%2Foutside",
        "/%2e%2e/outside",
        "/dir%2Fa",
        "/dir//a",
        "/dir/./a",
        "/a%00",
        "/link",
        "/linked/secret",
        "/dir/a/b",
        "/.studyhub-restore/a",
        "/%FF",
        "/%zz",
      })
  void noPathLeadsOutNorToWhatIsNoMedium(String path) throws Exception {
    Path outside = Files.createDirectories(directory.resolve("outside-dir"));
    Files.writeString(directory.resolve("outside"), "secret");
    Files.writeString(outside.resolve("secret"), "secret");
    onVolume("dir/a", LARGE);
    onVolume(".studyhub-restore/a", LARGE);
    Files.createSymbolicLink(media.resolve("link"), directory.resolve("outside"));
    Files.createSymbolicLink(media.resolve("linked"), outside);

    String line = raw(path);

    assertThat(line).containsAnyOf(" 404 ", " 400 ");
  }

  /** A request as it is: the client of the JDK refuses to send some of these. */
  private String raw(String path) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) served.trust.getSocketFactory().createSocket("localhost", served.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).doesNotContain("secret");
      return answer.lines().findFirst().orElse("");
    }
  }

  @Test
  void onlyReadingIsThere() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
      HttpResponse<byte[]> answer = ask(method, "/a");
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(header(answer, "allow")).isEqualTo("GET, HEAD");
    }
    assertThat(get("/.studyhub-ready").statusCode()).isEqualTo(200);
  }

  @Test
  void onlyTls13IsSpoken() throws Exception {
    try (SSLSocket socket =
        (SSLSocket) served.trust.getSocketFactory().createSocket("localhost", served.port())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void whatABrowserWouldRunIsInASandbox() throws Exception {
    onVolume("x.svg", "<svg/>".getBytes(StandardCharsets.UTF_8));
    onVolume("x.html", "<p>".getBytes(StandardCharsets.UTF_8));
    onVolume("x.png", LARGE);

    assertThat(header(get("/x.svg"), "content-security-policy")).contains("sandbox");
    assertThat(header(get("/x.html"), "content-security-policy")).contains("sandbox");
    assertThat(header(get("/x.png"), "content-security-policy")).isEmpty();
  }

  @Test
  void aSignatureOpensOnePathUntilItsEnd() throws Exception {
    serve(Optional.of("key-0001"));
    onVolume("term 1/a", LARGE);
    onVolume("b", LARGE);
    Signing signing = new Signing("key-0001");
    long soon = Instant.now().getEpochSecond() + 60;
    long past = Instant.now().getEpochSecond() - 1;
    String good = "expires=" + soon + "&signature=" + signing.sign("term 1/a", soon);

    HttpResponse<byte[]> answer = get("/term%201/a?" + good);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "cache-control")).matches("private, max-age=(59|60)");
    for (String bad :
        List.of(
            "/term%201/a",
            "/b?" + good,
            "/term%201/a?" + good.replace("expires=" + soon, "expires=" + (soon + 1)),
            "/term%201/a?" + good.substring(0, good.length() - 1),
            "/term%201/a?expires=" + past + "&signature=" + signing.sign("term 1/a", past),
            "/term%201/a?expires=x&signature=y",
            "/absent?" + good)) {
      HttpResponse<byte[]> refused = get(bad);
      assertThat(refused.statusCode()).as(bad).isEqualTo(403);
      assertThat(header(refused, "cache-control")).isEqualTo("no-store");
    }
    assertThat(bucket.requests).hasValue(0);
    assertThat(get("/.studyhub-ready").statusCode()).isEqualTo(200);
  }

  /** The value is that of the three lines of Node in docs/offload.md. */
  @Test
  void theSignatureIsThatOfTheDocumentation() {
    assertThat(new Signing("0123456789abcdef").sign("term 1/é.png", 1800000000))
        .isEqualTo("XRshAGNNO046gGj2J6P4JaE8dkqusRTim1IMm0pbLTA");
  }

  @ParameterizedTest
  @CsvSource({
    "Unreachable, 503, 5",
    "TooManyRequests, 503, 5",
    "StoreFailing, 503, 5",
    "AccessDenied, 502, 60",
    "BucketMissing, 502, 60",
  })
  void aFaultOfTheStoreIsToldWithATimeToComeAgain(String reason, int status, String after)
      throws Exception {
    bucket.failure = new StoreException(reason, "the store says no");
    onVolume("here", LARGE);

    for (HttpResponse<byte[]> answer :
        List.of(get("/there"), get("/there", "Range", "bytes=0-1"), ask("HEAD", "/there"))) {
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(header(answer, "retry-after")).isEqualTo(after);
      assertThat(header(answer, "cache-control")).isEqualTo("no-store");
      assertThat(header(answer, "etag")).isEmpty();
    }
    assertThat(get("/here").statusCode()).isEqualTo(200);
    assertThat(served.log).anyMatch(it -> it.contains(reason));
  }

  @Test
  void aStreamThatBreaksIsTakenUpWhereItBroke() throws Exception {
    inBucket("a", LARGE);
    bucket.cutAfter = 300_000;
    bucket.cuts.set(3);

    assertThat(get("/a").body()).isEqualTo(LARGE);
    assertThat(bucket.cuts).hasValue(0);
    bucket.cuts.set(1);
    assertThat(get("/a", "Range", "bytes=5-900000").body())
        .isEqualTo(Arrays.copyOfRange(LARGE, 5, 900_001));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 500_000, 999_999})
  void whatWasDamagedNeverLooksComplete(int at) throws Exception {
    inBucket("a", LARGE);
    bucket.damage("pilot/files/a", at);

    assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
    assertThat(served.log).anyMatch(it -> it.contains("not what was stored"));
  }

  @Test
  void aSmallOneThatWasDamagedIsRefused() throws Exception {
    inBucket("a", content(1000));
    bucket.damage("pilot/files/a", 7);

    assertThat(get("/a").statusCode()).isEqualTo(502);
  }

  @Test
  void whatSomebodyElseStoredHasTheStoresValidators() throws Exception {
    bucket.put("pilot/files/a", content(1000), Instant.parse("2026-05-01T00:00:00Z"), Map.of());

    HttpResponse<byte[]> answer = get("/a");

    assertThat(answer.body()).isEqualTo(content(1000));
    assertThat(header(answer, "last-modified")).isEqualTo("Fri, 01 May 2026 00:00:00 GMT");
    assertThat(get("/a", "If-None-Match", header(answer, "etag")).statusCode()).isEqualTo(304);
  }

  @Test
  void aFileThatGoesWhileItIsSentIsSentToItsEnd() throws Exception {
    byte[] content = content(30 << 20);
    onVolume("a", content);
    HttpResponse<InputStream> answer =
        served.http.send(
            HttpRequest.newBuilder(served.uri("/a")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    byte[] first = answer.body().readNBytes(1000);
    Files.delete(media.resolve("a"));
    inBucket("a", content);

    byte[] rest = answer.body().readAllBytes();

    assertThat(Arrays.equals(first, 0, 1000, content, 0, 1000)).isTrue();
    assertThat(Arrays.equals(rest, 0, rest.length, content, 1000, content.length)).isTrue();
    assertThat(header(get("/a"), "etag"))
        .isEqualTo(answer.headers().firstValue("etag").orElseThrow());
  }

  @Test
  void moreClientsThanThreadsAreAllServed() throws Exception {
    onVolume("a", LARGE);
    List<java.util.concurrent.CompletableFuture<HttpResponse<byte[]>>> all =
        java.util.stream.IntStream.range(0, 60)
            .mapToObj(
                it ->
                    served.http.sendAsync(
                        HttpRequest.newBuilder(served.uri("/a")).build(),
                        HttpResponse.BodyHandlers.ofByteArray()))
            .toList();
    for (var one : all) {
      assertThat(one.get().body()).hasSize(1_000_000);
    }
  }
}
