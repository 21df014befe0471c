package io.sanadflow.studyhub.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app that knows no S3: it keeps writing to the volume, and reads through the gateway. */
class BehindGatewayTest {

  @TempDir private Path directory;
  private World world;

  @BeforeEach
  void world() throws IOException {
    world = new World(directory);
    world.app = Place.GATEWAY;
  }

  private OffloadPhase run() throws IOException {
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.failure()).isNull();
    return outcome.offload().phase();
  }

  @Test
  void belowTheThresholdNothingMoves() throws Exception {
    world.threshold = 1000;
    world.file("a", "content");

    assertThat(run()).isEqualTo(OffloadPhase.LOCAL);
    assertThat(world.objects()).isEmpty();
  }

  @Test
  void beyondItFilesAreCopiedAndGoWhenTheyWereLeftForTheGrace() throws Exception {
    world.file("old", "content");
    assertThat(run()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(world.objects()).containsOnlyKeys("old");
    assertThat(world.volume()).containsOnlyKeys("old");

    world.now = world.now.plus(World.GRACE).minus(Duration.ofHours(1));
    world.file("new", "written later");
    assertThat(run()).isEqualTo(OffloadPhase.OFFLOADED);
    assertThat(world.volume()).containsOnlyKeys("new", "old");
    assertThat(world.objects()).containsOnlyKeys("new", "old");

    world.now = world.now.plus(Duration.ofHours(2));
    Offloading.Outcome outcome = world.run();
    assertThat(outcome.offload().removed()).isEqualTo(1);
    assertThat(outcome.offload().files()).isEqualTo(1);
    assertThat(world.volume()).isEqualTo(Map.of("new", "written later"));
    assertThat(world.objects()).isEqualTo(Map.of("old", "content", "new", "written later"));
  }

  @Test
  void whatTheAppWritesAgainAfterItWentReplacesTheObject() throws Exception {
    world.file("a", "first");
    run();
    world.now = world.now.plus(World.GRACE).plus(Duration.ofHours(1));
    run();
    assertThat(world.volume()).isEmpty();

    world.file("a", "second");
    run();

    assertThat(world.objects()).isEqualTo(Map.of("a", "second"));
    world.now = world.now.plus(World.GRACE).plus(Duration.ofHours(1));
    run();
    assertThat(world.volume()).isEmpty();
    assertThat(world.objects()).isEqualTo(Map.of("a", "second"));
  }

  @Test
  void aFileThatIsNotInTheBucketStays() throws Exception {
    world.file("a", "content");
    run();
    world.now = world.now.plus(World.GRACE).plus(Duration.ofHours(1));
    world.bucket.beforeStore = key -> world.bucket.remove(World.key("a"));
    world.file("b", "other");

    run();

    assertThat(world.volume()).containsKey("b");
    assertThat(world.readable()).isNotNull();
  }

  @Test
  void whatTheAppPutsInAFilesPlaceAtTheLastMomentStays() throws Exception {
    world.file("dir/a", "first");
    LocalFile seen = LocalFile.at(world.media, "dir/a").orElseThrow();
    world.file("dir/a", "second");
    Departures departures = new Departures(world.media);

    assertThat(departures.delete(seen)).isFalse();

    assertThat(world.onVolume("dir/a")).contains("second");
    LocalFile now = LocalFile.at(world.media, "dir/a").orElseThrow();
    assertThat(departures.delete(now)).isTrue();
    departures.putBack();
    assertThat(world.volume()).isEmpty();
    assertThat(world.media.resolve(".studyhub-departing")).doesNotExist();
  }

  @Test
  void whatAKilledRunHadTakenAsideComesBackUnlessTheAppHasWrittenItAnew() throws Exception {
    world.file(".studyhub-departing/dir/a", "taken");
    world.file(".studyhub-departing/b", "taken");
    world.file("b", "written since");

    new Departures(world.media).putBack();

    assertThat(world.volume()).isEqualTo(Map.of("dir/a", "taken", "b", "written since"));
  }

  @Test
  void mirrorRemovesNothing() throws Exception {
    world.mode = OffloadMode.MIRROR;
    world.file("a", "content");
    run();
    world.now = world.now.plus(World.GRACE).plus(Duration.ofHours(1));

    assertThat(run()).isEqualTo(OffloadPhase.MIRRORED);
    assertThat(world.volume()).isEqualTo(Map.of("a", "content"));
  }

  @Test
  void allComeHomeAndWhatTheAppHasChangedStays() throws Exception {
    Instant written = world.now.minus(Duration.ofMinutes(5));
    world.file("a", "of a");
    world.file("b", "of b");
    run();
    world.now = world.now.plus(World.GRACE).plus(Duration.ofHours(1));
    run();
    assertThat(world.volume()).isEmpty();
    world.file("b", "of b, later");
    world.file("c", "of c");
    world.mode = OffloadMode.RESTORE;

    assertThat(run()).isEqualTo(OffloadPhase.LOCAL);

    assertThat(world.volume()).isEqualTo(Map.of("a", "of a", "b", "of b, later", "c", "of c"));
    // The validators of the gateway are made of it.
    assertThat(Files.getLastModifiedTime(world.media.resolve("a")))
        .isEqualTo(FileTime.from(written));
  }

  @Test
  void aRunThatDiesAnywhereLosesNothing() throws Exception {
    for (int dies = 1; dies < 60; dies++) {
      World one = new World(Files.createDirectories(directory.resolve("w" + dies)));
      one.app = Place.GATEWAY;
      one.file("a", "of a");
      one.file("dir/b", "of b");
      one.bucket.diesAt = dies;
      for (int turn = 0; turn < 3; turn++) {
        try {
          one.run();
        } catch (IOException died) {
          one.bucket.diesAt = Integer.MAX_VALUE;
        }
        one.now = one.now.plus(World.GRACE).plus(Duration.ofHours(1));
        for (Map.Entry<String, String> file : Map.of("a", "of a", "dir/b", "of b").entrySet()) {
          assertThat(one.onVolume(file.getKey()).or(() -> one.inBucket(file.getKey())))
              .as("dies at %d, turn %d", dies, turn)
              .contains(file.getValue());
        }
      }
      one.bucket.diesAt = Integer.MAX_VALUE;
      one.run();
      one.now = one.now.plus(World.GRACE).plus(Duration.ofHours(1));
      one.run();
      assertThat(one.volume()).isEmpty();
    }
  }
}
