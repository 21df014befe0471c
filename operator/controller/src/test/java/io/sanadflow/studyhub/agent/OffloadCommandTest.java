package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.store.DirectoryStore;
import io.sanadflow.studyhub.store.MemoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffloadCommandTest {

  private static final Instant LATER = BackupPod.NOW.plus(Duration.ofDays(2));

  @TempDir private Path directory;
  private BackupPod pod;
  private final MemoryStore media = new MemoryStore(Clock.fixed(LATER, ZoneOffset.UTC));
  private long threshold = 1;

  @BeforeEach
  void pod() throws Exception {
    pod = new BackupPod(directory);
    pod.withLocal = true;
    pod.withMedia = true;
    Path file = pod.media.resolve("a b");
    Files.writeString(file, "content");
    Files.setLastModifiedTime(file, FileTime.from(BackupPod.NOW));
  }

  @AfterEach
  void close() throws Exception {
    pod.close();
  }

  private AgentContext context(@Nullable String volume) throws Exception {
    AgentConfig.Bucket bucket =
        new AgentConfig.Bucket("https://r2", "auto", "hubs", "hubs/pilot", false);
    AgentConfig config =
        new AgentConfig(
            "pilot",
            "hubs",
            bucket,
            pod.localDirectory.toString(),
            new AgentConfig.Database("elsewhere", 5432, "hub", "hub", false),
            volume,
            false,
            pod.retention,
            new AgentConfig.Offload(bucket, false, OffloadMode.CUT_OVER, threshold, 3600, 0),
            null);
    return new AgentContext(
            config, Clock.fixed(LATER, ZoneOffset.UTC), AgentFiles.under(directory), pod.steps::add)
        .withBucket(DirectoryStore.open(pod.bucketDirectory))
        .withMedia(media);
  }

  private Report run(String... words) throws Exception {
    try (AgentContext context = context(pod.media.toString())) {
      return Agent.run(context, List.of(words));
    }
  }

  private long localDumps() throws Exception {
    return DirectoryStore.open(pod.localDirectory).list("daily/").stream()
        .filter(it -> it.key().endsWith(".dump"))
        .count();
  }

  private void threeDumps() throws Exception {
    for (int day = 0; day < 3; day++) {
      pod.now = BackupPod.NOW.plus(Duration.ofHours(day));
      assertThat(pod.run("Dump").succeeded()).isTrue();
    }
    assertThat(localDumps()).isEqualTo(3);
  }

  @Test
  void dumpsThatTheBucketHasGoFirstAndThenMedia() throws Exception {
    threeDumps();
    Report report = run("offload", "Volume");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(report.message()).startsWith("2 local dumps").contains("1 files, 7 bytes");
    assertThat(localDumps()).isEqualTo(1);
    assertThat(report.offload().phase()).isEqualTo(OffloadPhase.CUTTING_OVER);
    assertThat(report.storage().volumes())
        .extracting(Report.Volume::name)
        .containsExactly("media", "copies");
    assertThat(media.keys("hubs/pilot/"))
        .containsExactly(
            "hubs/pilot/files/a b",
            "hubs/pilot/offload/history.json",
            "hubs/pilot/offload/ledger.json",
            "hubs/pilot/offload/state.jsonl.gz");
  }

  @Test
  void aDumpThatTheBucketHasNotWholeStays() throws Exception {
    threeDumps();
    DirectoryStore bucket = DirectoryStore.open(pod.bucketDirectory);
    String first =
        bucket.list("hubs/pilot/daily/").stream()
            .map(it -> it.key())
            .filter(it -> it.endsWith(".dump"))
            .findFirst()
            .orElseThrow();
    bucket.put(first, new byte[] {1});
    assertThat(run("offload", "Volume").succeeded()).isTrue();
    assertThat(localDumps()).isEqualTo(2);
  }

  @Test
  void belowTheThresholdDumpsStayAndThePlanChangesNothing() throws Exception {
    threeDumps();
    threshold = 1 << 30;
    assertThat(run("offload", "Volume").offload().phase()).isEqualTo(OffloadPhase.LOCAL);
    threshold = 1;
    Report plan = run("offload", "plan");
    assertThat(plan.message()).contains("1 files of 7 bytes are not in the bucket yet");
    assertThat(plan.offload()).isNull();
    assertThat(plan.storage().volumes().get(0).usedBytes()).isEqualTo(7);
    assertThat(plan.storage().volumes().get(0).totalBytes()).isPositive();
    assertThat(localDumps()).isEqualTo(3);
    assertThat(media.keys("")).containsExactly("hubs/pilot/offload/history.json");
  }

  @Test
  void aFailureStillTellsHowFarMediaHaveMoved() throws Exception {
    media.diesAt = 4;
    Report report = run("offload", "Volume");
    assertThat(report.succeeded()).isFalse();
    assertThat(report.reason()).isEqualTo("Unreachable");
    assertThat(report.offload().phase()).isEqualTo(OffloadPhase.COPYING);
    assertThat(report.storage().bytes()).isPositive();
  }

  @Test
  void aVolumeThatIsNotThereIsToldBeforeAnythingMoves() throws Exception {
    try (AgentContext context = context(directory.resolve("nowhere").toString())) {
      Report report = Agent.run(context, List.of("offload", "Volume"));
      assertThat(report.reason()).isEqualTo("VolumeUnreadable");
      assertThat(report.message()).contains("it is not mounted");
    }
    assertThat(run("offload", "Elsewhere").reason()).isEqualTo(AgentException.USAGE);
    assertThat(media.keys("")).isEmpty();
  }
}
