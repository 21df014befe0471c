package io.sanadflow.studyhub.probe;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What Redis says of itself.
 *
 * @param config the settings that were asked for; a name unknown to the server is absent
 * @param latency of connecting and a PING
 * @param served the certificate it presented
 */
public record RedisFacts(Map<String, String> config, Duration latency, Optional<Served> served) {

  /** Copies the settings. */
  public RedisFacts {
    config = Map.copyOf(config);
  }
}
