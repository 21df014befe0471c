package io.sanadflow.studyhub.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether lines arrive where they should, by the figures of the collector. */
final class Delivery {

  /** For so long a receiver may be away before it counts: its restart is no news. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Half of the collector's queue: with less waiting it takes all that there is in the files. */
  static final double LITTLE = 8 << 20;

  /**
   * The collector's own figures since its start.
   *
   * @param sent lines that the receiver took
   * @param failed lines that it refused for good, and that are lost
   * @param queued bytes that wait
   */
  record Figures(double sent, double failed, double queued) {

    /** Reads Prometheus's text format; a figure that is not there yet is 0. */
    static Figures parse(Iterable<String> lines) {
      double sent = 0;
      double failed = 0;
      double queued = 0;
      for (String line : lines) {
        int space = line.lastIndexOf(' ');
        if (space < 0 || !line.startsWith("otelcol_exporter_")) {
          continue;
        }
        double value = Double.parseDouble(line.substring(space + 1));
        if (line.startsWith("otelcol_exporter_sent_log_records")) {
          sent += value;
        } else if (line.startsWith("otelcol_exporter_send_failed_log_records")) {
          failed += value;
        } else if (line.startsWith("otelcol_exporter_queue_size")) {
          queued += value;
        }
      }
      return new Figures(sent, failed, queued);
    }
  }

  private Figures last = new Figures(0, 0, 0);
  private Instant moved;
  private boolean refused;
  private boolean failing;
  private boolean behind;

  Delivery(Instant start) {
    this.moved = start;
  }

  /** What the collector says now; nothing if it does not answer. */
  synchronized void update(Instant now, Optional<Figures> figures) {
    if (figures.isPresent()) {
      Figures is = figures.get();
      boolean anew = is.sent() < last.sent() || is.failed() < last.failed();
      boolean sent = is.sent() > (anew ? 0 : last.sent());
      if (is.failed() > (anew ? 0 : last.failed())) {
        refused = true;
      } else if (sent) {
        refused = false;
      }
      if (sent || is.queued() == 0) {
        moved = now;
      }
      last = is;
    }
    boolean stuck = moved.plus(PATIENCE).isBefore(now);
    failing = refused || stuck;
    behind = stuck || (behind && last.queued() > LITTLE);
  }

  /** Whether lines arrive, or did until less than a minute ago. */
  synchronized boolean works() {
    return !failing;
  }

  /** Whether the collector has read the files to their end, or nearly so. */
  synchronized boolean keepsUp() {
    return !behind && last.queued() <= LITTLE;
  }

  /** What is wrong, for people. */
  synchronized String trouble() {
    return refused
        ? "the endpoint refuses lines for good, which are lost; see the log of the container"
            + " collector for its answer, and correct endpoint or token"
        : "the endpoint takes no lines; they wait here";
  }
}
