package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** CPU and memory of the containers: what is given, completed and within bounds. */
final class ContainerSizes {

  /**
   * A part's memory.
   *
   * @param preset the schema's default limit
   * @param least the limit below which the part would not start, or be killed in its first hour
   */
  record Part(String name, Quantity preset, Quantity least) {}

  /**
   * The least nodeHeapMiB, 16, with Node's code beside it; servers in other languages need less.
   */
  static final Part APP = part("the app", "256Mi", "32Mi");

  /** shared_buffers of a quarter, 31 MB of the server's own and the 12 backends of one pod. */
  static final Part DATABASE = part("PostgreSQL", "256Mi", "128Mi");

  /** 15.5 MB were measured with 98 clients over TLS. */
  static final Part POOLER = part("PgBouncer", "28Mi", "16Mi");

  /** 4 MB were measured for an empty one; maxmemory is six tenths of the limit. */
  static final Part REDIS = part("Redis", "48Mi", "16Mi");

  private static final String MEMORY = "memory";

  private final Reading reading;

  ContainerSizes(Reading reading) {
    this.reading = reading;
  }

  private static Part part(String name, String preset, String least) {
    return new Part(name, Quantity.parse(preset), Quantity.parse(least));
  }

  Hub.Resources of(String field, ResourceRequirements given, Part part) {
    Map<String, Quantity> limits = readable(field + ".limits", given.getLimits());
    if (given.getLimits() == null || !given.getLimits().containsKey(MEMORY)) {
      reading.problem(
          field + ".limits.memory",
          "is missing, and the hub's memory budget needs it; " + part.preset() + " is the default");
    }
    limits.putIfAbsent(MEMORY, part.preset());
    Map<String, Quantity> requests = readable(field + ".requests", given.getRequests());
    requests.putIfAbsent(MEMORY, limits.get(MEMORY));
    long limit = reading.bytes(field + ".limits.memory", limits.get(MEMORY), 0);
    if (limit < Quantity.getAmountInBytes(part.least()).longValueExact()) {
      reading.problem(
          field + ".limits.memory",
          limits.get(MEMORY)
              + " is too little for "
              + part.name()
              + "; "
              + part.least()
              + " or more would work");
    } else if (reading.bytes(field + ".requests.memory", requests.get(MEMORY), 0) > limit) {
      reading.problem(
          field + ".requests.memory",
          requests.get(MEMORY)
              + " is more than the limit; at most "
              + limits.get(MEMORY)
              + " can be requested");
    }
    return new Hub.Resources(
        new ResourceRequirementsBuilder(given).withLimits(limits).withRequests(requests).build(),
        limit);
  }

  /** Those that can be read: a Quantity that cannot fails whoever compares it. */
  private Map<String, Quantity> readable(String field, @Nullable Map<String, Quantity> given) {
    Map<String, Quantity> readable = new HashMap<>(Optional.ofNullable(given).orElse(Map.of()));
    readable.entrySet().removeIf(it -> !reading.readable(field + "." + it.getKey(), it.getValue()));
    return readable;
  }
}
