package io.sanadflow.studyhub.gateway;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The conditions of a request, in the order of RFC 9110, section 13.2.2. */
final class Conditions {

  /** A time as headers have it; what is read may have a day of one digit. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final Function<String, Optional<String>> headers;

  /** The conditions of these headers, each of which is given as one line. */
  Conditions(Function<String, Optional<String>> headers) {
    this.headers = headers;
  }

  /** Whether there is any, so that the content may not be needed. */
  boolean any() {
    return headers.apply("If-None-Match").isPresent()
        || headers.apply("If-Modified-Since").isPresent()
        || headers.apply("If-Match").isPresent()
        || headers.apply("If-Unmodified-Since").isPresent();
  }

  /** The status that the conditions lead to: 200, 304 or 412. */
  int status(Medium medium) {
    Instant modified = medium.modified().truncatedTo(ChronoUnit.SECONDS);
    Optional<String> match = headers.apply("If-Match");
    if (match.isPresent()) {
      if (!lists(match.get(), medium.etag(), false)) {
        return Answer.PRECONDITION_FAILED;
      }
    } else if (date("If-Unmodified-Since").filter(modified::isAfter).isPresent()) {
      return Answer.PRECONDITION_FAILED;
    }
    Optional<String> noneMatch = headers.apply("If-None-Match");
    if (noneMatch.isPresent()) {
      return lists(noneMatch.get(), medium.etag(), true) ? Answer.NOT_MODIFIED : Answer.OK;
    }
    return date("If-Modified-Since").filter(it -> !modified.isAfter(it)).isPresent()
        ? Answer.NOT_MODIFIED
        : Answer.OK;
  }

  /** Whether a range is of what the client has already, as If-Range says. */
  boolean rangeHolds(Medium medium) {
    Optional<String> condition = headers.apply("If-Range");
    if (condition.isEmpty()) {
      return true;
    }
    String text = condition.get().strip();
    return text.startsWith("\"")
        ? text.equals(medium.etag())
        : parse(text).filter(medium.modified().truncatedTo(ChronoUnit.SECONDS)::equals).isPresent();
  }

  /** A time as of Last-Modified. */
  static String httpDate(Instant time) {
    return HTTP_DATE.format(time);
  }

  private Optional<Instant> date(String header) {
    return headers.apply(header).flatMap(Conditions::parse);
  }

  private static Optional<Instant> parse(String text) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip())));
    } catch (DateTimeException noDate) {
      return Optional.empty();
    }
  }

  private static boolean lists(String header, String etag, boolean weak) {
    for (String part : header.split(",")) {
      String one = part.strip();
      if (one.equals("*") || one.equals(etag) || weak && one.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }
}
