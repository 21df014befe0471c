package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.backup.MediaFile;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.store.DirectoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Media are kept by content, once, and gone only when no list names them any more. */
@Timeout(60)
class MediaBackupTest {

  @TempDir Path directory;
  private BackupPod pod;

  @BeforeEach
  void makePod() throws Exception {
    pod = new BackupPod(directory);
    pod.withMedia = true;
  }

  @AfterEach
  void endPod() {
    pod.close();
  }

  private Path file(String name, String content) throws Exception {
    Path file = pod.media.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Map<String, MediaFile> listed() throws Exception {
    Manifest manifest = pod.catalogue().backups().get(0).manifest();
    Map<String, MediaFile> files = new LinkedHashMap<>();
    try (MediaList.Reader list =
        MediaList.read(pod.bucket(), manifest, pod.context().encryption())) {
      for (Optional<MediaFile> it = list.next(); it.isPresent(); it = list.next()) {
        files.put(it.get().path(), it.get());
      }
    }
    return files;
  }

  private List<String> contents() throws Exception {
    return pod.keys().stream().filter(it -> it.startsWith("hubs/pilot/media/")).toList();
  }

  private void nextDay() {
    pod.now = pod.now.plus(Duration.ofDays(1));
  }

  @Test
  void keepsEveryNameAndEachContentOnce() throws Exception {
    List<String> names =
        List.of(
            "a/b c.txt", "a/\ud83c\udf93.png", "a/line\nbreak", "a-b/x", "Zoë", "a/'q\"", "empty");
    for (String name : names) {
      file(name, name.equals("empty") ? "" : name.startsWith("a/") ? "same" : name);
    }
    Files.createDirectories(pod.media.resolve("hollow/inside"));
    file(".studyhub-4/new/x", "of a restore");
    Report report = pod.run("Dump");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    List<String> expected = new ArrayList<>(names);
    expected.add("hollow/inside");
    assertThat(listed().keySet()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(List.copyOf(listed().keySet())).isSortedAccordingTo(MediaFile.ORDER);
    assertThat(listed().get("hollow/inside").isDirectory()).isTrue();
    assertThat(listed().get("empty").sha256())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(contents()).hasSize(4);
    Manifest.Dump dump = pod.catalogue().backups().get(0).manifest().dump();
    assertThat(dump.mediaFiles()).isEqualTo(7);
    assertThat(dump.mediaBytes()).isEqualTo(4 * 4 + 5 + 4);
  }

  @Test
  void tellsWhatTheVolumesHoldDayByDay() throws Exception {
    pod.own = false;
    file("a", "content");
    for (int day = 0; day < 4; day++) {
      file("day-" + day, "x".repeat(100));
      Report report = pod.run("Dump");
      Report.Volume media = report.storage().volume(Report.Volume.MEDIA).orElseThrow();
      assertThat(media.usedBytes()).isEqualTo(7 + (day + 1) * 100);
      assertThat(media.totalBytes()).isPositive();
      assertThat(pod.keys()).contains("hubs/pilot/offload/history.json");
      nextDay();
    }
    // A database that does not answer once the dump is made is no failure of the backup.
    pod.own = true;
    Report report = pod.run("Dump");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(report.storage()).isNull();
    assertThat(String.join(" ", pod.steps)).contains("the volumes cannot be measured");
  }

  @Test
  void neverFollowsLinks() throws Exception {
    Path secret = Files.createDirectories(directory.resolve("secret"));
    Files.writeString(secret.resolve("key"), "not to be seen");
    Files.createSymbolicLink(pod.media.resolve("outside"), secret);
    Files.createSymbolicLink(pod.media.resolve("file"), secret.resolve("key"));
    Files.createSymbolicLink(pod.media.resolve("dangling"), Path.of("../nowhere"));
    assertThat(pod.run("Dump").succeeded()).isTrue();
    assertThat(listed()).hasSize(3);
    assertThat(listed().get("outside").link()).isEqualTo(secret.toString());
    assertThat(listed().get("dangling").link()).isEqualTo("../nowhere");
    assertThat(contents()).isEmpty();
  }

  @Test
  void sendsAndReadsOnlyWhatIsNew() throws Exception {
    Path old = file("old", "old content");
    pod.run("Dump");
    // Its content changes behind the back of size, time and inode: who reads it again sees that.
    FileTime time = Files.getLastModifiedTime(old);
    Files.writeString(old, "new content");
    Files.setLastModifiedTime(old, time);
    file("new", "another");
    nextDay();
    pod.run("Dump");
    assertThat(contents()).hasSize(2);
    assertThat(listed().get("old").sha256()).isNotEqualTo(listed().get("new").sha256());

    Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
    nextDay();
    pod.run("Dump");
    assertThat(contents()).hasSize(3);
  }

  @Test
  void sendsAgainWhatTheStoreHasLost() throws Exception {
    file("a", "content");
    pod.run("Dump");
    DirectoryStore.open(pod.bucketDirectory).delete(contents());
    nextDay();
    pod.run("Dump");
    assertThat(contents()).hasSize(1);
  }

  @Test
  void encryptsContents() throws Exception {
    pod.encrypted = true;
    Path key = AgentFiles.under(directory).encryptionKey();
    Files.createDirectories(key.getParent());
    Files.writeString(key, BackupPod.KEY);
    file("a", "content");
    assertThat(pod.run("Dump").succeeded()).isTrue();
    nextDay();
    assertThat(pod.run("Dump").succeeded()).isTrue();
    assertThat(contents()).hasSize(1).allMatch(it -> it.endsWith(".age"));
    assertThat(listed()).containsKey("a");
  }

  @Test
  void notesAFileThatKeepsChanging() throws Exception {
    Path changing = file("changing", "0");
    file("quiet", "content");
    int[] round = {0};
    pod.bucketFaults =
        store -> {
          FaultyStore watching = new FaultyStore(store, "Never");
          watching.refusesUpload =
              key -> {
                if (key.contains("/media/")) {
                  try {
                    Files.writeString(changing, "changed " + round[0]++);
                  } catch (java.io.IOException impossible) {
                    throw new java.io.UncheckedIOException(impossible);
                  }
                }
                return false;
              };
          return watching;
        };
    Report report = pod.run("Dump");
    assertThat(report.succeeded()).as(report.message()).isTrue();
    assertThat(report.message()).contains("1 media files went or changed").contains("'changing'");
    assertThat(listed()).containsOnlyKeys("quiet");
    assertThat(contents()).hasSize(1);
  }

  @Test
  void leavesOutWhatIsNoFile() throws Exception {
    file("a", "content");
    new ProcessBuilder("mkfifo", pod.media.resolve("pipe").toString()).start().waitFor();
    Report report = pod.run("Dump");
    assertThat(report.succeeded()).isTrue();
    assertThat(report.message()).contains("1 sockets or devices");
    assertThat(listed()).containsOnlyKeys("a");
  }

  @Test
  void sweepsWhatNoKeptListNames() throws Exception {
    Path gone = file("gone", "only in the first");
    file("stays", "in both");
    pod.now = BackupPod.NOW.minus(Duration.ofDays(40));
    pod.run("Dump");
    Files.delete(gone);
    pod.now = BackupPod.NOW.minus(Duration.ofDays(20));
    pod.run("Dump");
    age();
    assertThat(contents()).hasSize(2);

    Report dry = dryRun();
    assertThat(dry.pruned()).isZero();
    assertThat(contents()).hasSize(2);
    assertThat(pod.steps)
        .anyMatch(it -> it.contains("would delete hubs/pilot/media/"))
        .anyMatch(it -> it.contains("would delete hubs/pilot/daily/2026/10/16/"));

    pod.now = BackupPod.NOW;
    assertThat(pod.prune().pruned()).isOne();
    assertThat(contents()).hasSize(1);
  }

  @Test
  void sweepsThePlainContentOnceAllDumpsThatNameItAreGone() throws Exception {
    file("a", "content");
    pod.now = BackupPod.NOW.minus(Duration.ofDays(40));
    pod.run("Dump");
    pod.encrypted = true;
    Path key = AgentFiles.under(directory).encryptionKey();
    Files.createDirectories(key.getParent());
    Files.writeString(key, BackupPod.KEY);
    pod.now = BackupPod.NOW.minus(Duration.ofDays(20));
    pod.run("Dump");
    age();
    assertThat(contents()).hasSize(2);

    pod.now = BackupPod.NOW;
    assertThat(pod.prune().pruned()).isOne();

    assertThat(contents()).singleElement().asString().endsWith(".age");
  }

  @Test
  void sweepsNothingThatIsYoung() throws Exception {
    Path gone = file("gone", "only in the first");
    pod.now = Instant.now().minus(Duration.ofDays(40));
    pod.run("Dump");
    Files.delete(gone);
    pod.now = Instant.now();
    assertThat(pod.run("Dump").pruned()).isOne();
    assertThat(contents()).hasSize(1);
  }

  @Test
  void sweepsNothingIfAListCannotBeRead() throws Exception {
    Path gone = file("gone", "only in the first");
    pod.now = BackupPod.NOW.minus(Duration.ofDays(40));
    pod.run("Dump");
    Files.delete(gone);
    pod.now = BackupPod.NOW.minus(Duration.ofDays(20));
    pod.run("Dump");
    String list = pod.catalogue().backups().get(0).manifest().dump().mediaKey();
    DirectoryStore.open(pod.bucketDirectory).put(list, new byte[] {1, 2, 3});
    age();
    pod.now = BackupPod.NOW;
    Report report = pod.prune();
    assertThat(report.pruned()).isOne();
    assertThat(report.message()).contains("No media content is deleted");
    assertThat(contents()).hasSize(1);
  }

  @Test
  void deletesNothingWhileTheNewestFailsItsRestore() throws Exception {
    pod.now = BackupPod.NOW.minus(Duration.ofDays(41));
    pod.run("Dump");
    pod.now = BackupPod.NOW.minus(Duration.ofDays(40));
    pod.run("Dump");
    DirectoryStore store = DirectoryStore.open(pod.bucketDirectory);
    String newest = "hubs/pilot/daily/2026/10/16/20261016T180005Z.verified.json";
    store.put(newest, "{\"verification\":\"Failed\"}".getBytes(StandardCharsets.UTF_8));
    age();
    pod.now = BackupPod.NOW;

    Report report = pod.prune();
    assertThat(report.pruned()).isZero();
    assertThat(report.message()).contains("Nothing is deleted in", "20261016T180005Z", "failed");

    store.delete(List.of(newest));
    assertThat(pod.prune().pruned()).isOne();
  }

  @Test
  void deletesManifestsFirstAndStraysOnceTheyAreOld() throws Exception {
    pod.now = BackupPod.NOW.minus(Duration.ofDays(40));
    pod.run("Dump");
    pod.now = BackupPod.NOW;
    pod.run("Dump");
    String old = "hubs/pilot/daily/2026/10/16/20261016T180005Z";
    assertThat(pod.keys()).noneMatch(it -> it.startsWith(old));
    DirectoryStore store = DirectoryStore.open(pod.bucketDirectory);
    store.put("hubs/pilot/daily/2026/11/01/20261101T180005Z.dump", new byte[1]);
    store.put("hubs/pilot/daily/2026/11/01/notes-of-a-user.txt", new byte[1]);
    age();
    FaultyStore[] seen = new FaultyStore[1];
    pod.bucketFaults = it -> seen[0] = new FaultyStore(it, "Never");
    pod.now = BackupPod.NOW.plus(Duration.ofDays(31));
    pod.run("Dump");
    assertThat(seen[0].deleted.get(0))
        .isEqualTo("hubs/pilot/daily/2026/11/25/20261125T180005Z.json");
    assertThat(seen[0].deleted).contains("hubs/pilot/daily/2026/11/01/20261101T180005Z.dump");
    assertThat(pod.keys()).contains("hubs/pilot/daily/2026/11/01/notes-of-a-user.txt");
  }

  /** Makes all that is stored as old as its name says, since the store knows the real time. */
  private void age() throws Exception {
    try (var files = Files.walk(pod.bucketDirectory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(BackupPod.NOW.minus(Duration.ofDays(10))));
      }
    }
  }

  private Report dryRun() throws Exception {
    pod.now = BackupPod.NOW;
    return pod.prune("--dry-run");
  }
}
