package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Span;
import io.sanadflow.studyhub.status.Availability;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The times in which no operator ran, so that nobody knows whether hubs were up. When one was alive
 * last is told by the Lease, which a leader renews anyway; an absence is written once, when it is
 * over, for all hubs together.
 */
public final class Absences {

  private static final Logger log = LoggerFactory.getLogger(Absences.class);

  /** The ConfigMap, in the operator's namespace. */
  static final String NAME = Labels.OPERATOR + "-absences";

  private static final String KEY = "absences";

  /** A shorter one is none: the probes before and after it are no further apart than two. */
  private static final Duration SHORTEST = Duration.ofSeconds(60);

  /** How old the word of a leader may be that is alive. */
  private static final Duration ALIVE = Duration.ofSeconds(20);

  private final KubernetesClient client;
  private final String namespace;
  private final Clock clock;
  private final Optional<Instant> aliveBefore;
  private volatile @Nullable List<Span> known;

  /**
   * Reads when an operator was alive last.
   *
   * @param namespace of the Lease
   * @param lease its name; empty where operators elect no leader, and absences are not known
   */
  public Absences(KubernetesClient client, String namespace, Optional<String> lease, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
    Instant now = clock.instant();
    this.aliveBefore =
        lease
            .flatMap(it -> renewed(client, namespace, it))
            // Another leads, and does until this one takes over.
            .filter(it -> Duration.between(it, now).compareTo(ALIVE) > 0);
  }

  private static Optional<Instant> renewed(
      KubernetesClient client, String namespace, String lease) {
    return Optional.ofNullable(client.leases().inNamespace(namespace).withName(lease).get())
        .map(it -> it.getSpec() == null ? null : it.getSpec().getRenewTime())
        .map(it -> it.toInstant());
  }

  /** The absences of the last 90 days; the first question is asked when this operator leads. */
  List<Span> known() {
    List<Span> found = known;
    if (found == null) {
      synchronized (this) {
        found = known == null ? load() : known;
        known = found;
      }
    }
    return found;
  }

  private List<Span> load() {
    Instant now = clock.instant();
    List<Span> absences;
    try {
      absences =
          new ArrayList<>(
              read(
                  Optional.ofNullable(
                      client.configMaps().inNamespace(namespace).withName(NAME).get())));
    } catch (KubernetesClientException failed) {
      log.warn("the operator's absences cannot be read: {}", failed.getMessage());
      absences = new ArrayList<>();
    }
    Optional<Span> last =
        aliveBefore.map(it -> new Span(it, now)).filter(it -> it.length().compareTo(SHORTEST) > 0);
    if (last.isPresent()) {
      absences.add(last.get());
      absences.removeIf(it -> it.to().isBefore(now.minus(Availability.MEMORY)));
      write(Span.union(absences));
      log.info("no operator ran from {} to {}", last.get().from(), last.get().to());
    }
    return List.copyOf(Span.union(absences));
  }

  static List<Span> read(Optional<ConfigMap> map) {
    List<Span> found = new ArrayList<>();
    map.map(ConfigMap::getData)
        .map(it -> it.get(KEY))
        .ifPresent(
            text ->
                text.lines()
                    .map(it -> it.split("/"))
                    .filter(it -> it.length == 2)
                    .forEach(
                        it -> {
                          try {
                            found.add(new Span(Instant.parse(it[0]), Instant.parse(it[1])));
                          } catch (DateTimeParseException edited) {
                            log.warn("ConfigMap {} has a line that cannot be read", NAME);
                          }
                        }));
    return found;
  }

  private void write(List<Span> absences) {
    ConfigMap map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .endMetadata()
            .addToData(
                KEY,
                absences.stream()
                    .map(it -> it.from() + "/" + it.to() + "\n")
                    .collect(Collectors.joining()))
            .build();
    try {
      client.resource(map).fieldManager(Labels.OPERATOR).forceConflicts().serverSideApply();
    } catch (KubernetesClientException failed) {
      log.warn("the operator's absence cannot be written: {}", failed.getMessage());
    }
  }
}
