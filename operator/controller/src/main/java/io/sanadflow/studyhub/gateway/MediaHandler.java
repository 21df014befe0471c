package io.sanadflow.studyhub.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.sanadflow.studyhub.backup.GatewayConfig;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Gives media out: GET and HEAD of the volume's file or else of the bucket's object. */
final class MediaHandler implements HttpHandler {

  /** What a browser would run as a part of the app's own site. */
  private static final Set<String> ACTIVE =
      Set.of("text/html", "image/svg+xml", "application/xml", "text/xml", "application/xhtml+xml");

  /** Faults that pass: of these it is said when to come again. */
  private static final Set<String> PASSING =
      Set.of("Unreachable", "TooManyRequests", "StoreFailing");

  private final VolumeMedia volume;
  private final BucketMedia bucket;
  private final Optional<Signing> signing;
  private final long maxAgeSeconds;
  private final Clock clock;
  private final Consumer<String> log;

  /**
   * A handler.
   *
   * @param signing what requests must be signed with; empty if anybody may read
   * @param log takes a line for each fault
   */
  MediaHandler(
      VolumeMedia volume,
      BucketMedia bucket,
      Optional<Signing> signing,
      long maxAgeSeconds,
      Clock clock,
      Consumer<String> log) {
    this.volume = volume;
    this.bucket = bucket;
    this.signing = signing;
    this.maxAgeSeconds = maxAgeSeconds;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      String path = exchange.getRequestURI().getRawPath();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        Answer.words(exchange, Answer.NOT_ALLOWED, "GET and HEAD are all that there is");
      } else if (path.equals(GatewayConfig.READY)) {
        Answer.words(exchange, Answer.OK, "ready");
      } else {
        Optional<MediaPath> medium = MediaPath.of(path);
        if (medium.isEmpty()) {
          Answer.words(exchange, Answer.NOT_FOUND, "no medium can have this path");
        } else {
          media(exchange, medium.get());
        }
      }
    } catch (StoreException broken) {
      // Too late for a status: the client sees that the connection ends before the content does.
      log.accept("an answer was broken off: " + broken.getMessage());
      throw broken;
    }
  }

  private void media(HttpExchange exchange, MediaPath path) throws IOException {
    Instant now = clock.instant();
    long maxAge = maxAgeSeconds;
    if (signing.isPresent()) {
      String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
      Optional<Instant> until = signing.get().until(path.text(), query, now);
      if (until.isEmpty()) {
        Answer.words(exchange, Answer.FORBIDDEN, "the request is not signed, or its time is over");
        return;
      }
      maxAge = Math.min(maxAge, Duration.between(now, until.get()).toSeconds());
    }
    Optional<Medium> found;
    try {
      found = find(exchange, path);
    } catch (StoreException failed) {
      faulty(exchange, path, failed);
      return;
    } catch (IOException unreadable) {
      log.accept(path.text() + " cannot be read on the volume: " + unreadable);
      Answer.words(exchange, Answer.FAILED, "the medium cannot be read");
      return;
    }
    if (found.isEmpty()) {
      Answer.words(exchange, Answer.NOT_FOUND, "there is no such medium");
      return;
    }
    try (Medium medium = found.get()) {
      answer(exchange, path, medium, maxAge);
    } catch (StoreException failed) {
      if (exchange.getResponseCode() > 0) {
        throw failed;
      }
      faulty(exchange, path, failed);
    }
  }

  /** The volume first: the app writes there, so what is there is the newest. */
  private Optional<Medium> find(HttpExchange exchange, MediaPath path) throws IOException {
    Optional<Medium> file = volume.find(path);
    if (file.isPresent()) {
      return file;
    }
    Headers asked = exchange.getRequestHeaders();
    boolean whole =
        !Answer.isHead(exchange) && !asked.containsKey("Range") && !conditions(exchange).any();
    Optional<Medium> object = bucket.find(path, whole);
    // It may have come home between both looks.
    return object.isPresent() ? object : volume.find(path);
  }

  private static Conditions conditions(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return new Conditions(
        name -> Optional.ofNullable(headers.get(name)).map(it -> String.join(",", it)));
  }

  private void answer(HttpExchange exchange, MediaPath path, Medium medium, long maxAge)
      throws IOException {
    Conditions conditions = conditions(exchange);
    Headers headers = exchange.getResponseHeaders();
    headers.set("ETag", medium.etag());
    headers.set("Last-Modified", Conditions.httpDate(medium.modified()));
    headers.set("Accept-Ranges", "bytes");
    headers.set(
        "Cache-Control", (signing.isPresent() ? "private" : "public") + ", max-age=" + maxAge);
    int status = conditions.status(medium);
    if (status == Answer.NOT_MODIFIED) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    if (status == Answer.PRECONDITION_FAILED) {
      Answer.words(exchange, status, "the medium is not as the request wants it");
      return;
    }
    long size = medium.bytes();
    Optional<ByteRange> range =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
            .filter(it -> conditions.rangeHolds(medium))
            .flatMap(it -> ByteRange.of(it, size));
    if (range.filter(ByteRange::isUnsatisfiable).isPresent()) {
      headers.set("Content-Range", "bytes */" + size);
      Answer.words(exchange, Answer.UNSATISFIABLE, "the medium has " + size + " bytes");
      return;
    }
    String type = type(path);
    headers.set("Content-Type", type);
    headers.set("X-Content-Type-Options", "nosniff");
    if (ACTIVE.contains(type)) {
      headers.set(
          "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    }
    range.ifPresent(it -> headers.set("Content-Range", it.contentRange(size)));
    send(exchange, medium, range);
  }

  private static void send(HttpExchange exchange, Medium medium, Optional<ByteRange> range)
      throws IOException {
    ByteRange part = range.orElse(new ByteRange(0, medium.bytes()));
    int status = range.isPresent() ? Answer.PARTIAL : Answer.OK;
    if (Answer.isHead(exchange) || part.length() == 0) {
      Answer.begin(exchange, status, part.length());
      return;
    }
    try (Delivery delivery = Delivery.of(medium, part)) {
      // The first piece is there before the status is told: a fault until then has an answer.
      delivery.prepare();
      Answer.begin(exchange, status, part.length());
      try (OutputStream out = exchange.getResponseBody()) {
        delivery.send(out);
      }
    }
  }

  private void faulty(HttpExchange exchange, MediaPath path, StoreException failed)
      throws IOException {
    exchange.getResponseHeaders().clear();
    if (failed.reason().equals("NotFound")) {
      Answer.words(exchange, Answer.NOT_FOUND, "there is no such medium");
      return;
    }
    log.accept(path.text() + ": " + failed.reason() + ": " + failed.getMessage());
    boolean passing = PASSING.contains(failed.reason());
    exchange.getResponseHeaders().set("Retry-After", passing ? "5" : "60");
    Answer.words(
        exchange,
        passing ? Answer.UNAVAILABLE : Answer.BAD_GATEWAY,
        "the object store does not give the medium: " + failed.reason());
  }

  private static String type(MediaPath path) {
    String guess = URLConnection.guessContentTypeFromName(path.name());
    return guess == null ? "application/octet-stream" : guess;
  }
}
