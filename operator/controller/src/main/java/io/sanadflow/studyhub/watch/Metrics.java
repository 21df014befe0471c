package io.sanadflow.studyhub.watch;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The figures of the hubs and of the operator in Prometheus's text format. Hubs are read when the
 * figures are asked for, one gauge after the other, so that neither they nor the text are ever in
 * memory whole.
 */
public final class Metrics {

  /** The media type of what is written. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final HubSource hubs;
  private final List<Gauge> gauges = HubGauges.all();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Histogram reconciles =
      Histogram.builder()
          .name("studyhub_reconcile_duration_seconds")
          .help("How long visits of hubs took.")
          .classicOnly()
          .classicUpperBounds(0.005, 0.02, 0.1, 0.5, 2, 10)
          .build();
  private final Counter errors =
      Counter.builder()
          .name("studyhub_reconcile_errors_total")
          .help("Visits of hubs that ended with an error and are tried again.")
          .build();

  /** The figures of these hubs. */
  public Metrics(HubSource hubs) {
    this.hubs = hubs;
  }

  /** A hub waits to be visited. */
  public void queued() {
    waiting.incrementAndGet();
  }

  /** A hub that waited is visited. */
  public void started() {
    waiting.decrementAndGet();
  }

  /** A visit took so long. */
  public void visited(Duration duration) {
    reconciles.observe(duration.toNanos() / 1e9);
  }

  /** A visit ended with an error. */
  public void failed() {
    errors.inc();
  }

  /**
   * Writes all figures.
   *
   * @throws IOException if whoever asked reads no more
   */
  public void write(OutputStream out) throws IOException {
    List<WatchedHub> all = hubs.all();
    write(out, gauge("studyhub_hubs", "How many StudyHubs there are.", all.size()));
    for (Gauge gauge : gauges) {
      write(out, gauge.read(all));
    }
    write(
        out,
        gauge("studyhub_reconcile_queue_length", "Hubs that wait to be visited.", waiting.get()));
    write(out, reconciles.collect());
    write(out, errors.collect());
  }

  private static MetricSnapshot gauge(String name, String help, double value) {
    return new GaugeSnapshot(
        new MetricMetadata(name, help),
        List.of(new GaugeDataPointSnapshot(value, Labels.EMPTY, null)));
  }

  private void write(OutputStream out, MetricSnapshot one) throws IOException {
    writer.write(out, MetricSnapshots.of(one));
  }

  /** The names of all metrics, whether or not there is a value at the moment. */
  public List<String> names() {
    List<String> names = new ArrayList<>(gauges.stream().map(Gauge::name).toList());
    names.addAll(
        List.of(
            "studyhub_hubs",
            "studyhub_reconcile_queue_length",
            "studyhub_reconcile_duration_seconds",
            "studyhub_reconcile_errors_total"));
    return List.copyOf(names);
  }
}
