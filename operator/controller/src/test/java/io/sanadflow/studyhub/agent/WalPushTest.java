package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.WalBatch;
import io.sanadflow.studyhub.backup.WalSegment;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log leaves the spool only for the store, and each batch is without a gap. */
class WalPushTest {

  @TempDir Path directory;
  private BackupPod pod;
  private Path spool;

  @BeforeEach
  void makePod() throws Exception {
    pod = new BackupPod(directory);
    spool = Files.createDirectories(AgentFiles.under(directory).spool());
  }

  /** The first page of a segment, as a server with this identifier writes it. */
  private static byte[] segment(long system, int segmentBytes) {
    return ByteBuffer.allocate(16 << 20)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(0, (short) 0xD113)
        .putShort(2, (short) 2)
        .putLong(24, system)
        .putInt(32, segmentBytes)
        .putInt(36, 8192)
        .array();
  }

  private void spool(String name, byte[] content) throws Exception {
    Files.write(spool.resolve(name + ".gz"), gzipped(content));
  }

  private static byte[] gzipped(byte[] content) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private void spool(long from, long to) throws Exception {
    byte[] segment = gzipped(segment(-5, 16 << 20));
    for (long number = from; number <= to; number++) {
      Files.write(spool.resolve(new WalSegment(1, number).name() + ".gz"), segment);
    }
  }

