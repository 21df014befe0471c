package io.sanadflow.studyhub.notify;

import io.sanadflow.studyhub.probe.Authorities;
import io.sanadflow.studyhub.probe.ProbeException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One request to a receiver. Of its answer the status counts, and when it wants to be asked. */
final class Attempt {

  /**
   * What came of it.
   *
   * @param failure empty where it was taken; never has the address in it
   * @param pause how long the receiver wants to be left alone, if it said
   * @param hung whether the host kept the request waiting, as it may all others
   */
  record Outcome(Optional<String> failure, Optional<Duration> pause, boolean hung) {}

  /** The longest that a receiver is waited for because it said so. */
  private static final Duration MOST_WAIT = Duration.ofHours(1);

  private final Delivery delivery;
  private final int timeoutMillis;
  private volatile @Nullable HttpURLConnection connection;
  private volatile boolean ended;

  Attempt(Delivery delivery, Duration timeout) {
    this.delivery = delivery;
    this.timeoutMillis = (int) timeout.toMillis();
  }

  /** Sends it, and waits for the answer. */
  Outcome run(Instant now) {
    try {
      HttpURLConnection open =
          (HttpURLConnection) delivery.destination().uri().toURL().openConnection();
      connection = open;
      return exchange(open, now);
    } catch (HttpRetryException demands) {
      return failed("answers " + demands.responseCode());
    } catch (UnknownHostException unknown) {
      return failed("its host is not known to the DNS");
    } catch (SocketTimeoutException late) {
      return hung();
    } catch (SSLException | ProbeException untrusted) {
      return failed("its certificate is not trusted, or it does not speak TLS 1.2 or 1.3");
    } catch (IOException broken) {
      return ended ? hung() : failed("cannot be reached");
    } finally {
      end();
    }
  }

  private Outcome exchange(HttpURLConnection open, Instant now) throws IOException, ProbeException {
    if (delivery.destination().authority().isPresent()
        && open instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(
          Authorities.besidesPublicOnes(delivery.destination().authority().get()));
    }
    open.setConnectTimeout(timeoutMillis);
    open.setReadTimeout(timeoutMillis);
    open.setInstanceFollowRedirects(false);
    open.setUseCaches(false);
    open.setRequestProperty("User-Agent", "studyhub-operator");
    open.setRequestProperty("Connection", "close");
    delivery.headers().forEach(open::setRequestProperty);
    if (delivery.body().isPresent()) {
      byte[] body = delivery.body().get();
      open.setRequestMethod("POST");
      open.setDoOutput(true);
      open.setRequestProperty("Content-Type", "application/json; charset=utf-8");
      // Also keeps the JDK from sending a POST again by itself when the connection breaks.
      open.setFixedLengthStreamingMode(body.length);
      try (OutputStream out = open.getOutputStream()) {
        out.write(body);
      }
    }
    int status = open.getResponseCode();
    if (status >= 200 && status < 300) {
      return new Outcome(Optional.empty(), Optional.empty(), false);
    }
    if (status == 429 || status == 503) {
      return new Outcome(
          Optional.of("answers " + status), pause(open.getHeaderField("Retry-After"), now), false);
    }
    return failed(
        "answers "
            + status
            + (status >= 300 && status < 400 ? ", a redirection, which is not followed" : ""));
  }

  /** Breaks it off, from another thread or after it has ended. */
  void end() {
    ended = true;
    HttpURLConnection open = connection;
    if (open != null) {
      open.disconnect();
    }
  }

  private static Outcome failed(String why) {
    return new Outcome(Optional.of(why), Optional.empty(), false);
  }

  private static Outcome hung() {
    return new Outcome(Optional.of("does not answer in time"), Optional.empty(), true);
  }

  /** Retry-After, in seconds or as a date: RFC 9110, 10.2.3. */
  static Optional<Duration> pause(@Nullable String retryAfter, Instant now) {
    if (retryAfter == null) {
      return Optional.empty();
    }
    Duration wait;
    try {
      wait = Duration.ofSeconds(Long.parseLong(retryAfter.strip()));
    } catch (NumberFormatException date) {
      try {
        wait =
            Duration.between(
                now, ZonedDateTime.parse(retryAfter.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
      } catch (DateTimeParseException unreadable) {
        return Optional.empty();
      }
    }
    return Optional.of(wait)
        .filter(it -> !it.isNegative())
        .map(it -> it.compareTo(MOST_WAIT) > 0 ? MOST_WAIT : it);
  }
}
