package io.sanadflow.studyhub.watch;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A gauge of hubs that is read when it is asked for. It remembers no hub, so the series of one that
 * is deleted go with it.
 *
 * @param name with its unit at the end, as Prometheus wants it
 * @param help one sentence
 * @param labels the names of the labels beyond namespace and hub
 * @param values the values of one hub
 */
record Gauge(
    String name, String help, List<String> labels, Function<WatchedHub, List<Value>> values) {

  /** A value, with those of the labels in their order. */
  record Value(double value, List<String> labels) {
    static Value of(double value, String... labels) {
      return new Value(value, List.of(labels));
    }

    static Value of(boolean value, String... labels) {
      return of(value ? 1 : 0, labels);
    }
  }

  /** A gauge with one value a hub, or none where it is not known. */
  static Gauge one(String name, String help, Function<WatchedHub, OptionalDouble> value) {
    return new Gauge(
        name,
        help,
        List.of(),
        hub -> {
          OptionalDouble found = value.apply(hub);
          return found.isPresent() ? List.of(Value.of(found.getAsDouble())) : List.of();
        });
  }

  /** A number that may not be known. */
  static OptionalDouble number(Optional<? extends Number> number) {
    return number.isPresent()
        ? OptionalDouble.of(number.get().doubleValue())
        : OptionalDouble.empty();
  }

  /** A moment of the status as seconds since 1970. */
  static OptionalDouble time(@Nullable String time) {
    return time == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(Instant.parse(time).getEpochSecond());
  }

  /** The values of all hubs. */
  MetricSnapshot read(Collection<WatchedHub> hubs) {
    List<String> names = new ArrayList<>(List.of("namespace", "hub"));
    names.addAll(labels);
    List<GaugeDataPointSnapshot> points = new ArrayList<>();
    for (WatchedHub hub : hubs) {
      for (Value it : values.apply(hub)) {
        List<String> texts = new ArrayList<>(List.of(hub.namespace(), hub.name()));
        texts.addAll(it.labels());
        points.add(new GaugeDataPointSnapshot(it.value(), Labels.of(names, texts), null));
      }
    }
    return new GaugeSnapshot(new MetricMetadata(name, help), points);
  }
}
