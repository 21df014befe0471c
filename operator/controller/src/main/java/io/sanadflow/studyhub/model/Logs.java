package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.MonitoringSpec;
import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a hub's logs are sent.
 *
 * @param url that takes OTLP as JSON, path included
 * @param port of the URL
 * @param token the bearer token
 * @param authoritySecret with the ca.crt of an endpoint of a private authority
 * @param image of the collector
 */
public record Logs(
    String url,
    int port,
    Optional<Hub.EncryptionKey> token,
    Optional<String> authoritySecret,
    String image) {

  /** The memory limit of the reader, in bytes. */
  public static final long READER_MEMORY = 48L << 20;

  /** The memory limit of the collector, in bytes. */
  public static final long COLLECTOR_MEMORY = 96L << 20;

  /** The memory limits of what sends logs, in bytes. */
  public static final long MEMORY = READER_MEMORY + COLLECTOR_MEMORY;

  private static final String FIELD = "spec.monitoring.logs.endpoint";

  /** Where OTLP/HTTP is taken by default. */
  private static final String PATH = "/v1/logs";

  /** Names that the cluster's own DNS alone answers. */
  private static final String IN_CLUSTER = ".*\\.svc(\\.cluster\\.local)?\\.?";

  /** In place of one that cannot be used. */
  private static final URI NONE = URI.create("https://logs.invalid" + PATH);

  static Logs of(MonitoringSpec.Logs spec, Reading reading) {
    URI url = url(spec.endpoint(), reading);
    int fallback = url.getScheme().equals("https") ? 443 : 80;
    return new Logs(
        url.toString(),
        url.getPort() < 0 ? fallback : url.getPort(),
        Optional.ofNullable(spec.tokenSecret())
            .map(it -> new Hub.EncryptionKey(it.name(), it.key())),
        Optional.ofNullable(spec.caSecret()).map(NameRef::name),
        // An older schema in the cluster has no default for it.
        Optional.ofNullable(spec.image()).orElse(MonitoringSpec.COLLECTOR));
  }

  private static URI url(String text, Reading reading) {
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException none) {
      url = URI.create("");
    }
    String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (url.getHost() == null
        || !(scheme.equals("https") || scheme.equals("http"))
        || url.getPort() == 0
        || url.getPort() > 65535) {
      reading.problem(
          FIELD,
          "\""
              + Excerpt.of(text)
              + "\" is not a URL of https; https://logs.example.org would work");
      return NONE;
    }
    if (url.getUserInfo() != null) {
      // Not the text: who writes one there means a secret.
      reading.problem(
          FIELD, "has a user's name in it; leave it out, and name a Secret in tokenSecret");
      return NONE;
    }
    if (scheme.equals("http") && !url.getHost().toLowerCase(Locale.ROOT).matches(IN_CLUSTER)) {
      reading.problem(
          FIELD,
          "\""
              + Excerpt.of(text)
              + "\" is of http, in which all on the way can read the logs and the token; use https,"
              + " or a Service of the cluster, such as http://NAME.NAMESPACE.svc:4318");
      return NONE;
    }
    String path = Optional.ofNullable(url.getRawPath()).orElse("");
    return path.isEmpty() || path.equals("/") ? url.resolve(PATH) : url;
  }
}
