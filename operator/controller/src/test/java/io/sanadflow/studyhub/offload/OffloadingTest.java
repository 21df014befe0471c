package io.sanadflow.studyhub.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.Content;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffloadingTest {

  @TempDir private Path directory;
  private World world;

  @BeforeEach
  void world() throws IOException {
    world = new World(directory);
  }

  @Test
  void belowTheThresholdNothingMoves() throws Exception {
    world.threshold = 1000;
    world.file("a", "content");
    assertThat(world.settle()).isEqualTo(OffloadPhase.LOCAL);
    assertThat(world.bucket.keys("")).isEmpty();
  }

  @Test
  void aboveItAllMoveAndAfterTheGraceTheLocalCopiesGo() throws Exception {
    world.file("a.txt", "content");
    world.file("dir/b.png", "other");
    assertThat(world.settle()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(world.objects()).isEqualTo(Map.of("a.txt", "content", "dir/b.png", "other"));
    assertThat(world.volume()).hasSize(2);
    world.now = world.now.plus(World.GRACE);
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.offload().removed()).isEqualTo(2);
    assertThat(outcome.offload().files()).isZero();
    assertThat(world.volume()).isEmpty();
    assertThat(world.objects()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b c.txt",
        "a..b",
        ".hidden",
        "dir with space/..odd/…/x",
        "emoji 🎓📚.png",
        "عربى/ملف.pdf",
        "a+b&c=d%20?#;:@.txt",
        "quote'\"back\\slash",
        "new\nline",
        "combining e\u0301",
        "﨑 beside 🎓"
      })
  void aNameIsAsItIs(String path) throws Exception {
    world.file(path, "content of " + path);
    world.file("z", "");
    assertThat(world.settle()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(world.inBucket(path)).contains("content of " + path);
    assertThat(world.inBucket("z")).contains("");
    world.now = world.now.plus(World.GRACE);
    world.run();
    assertThat(world.volume()).isEmpty();
    world.mode = OffloadMode.RESTORE;
    assertThat(world.settle()).isEqualTo(OffloadPhase.LOCAL);
    assertThat(world.volume()).isEqualTo(Map.of(path, "content of " + path, "z", ""));
  }

  @Test
  void aNameThatIsTooLongForABucketStaysAndIsTold() throws Exception {
    String part = "x".repeat(250) + "/";
    String path = part.repeat(4) + "y".repeat(40);
    world.file(path, "content");
    world.file("short", "content");
    world.run();
    world.move();
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.message()).contains("1 files have names that are too long");
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.OFFLOADED);
    world.now = world.now.plus(World.GRACE);
    world.run();
    assertThat(world.volume()).containsOnlyKeys(path);
  }

  @Test
  void aSparseFileIsReadAsItIs() throws Exception {
    Path sparse = world.file("sparse", "x");
    try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
      file.setLength(20 << 20);
    }
    Files.setLastModifiedTime(sparse, FileTime.from(world.now.minus(Duration.ofHours(1))));
    world.settle();
    byte[] stored = world.bucket.read(World.key("sparse")).orElseThrow();
    assertThat(stored).hasSize(20 << 20);
    assertThat(stored[0]).isEqualTo((byte) 'x');
    world.now = world.now.plus(World.GRACE);
    world.run();
    assertThat(world.volume()).isEmpty();
  }

  @Test
  void symbolicLinksStayAndAreNotFollowed() throws Exception {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "of somebody else");
    world.file("dir/a", "content");
    Files.createSymbolicLink(world.media.resolve("out"), outside.resolve("secret"));
    Files.createSymbolicLink(world.media.resolve("outdir"), outside);
    Files.createSymbolicLink(world.media.resolve("in"), Path.of("dir/a"));
    Files.createSymbolicLink(world.media.resolve("dangling"), Path.of("nowhere"));
    assertThat(world.run().message()).contains("4 symbolic links stay");
    world.move();
    world.settle();
    assertThat(world.objects()).isEqualTo(Map.of("dir/a", "content"));
    world.now = world.now.plus(World.GRACE);
    world.run();
    assertThat(world.media.resolve("out")).isSymbolicLink();
    assertThat(outside.resolve("secret")).exists();
    // What would come home through a link does not.
    world.object("outdir/evil", "content");
    world.mode = OffloadMode.RESTORE;
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.failure()).isNotNull();
    assertThat(outcome.failure().reason()).isEqualTo("MediaUnplaced");
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(outside.resolve("evil")).doesNotExist();
  }

  @Test
  void whatRestoresKeepAsideAndWhatIsNotFinishedStays() throws Exception {
    world.file(".studyhub-x/old/a", "kept aside");
    world.file("upload.part", "half");
    world.file("a", "content");
    world.settle();
    world.now = world.now.plus(World.GRACE);
    world.run();
    assertThat(world.objects()).isEqualTo(Map.of("a", "content"));
    assertThat(world.volume()).containsOnlyKeys(".studyhub-x/old/a", "upload.part");
  }

  @Test
  void aFileThatIsYoungWaitsForTheSweep() throws Exception {
    Path young = world.file("young", "first");
    Files.setLastModifiedTime(young, FileTime.from(world.now.minusSeconds(5)));
    world.file("old", "content");
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.offload().left()).isEqualTo(1);
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.CUTTING_OVER);
    assertThat(world.objects()).containsOnlyKeys("old");
    world.move();
    world.run();
    assertThat(world.objects()).containsOnlyKeys("old", "young");
  }

  @Test
  void aFileThatChangesWhileItIsCopiedIsCopiedAgain() throws Exception {
    world.file("a", "first");
    world.bucket.beforeStore = once(() -> world.file("a", "the second content"));
    world.run();
    assertThat(world.inBucket("a")).contains("the second content");
  }

  @Test
  void aFileThatChangesAtEveryAttemptIsForTheNextRun() throws Exception {
    world.file("a", "content");
    int[] count = new int[1];
    world.bucket.beforeStore =
        key -> {
          if (key.equals(World.key("a"))) {
            quietly(() -> world.file("a", "x".repeat(++count[0])));
          }
        };
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.offload().left()).isEqualTo(1);
    assertThat(outcome.message()).contains("changed while they were copied");
    world.bucket.beforeStore = key -> {};
    world.move();
    world.run();
    assertThat(world.inBucket("a")).contains("x".repeat(count[0]));
  }

  @Test
  void filesMoveNoFasterThanTheBandwidthEitherWay() throws Exception {
    world.file("a", "x".repeat(300_000));
    world.file("b", "y".repeat(300_000));
    world.bandwidth = 400_000;
    long begun = System.nanoTime();
    world.run();
    // A quarter of a second's worth may pass at once.
    assertThat(System.nanoTime() - begun).isGreaterThan(1_200_000_000L);
    world.move();
    world.settle();
    world.now = world.now.plus(World.GRACE);
    world.run();
    world.mode = OffloadMode.RESTORE;
    begun = System.nanoTime();
    world.run();
    assertThat(System.nanoTime() - begun).isGreaterThan(1_200_000_000L);
    assertThat(world.volume()).containsOnlyKeys("a", "b");
  }

  @Test
  void aFileThatVanishesIsNoError() throws Exception {
    Path gone = world.file("gone", "content");
    world.file("a", "content");
    world.bucket.beforeStore = once(() -> Files.deleteIfExists(gone));
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.CUTTING_OVER);
  }

  @Test
  void aPassWithoutChangesCostsAFewRequestsHoweverManyFiles() throws Exception {
    for (int at = 0; at < 300; at++) {
      world.file("dir" + at % 7 + "/" + at, "content " + at);
    }
    world.mode = OffloadMode.MIRROR;
    assertThat(world.run().offload().phase()).isEqualTo(OffloadPhase.MIRRORED);
    int before = world.bucket.requests;
    assertThat(world.run().offload().moved()).isZero();
    assertThat(world.bucket.requests - before).isLessThan(8);
  }

  @Test
  void tenThousandSmallFilesMoveAndComeHome() throws Exception {
    many(10_000);
  }

  @Test
  void aHundredThousandSmallFilesMoveAndComeHome() throws Exception {
    assumeTrue(Boolean.getBoolean("offload.many"), "-Doffload.many=true has it");
    many(100_000);
  }

  private void many(int count) throws Exception {
    for (int at = 0; at < count; at++) {
      world.file("dir" + at % 10 + "/file " + at, "content " + at);
    }
    world.settle();
    assertThat(world.bucket.keys("pilot/files/")).hasSize(count);
    world.now = world.now.plus(World.GRACE);
    assertThat(world.run().offload().removed()).isEqualTo(count);
    world.mode = OffloadMode.RESTORE;
    world.settle();
    assertThat(world.volume()).hasSize(count).containsEntry("dir7/file 17", "content 17");
  }

  @Test
  void whatAnOldPodWritesAfterItWasCopiedWins() throws Exception {
    world.file("a", "first");
    world.run();
    world.file("a", "second");
    world.file("new", "of an old pod");
    world.move();
    world.run();
    assertThat(world.objects()).isEqualTo(Map.of("a", "second", "new", "of an old pod"));
    assertThat(world.phase()).isEqualTo(OffloadPhase.OFFLOADED);
  }

  @Test
  void whatTheAppWritesToTheBucketAfterTheCutOverWins() throws Exception {
    world.file("a", "first");
    world.file("b", "first");
    world.run();
    world.move();
    world.object("a", "of the app");
    world.now = world.now.plusSeconds(1);
    world.file("a", "of a pod that was late");
    world.run();
    assertThat(world.objects()).isEqualTo(Map.of("a", "of the app", "b", "first"));
    world.object("b", "of the app as well");
    world.now = world.now.plus(World.GRACE);
    assertThat(world.run().offload().removed()).isEqualTo(2);
    assertThat(world.objects()).isEqualTo(Map.of("a", "of the app", "b", "of the app as well"));
  }

  @Test
  void metadataThatAStoreKeptOfWhatWasReplacedProvesNothing() throws Exception {
    world.file("a", "first");
    world.file("b", "first");
    world.run();
    world.move();
    Map<String, String> kept = world.bucket.describe(World.key("a")).orElseThrow().metadata();
    world.bucket.write(World.key("a"), "of the app".getBytes(StandardCharsets.UTF_8), kept);
    world.bucket.write(World.key("b"), "FIRST".getBytes(StandardCharsets.UTF_8), kept);
    world.file("a", "second");
    assertThat(world.run().offload().phase()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(world.objects()).isEqualTo(Map.of("a", "of the app", "b", "FIRST"));
    world.mode = OffloadMode.RESTORE;
    assertThat(world.settle()).isEqualTo(OffloadPhase.LOCAL);
    assertThat(world.volume()).isEqualTo(Map.of("a", "of the app", "b", "FIRST"));
  }

  @Test
  void theAppIsFasterThanTheSweep() throws Exception {
    world.file("a", "first");
    world.run();
    world.move();
    world.file("a", "second");
    world.file("b", "new on the volume");
    world.bucket.beforeStore =
        key -> {
          if (key.startsWith("pilot/files/")) {
            world.object(key.substring("pilot/files/".length()), "of the app");
          }
        };
    world.run();
    assertThat(world.objects()).isEqualTo(Map.of("a", "of the app", "b", "of the app"));
  }

  @Test
  void theStateIsLostAndNothingElse() throws Exception {
    world.file("a", "first");
    world.run();
    world.bucket.remove("pilot/offload/state.jsonl.gz");
    world.move();
    world.file("a", "second");
    world.run();
    assertThat(world.objects()).isEqualTo(Map.of("a", "second"));
    world.bucket.write("pilot/offload/state.jsonl.gz", new byte[] {1, 2, 3}, Map.of());
    world.now = world.now.plus(World.GRACE);
    assertThat(world.run().offload().removed()).isEqualTo(1);
  }

  @Test
  void anObjectThatIsNotTheFileKeepsItAndIsTold() throws Exception {
    world.file("a", "content");
    world.file("b", "content");
    world.file("c", "content");
    world.settle();
    // Somebody's that says whose content it has, and one that is older than the file.
    byte[] other = "other".getBytes(StandardCharsets.UTF_8);
    world.bucket.write(
        World.key("a"), other, Map.of(ConditionalStore.SHA256, Content.of(other).sha256()));
    Instant later = world.now.plus(World.GRACE);
    world.now = world.now.minus(Duration.ofDays(1));
    world.bucket.write(World.key("b"), other, Map.of());
    world.now = later;
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.failure()).isNotNull();
    assertThat(outcome.failure().reason()).isEqualTo("OffloadUnverified");
    assertThat(outcome.failure()).hasMessageContaining("2 files").hasMessageContaining("'a'");
    assertThat(world.volume()).containsOnlyKeys("a", "b");
  }

  @Test
  void anObjectThatIsGoneKeepsItsLocalFile() throws Exception {
    world.file("a", "content");
    world.settle();
    world.bucket.remove(World.key("a"));
    world.now = world.now.plus(World.GRACE);
    assertThat(world.run().message()).contains("not in the bucket any more");
    assertThat(world.volume()).containsOnlyKeys("a");
  }

  @Test
  void aFileThatWasWrittenByHandAfterTheSweepStays() throws Exception {
    world.file("a", "content");
    world.settle();
    world.now = world.now.plus(World.GRACE);
    world.file("a", "other content");
    world.file("b", "that nobody copied");
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.failure()).isNotNull();
    assertThat(world.volume()).containsOnlyKeys("a", "b");
  }

  @Test
  void mirrorCopiesAndRemovesNothing() throws Exception {
    world.mode = OffloadMode.MIRROR;
    world.file("a", "first");
    assertThat(world.settle()).isEqualTo(OffloadPhase.MIRRORED);
    world.file("a", "second");
    world.now = world.now.plus(World.GRACE).plus(World.GRACE);
    world.settle();
    assertThat(world.objects()).isEqualTo(Map.of("a", "second"));
    assertThat(world.volume()).isEqualTo(Map.of("a", "second"));
  }

  @Test
  void allComeHomeWithWhatTheAppWroteMeanwhile() throws Exception {
    world.file("a", "first");
    world.file("b", "first");
    world.settle();
    world.object("new/c", "of the app");
    world.object("b", "second");
    world.mode = OffloadMode.RESTORE;
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.RETURNING);
    assertThat(outcome.offload().moved()).isEqualTo(2);
    // Pods that still use the bucket write on, and those on the volume as well.
    world.object("a", "late");
    world.object("d", "late");
    world.object("b", "late");
    world.move();
    world.now = world.now.plusSeconds(5);
    world.file("b", "of a new pod");
    Files.delete(world.media.resolve("new/c"));
    outcome = world.run();
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.LOCAL);
    assertThat(world.volume()).isEqualTo(Map.of("a", "late", "b", "of a new pod", "d", "late"));
    assertThat(world.objects()).hasSize(4);
  }

  @Test
  void afterComingHomeTheyMoveAgain() throws Exception {
    world.file("a", "first");
    world.settle();
    world.object("b", "of the app");
    world.mode = OffloadMode.RESTORE;
    assertThat(world.settle()).isEqualTo(OffloadPhase.LOCAL);
    world.file("b", "changed at home");
    world.mode = OffloadMode.CUT_OVER;
    assertThat(world.settle()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(world.objects()).isEqualTo(Map.of("a", "first", "b", "changed at home"));
    world.now = world.now.plus(World.GRACE);
    assertThat(world.run().offload().removed()).isEqualTo(2);
  }

  @Test
  void anObjectThatIsDamagedDoesNotComeHome() throws Exception {
    world.file("a", "content");
    world.settle();
    world.now = world.now.plus(World.GRACE);
    world.run();
    world.bucket.damage(World.key("a"));
    world.mode = OffloadMode.RESTORE;
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.failure()).isNotNull();
    assertThat(outcome.failure().reason()).isEqualTo("OffloadUnverified");
    assertThat(outcome.offload().phase()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(world.volume()).isEmpty();
  }

  @Test
  void keysThatAreNoPathsStayInTheBucket() throws Exception {
    world.file("a", "content");
    world.settle();
    for (String key : List.of("../evil", "x/../../evil", "/etc/evil", "x//y", ".studyhub-x/y")) {
      world.object(key, "evil");
    }
    world.object("directory/", "");
    world.mode = OffloadMode.RESTORE;
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.failure()).isNotNull();
    assertThat(outcome.failure().reason()).isEqualTo("MediaUnplaced");
    assertThat(outcome.failure()).hasMessageContaining("5 objects");
    assertThat(directory.resolve("evil")).doesNotExist();
    assertThat(world.volume()).containsOnlyKeys("a");
  }

  @Test
  void aLedgerOfAnotherHubIsLeftAlone() throws Exception {
    world.bucket.write(
        "pilot/offload/ledger.json",
        """
        {"hub": "other", "namespace": "hubs", "phase": "Offloaded", "since": "2026-01-01T00:00:00Z"}
        """
            .getBytes(StandardCharsets.UTF_8),
        Map.of());
    world.file("a", "content");
    assertThatThrownBy(world::run)
        .isInstanceOfSatisfying(
            OffloadException.class, it -> assertThat(it.reason()).isEqualTo("LedgerOfAnother"));
    world.bucket.write("pilot/offload/ledger.json", new byte[] {'{'}, Map.of());
    assertThatThrownBy(world::run)
        .isInstanceOfSatisfying(
            OffloadException.class, it -> assertThat(it.reason()).isEqualTo("LedgerDamaged"));
    assertThat(world.objects()).isEmpty();
  }

  @Test
  void aRunThatWasThoughtDeadCannotUndoWhatALaterOneWrote() throws Exception {
    world.file("a", "content");
    Offloading dead = world.open();
    world.run();
    assertThatThrownBy(() -> dead.run(Place.VOLUME, 10))
        .isInstanceOfSatisfying(
            OffloadException.class, it -> assertThat(it.reason()).isEqualTo("LedgerTaken"));
    assertThat(world.phase()).isEqualTo(OffloadPhase.CUTTING_OVER);
  }

  @Test
  void aHubThatIsMadeAnewOnAnOldBucketGoesOnThere() throws Exception {
    world.object("a", "of before");
    world.app = Place.BUCKET;
    world.file("b", "on the new volume");
    assertThat(world.run().offload().phase()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(world.objects()).isEqualTo(Map.of("a", "of before", "b", "on the new volume"));
  }

  @Test
  void thePlanChangesNothing() throws Exception {
    world.file("a", "content");
    Files.createSymbolicLink(world.media.resolve("l"), Path.of("a"));
    String plan = world.open().plan(7);
    assertThat(plan)
        .contains("1 files of 7 bytes, of which 1 files of 7 bytes are not")
        .contains("1 symbolic");
    assertThat(world.bucket.keys("")).isEmpty();
    world.settle();
    assertThat(world.open().plan(7)).contains("of which 0 files of 0 bytes are not");
  }

  private interface Act {
    Object take() throws IOException;
  }

  private static void quietly(Act act) {
    try {
      act.take();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private java.util.function.Consumer<String> once(Act act) {
    boolean[] done = new boolean[1];
    return key -> {
      synchronized (done) {
        if (!done[0] && key.startsWith("pilot/files/")) {
          done[0] = true;
          quietly(act);
        }
      }
    };
  }

  @Test
  void aTimeInTheFutureIsNotYoung() throws Exception {
    Path file = world.file("a", "content");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2199-01-01T00:00:00Z")));
    assertThat(world.run().offload().left()).isZero();
    assertThat(world.objects()).hasSize(1);
  }
}
