package io.sanadflow.studyhub.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PositionTest {

  private static final Instant START = Instant.parse("2026-11-25T20:00:00.750Z");

  private static Line line(long nanos, String text) {
    return new Line(START.plusNanos(nanos), text);
  }

  /** What a kubelet answers: all lines from a whole second on, in the order of its file. */
  private static List<Line> answered(List<Line> file, Instant since) {
    Instant second = Instant.ofEpochSecond(since.getEpochSecond());
    return file.stream().filter(it -> !it.time().isBefore(second)).toList();
  }

  @Test
  void aStreamThatIsCutAnywhereGoesOnWithoutALineTooManyOrTooFew() {
    Random random = new Random(7);
    List<Line> file = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 2000; i++) {
      // Bursts within a moment, then pauses; some lines equal in time and text, some a little late.
      now += random.nextInt(20) == 0 ? 900_000_000 : random.nextInt(3) * 400_000L;
      long late = random.nextInt(4) == 0 ? random.nextInt(5_000_000) : 0;
      file.add(line(Math.max(0, now - late), "line " + random.nextInt(3)));
    }
    for (int cut = 0; cut < 300; cut++) {
      int at = random.nextInt(file.size());
      Position position = new Position(START);
      List<Line> read = new ArrayList<>();
      for (List<Line> stream :
          List.of(file.subList(0, at), file.subList(0, Math.min(file.size(), at + 3)), file)) {
        Instant since = position.since();
        position.resume();
        for (Line it : answered(stream, since)) {
          if (position.isNew(it)) {
            read.add(it);
            position.written(it);
          }
        }
      }
      assertThat(read).as("cut after %d", at).isEqualTo(file);
    }
  }

  @Test
  void linesBeforeTheStartAreNotWanted() {
    Position position = new Position(START);
    position.resume();
    assertThat(position.isNew(line(-1, "old"))).isFalse();
    assertThat(position.isNew(line(0, "new"))).isTrue();
  }

  @Test
  void aBusyMomentTakesBoundedMemory() {
    Position position = new Position(START);
    for (int i = 0; i < 100_000; i++) {
      position.written(line(i, "x"));
    }
    position.resume();
    assertThat(position.isNew(line(99_999, "x"))).isFalse();
    assertThat(position.since()).isEqualTo(START.plusNanos(99_999).minus(Position.DISORDER));
  }

  @Test
  void longLinesAreCutAndSayHowMuchTheyLack() throws IOException {
    String text = "é".repeat(50_000) + "\nshort\r\n\ncut off";
    LineReader lines =
        new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    assertThat(lines.next().orElseThrow())
        .hasSize(LineReader.MOST_BYTES / 2 + "… (34464 more bytes)".length())
        .endsWith("é… (34464 more bytes)");
    assertThat(lines.next()).contains("short");
    assertThat(lines.next()).contains("");
    assertThat(lines.next()).as("a line without its end").isEmpty();
  }

  @Test
  void linesAreReadWithTheirTimes() {
    assertThat(Line.parse("2026-11-25T20:00:00.123456789Z hello  you"))
        .contains(new Line(Instant.parse("2026-11-25T20:00:00.123456789Z"), "hello  you"));
    assertThat(Line.parse("2026-11-25T20:00:00Z")).map(Line::text).contains("");
    assertThat(Line.parse("failed to watch file")).isEmpty();
  }

  @Test
  void figuresTellWhetherLinesArrive() {
    Instant now = START;
    Delivery delivery = new Delivery(now);
    delivery.update(now, figures(0, 0, 0));
    assertThat(delivery.works()).isTrue();
    // The receiver is away: that counts after a minute.
    delivery.update(now.plusSeconds(10), figures(5, 0, 700));
    delivery.update(now.plusSeconds(69), figures(5, 0, 900));
    assertThat(delivery.works()).isTrue();
    delivery.update(now.plusSeconds(71), figures(5, 0, 900));
    assertThat(delivery.works()).isFalse();
    assertThat(delivery.keepsUp()).isFalse();
    // It takes lines again, but nothing is dropped before most of what waits is gone.
    delivery.update(now.plusSeconds(80), figures(9, 0, 9e6));
    assertThat(delivery.works()).isTrue();
    assertThat(delivery.keepsUp()).isFalse();
    delivery.update(now.plusSeconds(81), figures(99, 0, 100));
    assertThat(delivery.keepsUp()).isTrue();
    // A token that is refused loses lines at once.
    delivery.update(now.plusSeconds(90), figures(99, 3, 0));
    assertThat(delivery.works()).isFalse();
    assertThat(delivery.trouble()).contains("token");
    delivery.update(now.plusSeconds(95), figures(99, 3, 0));
    assertThat(delivery.works()).as("nothing was sent since").isFalse();
    delivery.update(now.plusSeconds(99), figures(100, 3, 0));
    assertThat(delivery.works()).isTrue();
    // A collector that starts anew counts anew.
    delivery.update(now.plusSeconds(100), figures(0, 0, 0));
    assertThat(delivery.works()).isTrue();
    // One that does not answer sends nothing.
    delivery.update(now.plus(Duration.ofSeconds(170)), Optional.empty());
    assertThat(delivery.works()).isFalse();
  }

  private static Optional<Delivery.Figures> figures(double sent, double failed, double queued) {
    return Optional.of(
        Delivery.Figures.parse(
            List.of(
                "# HELP otelcol_exporter_sent_log_records_total x",
                "otelcol_exporter_queue_capacity{exporter=\"otlphttp\"} 1.6777216e+07",
                "otelcol_exporter_queue_size{data_type=\"logs\"} " + queued,
                "otelcol_exporter_send_failed_log_records_total{exporter=\"otlphttp\"} " + failed,
                "otelcol_exporter_sent_log_records_total{exporter=\"otlphttp\"} " + sent)));
  }
}