  @Test
  void whatOnlyHasTheNameOfASegmentIsNotArchived() throws Exception {
    spool(1, 1);
    spool(new WalSegment(1, 2).name(), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

    Report report = push();

    assertThat(report.succeeded()).isFalse();
    assertThat(report.reason()).isEqualTo("WalUnreadable");
    assertThat(report.message()).contains(new WalSegment(1, 2).name(), "move it away");
    assertThat(batches()).isEmpty();
    assertThat(spooled()).hasSize(2);
  }

  private Report push() throws Exception {
    return new WalCommand().run(pod.context(), List.of());
  }

  private List<WalBatch> batches() throws Exception {
    return pod.keys().stream().flatMap(it -> WalBatch.parse(it).stream()).toList();
  }

  private List<String> spooled() throws Exception {
    try (var files = Files.list(spool)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void storesAllInOneBatch() throws Exception {
    spool(2, 5);
    spool("000000010000000000000003.00000028.backup", new byte[] {1});
    FileTime newest = FileTime.from(BackupPod.NOW.minusSeconds(60));
    for (String name : spooled()) {
      Files.setLastModifiedTime(spool.resolve(name), newest);
    }
    Files.write(spool.resolve("000000010000000000000006.gz.part"), new byte[1]);
    Report report = push();
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(batches()).hasSize(1);
    WalBatch batch = batches().get(0);
    assertThat(batch.system()).isEqualTo("18446744073709551611");
    assertThat(batch.first().number()).isEqualTo(2);
    assertThat(batch.last().number()).isEqualTo(5);
    assertThat(batch.until()).isEqualTo(newest.toInstant());
    assertThat(report.wal().until()).isEqualTo(newest.toInstant());
    assertThat(report.wal().spooledBytes()).isZero();
    assertThat(report.wal().volumeBytes()).isPositive();
    assertThat(spooled()).containsExactly("000000010000000000000006.gz.part");

    List<String> members = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(pod.bucket().store().get(batch.key()))) {
      for (ZipEntry it = zip.getNextEntry(); it != null; it = zip.getNextEntry()) {
        members.add(it.getName());
        InputStream content = new GZIPInputStream(zip);
        assertThat(content.read()).isNotNegative();
      }
    }
    assertThat(members)
        .startsWith("000000010000000000000002.gz")
        .hasSize(5)
        .endsWith("000000010000000000000003.00000028.backup.gz");
  }

  @Test
  void splitsAtAGap() throws Exception {
    spool(2, 3);
    spool(5, 6);
    push();
    assertThat(batches())
        .extracting(it -> it.first().number() + "-" + it.last().number())
        .containsExactly("2-3", "5-6");
  }

  @Test
  void splitsWhatIsLong() throws Exception {
    spool(1, 70);
    push();
    assertThat(batches())
        .extracting(it -> it.first().number() + "-" + it.last().number())
        .containsExactly("1-64", "65-70");
  }

  @Test
  void anEmptySpoolCostsNoRequest() throws Exception {
    FaultyStore[] seen = new FaultyStore[1];
    pod.bucketFaults = it -> seen[0] = new FaultyStore(it, "Never");
    Report report = push();
    assertThat(report.succeeded()).isTrue();
    assertThat(report.wal().until()).isNull();
    assertThat(seen[0].requests).isZero();
  }

  /** What fails in the middle fails again when it is closed, and only the first is told. */
  @Test
  void tellsWhatTheStoreSaidInTheMiddle() throws Exception {
    spool(2, 4);
    pod.bucketFaults =
        store -> {
          FaultyStore faulty = new FaultyStore(store, "AccessDenied");
          faulty.refusesWrite = key -> true;
          return faulty;
        };
    Report report = push();
    assertThat(report.reason()).as(report.message()).isEqualTo("AccessDenied");
    assertThat(report.wal().spooledBytes()).isPositive();
    assertThat(batches()).isEmpty();
  }

  @Test
  void keepsTheSpoolWhenTheStoreFails() throws Exception {
    spool(2, 4);
    List<String> before = spooled();
    pod.bucketFaults =
        store -> {
          FaultyStore faulty = new FaultyStore(store, "AccessDenied");
          faulty.refusesComplete = key -> true;
          return faulty;
        };
    Report report = push();
    assertThat(report.reason()).isEqualTo("AccessDenied");
    assertThat(report.wal().spooledBytes()).isPositive();
    assertThat(spooled()).isEqualTo(before);
    assertThat(batches()).isEmpty();
  }

  @Test
  void refusesTheArchiveOfAnother() throws Exception {
    pod.run("Dump");
    spool(2, 2);
    assertThat(push().reason()).isEqualTo("ArchiveOfAnother");
    assertThat(spooled()).hasSize(1);
    pod.close();
  }

  @Test
  void refusesOtherSizesOfSegments() throws Exception {
    spool("000000010000000000000102", segment(7, 1 << 20));
    Report report = push();
    assertThat(report.reason()).isEqualTo("WalSegmentSize");
    assertThat(report.message()).contains("1048576").contains("wal.enabled: false");
    assertThat(spooled()).hasSize(1);
  }

  @Test
  void refusesWhatIsNoLog() throws Exception {
    spool("000000010000000000000002", new byte[8192]);
    assertThat(push().reason()).isEqualTo("WalUnreadable");
    Files.write(spool.resolve("000000010000000000000001.gz"), new byte[] {1, 2});
    assertThat(push().reason()).isEqualTo("WalUnreadable");
    assertThat(spooled()).hasSize(2);
  }

  @Test
  void saysThatTheSpoolIsNotThere() throws Exception {
    Files.delete(spool);
    assertThat(push().reason()).isEqualTo("SpoolMissing");
  }

  @Test
  void takesNoArguments() {
    assertThatThrownBy(() -> new WalCommand().run(pod.context(), List.of("all")))
        .hasMessageContaining("takes no arguments");
  }

  @Test
  void aBaseTellsTheCoverageAndPrunesWhatIsOlder() throws Exception {
    pod.system = "18446744073709551611";
    spool(1, 1);
    push();
    pod.now = BackupPod.NOW.minus(Duration.ofDays(1));
    // Its log, 2 and 3, comes after it.
    pod.run("Dump,Base");
    spool(2, 3);
    push();
    spool(5, 5);
    push();
    pod.now = BackupPod.NOW;
    Report report = pod.run("Base");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(report.wal().from())
        .isEqualTo(BackupPod.NOW.minus(Duration.ofDays(1)).plusSeconds(9));
    assertThat(report.wal().gap()).isEqualTo("000000010000000000000004");
    assertThat(batches()).extracting(it -> it.first().number()).containsExactly(2L, 5L);
    assertThat(pod.bucket().store().list("hubs/pilot/wal/"))
        .extracting(ObjectStore.Stored::key)
        .hasSize(2);
    pod.close();
  }
}
