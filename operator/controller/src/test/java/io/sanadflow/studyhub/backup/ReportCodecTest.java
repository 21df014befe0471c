package io.sanadflow.studyhub.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportCodecTest {

  private static final Instant NOW = Instant.parse("2026-11-24T18:00:00Z");

  @Test
  void aShortReportIsJsonThatAPersonCanRead() {
    Report report = report("all is well", entries(1));

    assertThat(ReportCodec.encode(report)).startsWith("{").contains("\"2026-11-24T18:00:00Z\"");
    assertThat(ReportCodec.decode(ReportCodec.encode(report))).contains(report);
  }

  @Test
  void sixtyBackupsFitATerminationMessageWhole() {
    Report report = report("all is well", entries(60));

    String text = ReportCodec.encode(report);

    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4096);
    assertThat(ReportCodec.decode(text)).contains(report);
  }

  @Test
  void ofTooManyBackupsTheOldestAreLeftOut() {
    List<Entry> all = entries(2000);

    Report decoded = ReportCodec.decode(ReportCodec.encode(report("all", all))).orElseThrow();

    assertThat(decoded.catalogue())
        .isNotEmpty()
        .isEqualTo(all.subList(0, decoded.catalogue().size()));
  }

  @Test
  void aMessageThatIsTooLongIsCut() {
    StringBuilder noise = new StringBuilder();
    new Random(1).ints(20_000, 0x4e00, 0x9fff).forEach(noise::appendCodePoint);

    String text = ReportCodec.encode(report(noise.toString(), List.of()));

    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4096);
    assertThat(ReportCodec.decode(text).orElseThrow().message())
        .hasSize(1000)
        .isEqualTo(noise.substring(0, 1000));
  }

  @Test
  void ofAReportThatIsTooLongTheMonthsBeforeGoFirst() {
    List<Report.Month> months =
        IntStream.range(0, 13)
            .mapToObj(
                it ->
                    new Report.Month(
                        LocalDate.parse("2025-10-01").plusMonths(it),
                        new Report.Amounts(10_000L * it + 77, 777L * it, 1_234_567_891L * it)))
            .toList();
    Report.Amounts amounts = new Report.Amounts(1, 2, 3);
    Report.Usage usage = new Report.Usage(LocalDate.parse("2026-11-01"), amounts, amounts, months);
    Report few = report("done", entries(20)).withUsage(new Report.Requests(4, 5), usage);
    assertThat(ReportCodec.decode(ReportCodec.encode(few))).contains(few);
    List<Entry> most = new ArrayList<>(entries(20));
    while (ReportCodec.decode(ReportCodec.encode(report("done", most)))
        .orElseThrow()
        .catalogue()
        .equals(most)) {
      most = new ArrayList<>(entries(most.size() + 1));
    }
    List<Entry> full = most.subList(0, most.size() - 10);
    Report told =
        ReportCodec.decode(
                ReportCodec.encode(
                    report("done", full).withUsage(new Report.Requests(4, 5), usage)))
            .orElseThrow();
    assertThat(told.catalogue()).isEqualTo(full);
    assertThat(told.usage().months()).isEmpty();
    assertThat(told.usage().used()).isEqualTo(amounts);
  }

  @Test
  void theLastWordsOfACrashAreNoReport() {
    assertThat(ReportCodec.decode("")).isEmpty();
    assertThat(ReportCodec.decode("java.lang.OutOfMemoryError: Java heap space")).isEmpty();
    assertThat(ReportCodec.decode("null")).isEmpty();
    assertThat(ReportCodec.decode("{}")).isEmpty();
    assertThat(ReportCodec.decode("deflate:!!")).isEmpty();
    assertThat(ReportCodec.decode("deflate:AAAA")).isEmpty();
  }

  private static Report report(String message, List<Entry> catalogue) {
    return new Report(true, "Succeeded", message, NOW, List.of(), catalogue, 0, null, null, null);
  }

  private static List<Entry> entries(int count) {
    Layout layout = new Layout("school/pilot");
    Random random = new Random(7);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Instant time = NOW.minus(Duration.ofHours(24L * i)).plusSeconds(random.nextInt(60));
              return new Entry(
                  BackupType.DUMP,
                  layout.content(BackupType.DUMP, time, false),
                  time,
                  random.nextInt(1 << 30),
                  random.nextInt(100),
                  Verification.STORED);
            })
        .toList();
  }
}
