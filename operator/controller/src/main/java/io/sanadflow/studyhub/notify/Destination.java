package io.sanadflow.studyhub.notify;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where something is sent. The address is a credential: whoever knows it may write there, so it is
 * in no text of this class.
 *
 * @param uri of https, or of http inside the cluster
 * @param authority PEM that signs its certificate, or empty for the public ones
 */
public record Destination(URI uri, Optional<String> authority) {

  /** Names that the cluster's own DNS alone answers. */
  private static final String IN_CLUSTER = ".*\\.svc(\\.cluster\\.local)?\\.?";

  /** In place of one that is not read yet. */
  public static final Destination UNREAD =
      new Destination(URI.create("https://unread.invalid/"), Optional.empty());

  /** That an address cannot be used; the message tells why, without it. */
  public static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableException(String message) {
      super(message);
    }
  }

  /**
   * Reads an address.
   *
   * @throws UnusableException if it is not one, or would send in the clear what others may read
   */
  public static Destination of(String text, Optional<String> authority) throws UnusableException {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException unreadable) {
      // Not the cause: its message has the text.
      throw new UnusableException("is not a URL");
    }
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new UnusableException("is not a URL of https");
    }
    if (scheme.equals("http") && !uri.getHost().toLowerCase(Locale.ROOT).matches(IN_CLUSTER)) {
      throw new UnusableException(
          "is of http, in which all on the way can read it and the messages; use https, or a Service"
              + " of the cluster, such as http://NAME.NAMESPACE.svc/");
    }
    if (uri.getUserInfo() != null) {
      throw new UnusableException("has a user's name in it; use a URL with a token in its path");
    }
    return new Destination(uri, authority);
  }

  /** Host and port, which hang or fail together. */
  String host() {
    return uri.getHost().toLowerCase(Locale.ROOT) + ":" + uri.getPort();
  }

  /** The same with a segment more in its path. */
  Destination under(String segment) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String joined = path.endsWith("/") ? path + segment : path + "/" + segment;
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new Destination(
        URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + joined + query), authority);
  }

  @Override
  public String toString() {
    return "Destination[...]";
  }
}
