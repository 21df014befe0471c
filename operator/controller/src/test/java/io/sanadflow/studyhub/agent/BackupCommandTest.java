package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.backup.Verification;
import io.sanadflow.studyhub.store.DirectoryStore;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups end whole or not at all, whatever becomes of the tools or the store. */
@Timeout(60)
class BackupCommandTest {

  private static final String DAY = "hubs/pilot/daily/2026/11/25/20261125T180005Z";
  private static final String BASE = "hubs/pilot/base/2026/11/25/20261125T180005Z";

  @TempDir Path directory;
  private BackupPod pod;

  @BeforeEach
  void makePod() throws Exception {
    pod = new BackupPod(directory);
  }

  @AfterEach
  void endPod() {
    pod.close();
  }

  private Manifest manifest(String key) throws Exception {
    try (InputStream in = pod.bucket().store().get(key)) {
      return ReportCodec.read(in.readAllBytes(), Manifest.class);
    }
  }

  private String content(String key) throws Exception {
    try (InputStream in = pod.bucket().store().get(key)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Nothing that a failed run may leave: no content, no manifest. */
  private void assertNothingVisible() throws Exception {
    assertThat(pod.keys()).allMatch(it -> it.equals("hubs/pilot/owner.json"));
  }

  @Test
  void dumpsWithManifestRolesAndOwner() throws Exception {
    Report report = pod.run("Dump");
    assertThat(report.reason()).as(report.message()).isEqualTo("Succeeded");
    assertThat(pod.keys())
        .containsExactly(DAY + ".dump", DAY + ".json", DAY + ".roles.sql", "hubs/pilot/owner.json");
    assertThat(content(DAY + ".dump")).isEqualTo("PGDMP content");
    Manifest manifest = manifest(DAY + ".json");
    assertThat(manifest.sha256())
        .isEqualTo(
            HexFormat.of()
                .formatHex(
                    Copies.sha256Digest()
                        .digest("PGDMP content".getBytes(StandardCharsets.UTF_8))));
    assertThat(manifest.bytes()).isEqualTo(13);
    assertThat(manifest.dump().rows()).containsExactly(java.util.Map.entry("public.notes", 3L));
    assertThat(manifest.dump().rolesKey()).isEqualTo(DAY + ".roles.sql");
    assertThat(manifest.dump().mediaKey()).isNull();
    assertThat(report.made())
        .containsExactly(
            new Entry(BackupType.DUMP, DAY + ".dump", BackupPod.NOW, 13, 0, Verification.STORED));
    assertThat(report.catalogue()).isEqualTo(report.made());
    assertThat(Files.readString(directory.resolve("said"))).contains("--snapshot=00000003-1B-1");
    assertThat(pod.toolsCode()).isZero();
  }

  @Test
  void makesDumpAndBaseInOnePod() throws Exception {
    Report report = pod.run("Dump,Base");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(report.made())
        .extracting(Entry::key)
        .containsExactly(DAY + ".dump", BASE + ".tar.gz");
    Manifest base = manifest(BASE + ".json");
    assertThat(base.base())
        .isEqualTo(new Manifest.Base("000000010000000000000002", "000000010000000000000003"));
    assertThat(base.time()).isEqualTo(BackupPod.NOW.plusSeconds(9));
    assertThat(report.wal()).isNotNull();
    assertThat(report.wal().from()).isNull();
  }

  @Test
  void leavesRolesOfOtherServersAlone() throws Exception {
    pod.own = false;
    assertThat(pod.run("Dump").succeeded()).isTrue();
    assertThat(pod.keys()).doesNotContain(DAY + ".roles.sql");
  }

  @Test
  void encryptsAllButTheManifest() throws Exception {
    pod.encrypted = true;
    Path key = AgentFiles.under(directory).encryptionKey();
    Files.createDirectories(key.getParent());
    Files.writeString(key, BackupPod.KEY);
    assertThat(pod.run("Dump").reason()).isEqualTo("Succeeded");
    assertThat(pod.keys()).contains(DAY + ".dump.age", DAY + ".roles.sql.age", DAY + ".json");
    assertThat(content(DAY + ".dump.age")).startsWith("age-encryption.org/v1");
    Manifest manifest = manifest(DAY + ".json");
    Encryption encryption = Encryption.of(BackupPod.KEY);
    assertThat(manifest.recipient()).isEqualTo(encryption.recipient());
    try (InputStream in = encryption.decrypting(pod.bucket().store().get(DAY + ".dump.age"))) {
      assertThat(in.readAllBytes()).asString().isEqualTo("PGDMP content");
    }
  }

  @Test
  void saysAtOnceThatAKeyIsMissing() {
    pod.encrypted = true;
    assertThatThrownBy(() -> pod.runWithout("Dump"))
        .hasMessageContaining("encryption is asked for");
  }

  @Test
  void leavesNothingOfADumpThatIsKilledHalfWay() throws Exception {
    pod.program("pg_dump", "printf 'PGDMP half'; kill -9 \"$$\"");
    Report report = pod.run("Dump");
    assertThat(report.reason()).isEqualTo("DumpFailed");
    assertThat(report.message()).contains("137").contains("memory");
    assertThat(report.made()).isEmpty();
    assertNothingVisible();
    assertThat(pod.toolsCode()).isOne();
  }

  /** What an agent that was killed has left goes with a later backup, and not before it is sure. */
  @Test
  void givesUpWhatAKilledRunWasUploading() throws Exception {
    ObjectStore.Upload killed = pod.bucket().store().upload(DAY + ".dump");
    killed.write(new byte[] {1}, 0, 1);
    Path part;
    try (Stream<Path> files = Files.walk(directory)) {
      part = files.filter(it -> it.toString().endsWith(".part")).findFirst().orElseThrow();
    }
    Files.setLastModifiedTime(part, FileTime.from(BackupPod.NOW.minus(Duration.ofHours(23))));
    assertThat(pod.run("Dump").succeeded()).isTrue();
    assertThat(part).exists();
    pod.now = BackupPod.NOW.plus(Duration.ofHours(2));
    assertThat(pod.run("Dump").succeeded()).isTrue();
    assertThat(part).doesNotExist();
  }

  @Test
  void tellsWhatADumpSaidThatFailed() throws Exception {
    pod.program(
        "pg_dump",
        "printf 'PGDMP half'; echo 'pg_dump: error: permission denied for table x' >&2; exit 1");
    Report report = pod.run("Dump");
    assertThat(report.reason()).isEqualTo("DumpFailed");
    assertThat(report.message()).contains("permission denied for table x");
    assertNothingVisible();
  }

  @Test
  void refusesADumpOfNothing() throws Exception {
    pod.program("pg_dump", "exit 0");
    assertThat(pod.run("Dump").reason()).isEqualTo("DumpFailed");
    assertNothingVisible();
  }

  @Test
  void leavesNothingWhenTheRolesFail() throws Exception {
    pod.program("pg_dumpall", "echo 'must be superuser' >&2; exit 1");
    Report report = pod.run("Dump");
    assertThat(report.reason()).isEqualTo("RolesFailed");
    assertThat(report.message()).contains("must be superuser");
    assertNothingVisible();
  }

  @Test
  void keepsTheDumpWhenTheBaseFails() throws Exception {
    pod.program("pg_basebackup", "echo 'could not connect' >&2; printf half; exit 1");
    Report report = pod.run("Dump,Base");
    assertThat(report.reason()).isEqualTo("BaseFailed");
    assertThat(report.made()).extracting(Entry::type).containsExactly(BackupType.DUMP);
    assertThat(report.catalogue()).hasSize(1);
    assertThat(pod.keys()).noneMatch(it -> it.contains("/base/"));
  }

  @Test
  void endsWhenTheToolsNeverStart() throws Exception {
    pod.start = Duration.ofMillis(300);
    Report report = pod.runWithout("Dump");
    assertThat(report.reason()).isEqualTo("ToolsSilent");
    assertNothingVisible();
  }

  @Test
  void endsWhenTheToolsDieInTheMiddle() throws Exception {
    pod.program("pg_dump", "printf 'PGDMP half'; touch '" + directory + "/half'; sleep 60");
    Process tools = pod.startFreshTools();
    Thread killer =
        new Thread(
            () -> {
              await().until(() -> Files.exists(directory.resolve("half")));
              tools.descendants().forEach(ProcessHandle::destroyForcibly);
              tools.destroyForcibly();
            });
    killer.start();
    Report report = pod.runWithout("Dump");
    killer.join();
    assertThat(report.reason()).isIn("ToolsDied", "DumpFailed");
    assertNothingVisible();
  }

  @Test
  void endsWhenTheDumpSaysNothingForTooLong() throws Exception {
    pod.stall = Duration.ofSeconds(1);
    pod.program("pg_dump", "printf 'PGDMP half'; exec sleep 60");
    Report report = pod.run("Dump");
    assertThat(report.reason()).isEqualTo("Stalled");
    assertThat(report.message()).contains("pg_stat_activity");
    assertNothingVisible();
  }

  @Test
  void toolsEndWhenTheAgentDies() throws Exception {
    // Another process, so that the kernel closes what an agent that is killed had open.
    Process tools = pod.startFreshTools();
    Path pipes = directory.resolve("pipes");
    await().until(() -> Files.exists(pipes.resolve("agent")));
    Process agent =
        new ProcessBuilder(
                "sh",
                "-c",
                "exec 8<'" + pipes + "/tools'; exec 9<>'" + pipes + "/agent'; echo; exec sleep 60")
            .start();
    agent.getInputStream().read();
    await().until(() -> Files.exists(pipes.resolve("ready")));
    agent.destroyForcibly();
    assertThat(tools.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    assertThat(tools.exitValue()).isOne();
    assertThat(Files.readString(pipes.resolve("abort"))).contains("the agent ended");
  }

  @ParameterizedTest
  @ValueSource(strings = {"upload", "write", "complete", "manifest", "roles"})
  void leavesNothingWhenTheStoreFails(String when) throws Exception {
    pod.bucketFaults =
        store -> {
          FaultyStore faulty = new FaultyStore(store, "AccessDenied");
          switch (when) {
            case "upload" -> faulty.refusesUpload = key -> true;
            case "write" -> faulty.refusesWrite = key -> true;
            case "complete" -> faulty.refusesComplete = key -> true;
            case "roles" -> faulty.refusesComplete = key -> key.contains(".roles.sql");
            default -> faulty.refusesPut = key -> key.startsWith(DAY);
          }
          return faulty;
        };
    // More than a pipe holds: the dump does not end by itself.
    pod.program("pg_dump", "head -c 3000000 /dev/zero");
    Report report = pod.run("Dump");
    assertThat(report.reason()).isEqualTo("AccessDenied");
    assertThat(report.message()).contains("mend it");
    assertThat(report.made()).isEmpty();
    assertNothingVisible();
    assertThat(Files.exists(directory.resolve("pipes/abort"))).isTrue();
  }

  @Test
  void storesInBothPlaces() throws Exception {
    pod.withLocal = true;
    pod.withMedia = true;
    Files.writeString(pod.media.resolve("a.txt"), "a");
    Report report = pod.run("Dump,Base");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(report.made())
        .extracting(Entry::key)
        .containsExactly(DAY + ".dump", BASE + ".tar.gz");
    List<String> copies =
        pod.keys().stream()
            .filter(it -> !it.contains("/base/"))
            .map(it -> it.substring("hubs/pilot/".length()))
            .toList();
    assertThat(pod.localKeys()).containsExactlyElementsOf(copies);
  }

  @Test
  void aFullLocalVolumeDoesNotSpoilTheBucket() throws Exception {
    pod.withLocal = true;
    Files.writeString(pod.localDirectory.resolve("daily"), "no directory, as good as a full disk");
    Report report = pod.run("Dump");
    assertThat(report.succeeded()).isFalse();
    assertThat(report.reason()).isEqualTo("LocalCopyFailed");
    assertThat(report.message()).contains("the local volume");
    assertThat(report.made()).hasSize(1);
    assertThat(manifest(DAY + ".json").key()).isEqualTo(DAY + ".dump");
  }

  @Test
  void aBucketThatFailsDoesNotSpoilTheLocalCopy() throws Exception {
    pod.withLocal = true;
    pod.bucketFaults =
        store -> {
          FaultyStore faulty = new FaultyStore(store, "BucketMissing");
          faulty.refusesWrite = key -> true;
          return faulty;
        };
    Report report = pod.run("Dump");
    assertThat(report.reason()).isEqualTo("BucketMissing");
    assertThat(pod.localKeys()).anyMatch(it -> it.endsWith(".json"));
    assertNothingVisible();
  }

  @Test
  void worksWithTheLocalVolumeAlone() throws Exception {
    pod.withLocal = true;
    pod.withBucket = false;
    Report report = pod.run("Dump,Base");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(report.made()).extracting(Entry::key).first().asString().startsWith("daily/2026");
    assertThat(pod.localKeys()).anyMatch(it -> it.startsWith("base/"));
  }

  @Test
  void refusesTheArchiveOfAnother() throws Exception {
    pod.run("Dump");
    pod.system = "7300000000000000002";
    pod.now = BackupPod.NOW.plus(Duration.ofDays(1));
    Report report = pod.run("Dump");
    assertThat(report.reason()).isEqualTo("ArchiveOfAnother");
    assertThat(report.message())
        .contains("hub pilot in namespace hubs")
        .contains("7300000000000000001")
        .contains("spec.objectStore.prefix")
        .contains("existing: Adopt");
    assertThat(pod.catalogue().backups()).hasSize(1);

    pod.adopt = true;
    assertThat(pod.run("Dump").succeeded()).isTrue();
    assertThat(pod.catalogue().backups()).hasSize(2);
    pod.adopt = false;
    assertThat(pod.run("Dump").succeeded()).as("it is this system's now").isTrue();
  }

  @Test
  void twoInOneSecondDoNotMeet() throws Exception {
    assertThat(pod.run("Dump").succeeded()).isTrue();
    Report second = pod.run("Dump");
    assertThat(second.made().get(0).time()).isEqualTo(BackupPod.NOW.minusSeconds(1));
    assertThat(pod.catalogue().entries())
        .extracting(Entry::verification)
        .containsExactly(Verification.STORED, Verification.STORED);
  }

  @Test
  void prunesAfterwardsAndSaysSo() throws Exception {
    pod.now = BackupPod.NOW.minus(Duration.ofDays(40));
    pod.run("Dump");
    pod.now = BackupPod.NOW.minus(Duration.ofDays(29));
    pod.run("Dump");
    pod.now = BackupPod.NOW;
    Report report = pod.run("Dump");
    assertThat(report.pruned()).isOne();
    assertThat(report.catalogue()).hasSize(2);
    assertThat(pod.keys()).noneMatch(it -> it.contains("/2026/10/16/"));
  }

  @Test
  void aBackupStandsWhenPruningFails() throws Exception {
    pod.retention = new AgentConfig.Retention(7, 1, 0, 0, 3);
    pod.now = BackupPod.NOW.minus(Duration.ofDays(40));
    pod.run("Dump");
    pod.now = BackupPod.NOW;
    pod.bucketFaults =
        store -> {
          FaultyStore faulty = new FaultyStore(store, "AccessDenied");
          faulty.refusesDelete = true;
          return faulty;
        };
    Report report = pod.run("Dump");
    assertThat(report.reason()).isEqualTo("PruneFailed");
    assertThat(report.made()).hasSize(1);
    assertThat(report.catalogue()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dump", "Dump,", "Dump Base"})
  void refusesOtherWords(String types) {
    assertThatThrownBy(() -> pod.runWithout(types))
        .hasMessageContaining("takes Dump, Base or Dump,Base");
  }

  @Test
  void theCatalogueTellsWhatIsIncomplete() throws Exception {
    pod.run("Dump");
    DirectoryStore.open(pod.bucketDirectory).put(DAY + ".dump", new byte[1]);
    assertThat(pod.catalogue().entries())
        .extracting(Entry::verification)
        .containsExactly(Verification.INCOMPLETE);
    DirectoryStore.open(pod.bucketDirectory).delete(List.of(DAY + ".dump"));
    assertThat(pod.catalogue().entries())
        .extracting(Entry::verification)
        .containsExactly(Verification.INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Restored", "Failed"})
  void theCatalogueTellsWhatARestoreProved(String verification) throws Exception {
    pod.run("Dump");
    DirectoryStore.open(pod.bucketDirectory)
        .put(
            DAY + ".verified.json",
            ("{\"verification\":\"" + verification + "\",\"seconds\":3}")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(pod.catalogue().entries().get(0).verification().name())
        .isEqualToIgnoringCase(verification);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "{\"version\":2}", "{\"version\":1}"})
  void aDamagedManifestIsIncompleteAndStays(String text) throws Exception {
    pod.now = BackupPod.NOW.minus(Duration.ofDays(90));
    pod.run("Dump");
    String key = pod.catalogue().backups().get(0).keys().get(0);
    DirectoryStore.open(pod.bucketDirectory).put(key, text.getBytes(StandardCharsets.UTF_8));
    pod.now = BackupPod.NOW;
    Report report = pod.run("Dump");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(report.catalogue())
        .extracting(Entry::verification)
        .containsExactly(Verification.STORED, Verification.INCOMPLETE);
    assertThat(pod.keys()).contains(key);
  }
}
