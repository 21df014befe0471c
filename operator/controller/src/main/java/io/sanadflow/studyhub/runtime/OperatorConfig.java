package io.sanadflow.studyhub.runtime;

import io.sanadflow.studyhub.api.v1alpha1.Durations;
import io.sanadflow.studyhub.notify.Destination;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operator's own settings, all from its environment.
 *
 * @param watchNamespaces WATCH_NAMESPACES, separated by commas; empty for all
 * @param operatorNamespace OPERATOR_NAMESPACE, where its pods and its Lease are
 * @param image OPERATOR_IMAGE, what agents run; the operator's own unless given
 * @param leaderElection LEADER_ELECTION; off for a run without a second instance
 * @param instance POD_NAME or HOSTNAME, who holds the Lease and writes Events
 * @param httpPort HTTP_PORT of what everybody may ask; 0 takes any free one
 * @param probePort PROBE_PORT of what the kubelet asks alone; 0 takes any free one
 * @param certificateLifetime CERTIFICATE_LIFETIME of the certificates inside hubs; they are made
 *     anew when a third of it is left
 * @param threads RECONCILE_THREADS, how many hubs are reconciled at once
 * @param heartbeat HEARTBEAT_URL, a monitor that is told every minute that the operator works, and
 *     HEARTBEAT_CA, the authority of its certificate, if no public one has signed it
 */
public record OperatorConfig(
    Set<String> watchNamespaces,
    String operatorNamespace,
    Optional<String> image,
    boolean leaderElection,
    String instance,
    int httpPort,
    int probePort,
    Duration certificateLifetime,
    int threads,
    Optional<Destination> heartbeat) {

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException naming the variable that cannot be read
   */
  public static OperatorConfig fromEnvironment(Map<String, String> environment) {
    return new OperatorConfig(
        Arrays.stream(environment.getOrDefault("WATCH_NAMESPACES", "").split(","))
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .collect(Collectors.toUnmodifiableSet()),
        environment.getOrDefault("OPERATOR_NAMESPACE", "studyhub-system"),
        Optional.ofNullable(environment.get("OPERATOR_IMAGE")).filter(it -> !it.isBlank()),
        Boolean.parseBoolean(environment.getOrDefault("LEADER_ELECTION", "true")),
        environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", "local")),
        integer(environment, "HTTP_PORT", 8080),
        integer(environment, "PROBE_PORT", 8081),
        duration(environment, "CERTIFICATE_LIFETIME", "90d"),
        integer(environment, "RECONCILE_THREADS", 2),
        Optional.ofNullable(environment.get("HEARTBEAT_URL"))
            .filter(it -> !it.isBlank())
            .map(
                it ->
                    destination(
                        it,
                        Optional.ofNullable(environment.get("HEARTBEAT_CA"))
                            .filter(pem -> !pem.isBlank()))));
  }

  private static Destination destination(String url, Optional<String> authority) {
    try {
      return Destination.of(url, authority);
    } catch (Destination.UnusableException unusable) {
      throw new IllegalArgumentException("HEARTBEAT_URL " + unusable.getMessage(), unusable);
    }
  }

  private static int integer(Map<String, String> environment, String name, int fallback) {
    String text = environment.getOrDefault(name, String.valueOf(fallback));
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException bad) {
      throw new IllegalArgumentException(name + ": " + text + " is not a whole number", bad);
    }
  }

  private static Duration duration(Map<String, String> environment, String name, String fallback) {
    try {
      return Durations.parse(environment.getOrDefault(name, fallback));
    } catch (IllegalArgumentException bad) {
      throw new IllegalArgumentException(name + ": " + bad.getMessage(), bad);
    }
  }
}
