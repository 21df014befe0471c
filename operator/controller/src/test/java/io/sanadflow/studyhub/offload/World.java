package io.sanadflow.studyhub.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;
import io.sanadflow.studyhub.store.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A volume, a bucket and an app, and the operator that gives the app the one or the other. */
final class World {

  static final Duration GRACE = Duration.ofDays(7);

  /** After a run that moved them, all pods of the app are where the ledger says. */
  Place app = Place.VOLUME;

  OffloadMode mode = OffloadMode.CUT_OVER;
  long threshold = 1;
  long bandwidth;
  final Path media;
  final Path scratch;
  final MemoryStore bucket;
  final List<String> steps = new ArrayList<>();
  Instant now = Instant.now().plus(Duration.ofHours(1));

  final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  World(Path directory) throws IOException {
    media = Files.createDirectories(directory.resolve("media"));
    scratch = Files.createDirectories(directory.resolve("scratch"));
    bucket = new MemoryStore(clock);
  }

  AgentConfig.Offload told() {
    return new AgentConfig.Offload(
        new AgentConfig.Bucket("https://r2", "auto", "media", "pilot", false),
        false,
        mode,
        threshold,
        GRACE.toSeconds(),
        bandwidth);
  }

  AgentConfig config() {
    return new AgentConfig(
        "pilot",
        "hubs",
        null,
        null,
        new AgentConfig.Database("pilot-db", 5432, "hub", "postgres", true),
        media.toString(),
        false,
        new AgentConfig.Retention(7, 30, 0, 0, 3),
        told(),
        null);
  }

  Offloading open() throws IOException {
    return Offloading.open(config(), told(), bucket, media, scratch, clock, steps::add);
  }

  /** One run of the agent. */
  Offloading.Outcome run() throws IOException {
    return open().run(app, bytes());
  }

  /** Runs the agent, and moves the app to where the ledger says, until nothing changes. */
  OffloadPhase settle() throws IOException {
    OffloadPhase phase = phase();
    for (int turn = 0; turn < 10; turn++) {
      Offloading.Outcome outcome = run();
      assertThat(outcome.failure()).isNull();
      move();
      now = now.plus(Duration.ofMinutes(10));
      if (phase == outcome.offload().phase()
          && outcome.offload().moved() == 0
          && outcome.offload().removed() == 0) {
        return phase;
      }
      phase = outcome.offload().phase();
    }
    throw new AssertionError("it does not settle: " + steps);
  }

  /** What the operator does. */
  void move() throws IOException {
    app = phase().inBucket() ? Place.BUCKET : Place.VOLUME;
  }

  OffloadPhase phase() throws IOException {
    int dies = bucket.diesAt;
    bucket.diesAt = Integer.MAX_VALUE;
    try {
      return open().report().phase();
    } finally {
      bucket.diesAt = dies;
    }
  }

  long bytes() throws IOException {
    return Usage.of("media", media, 0).usedBytes();
  }

  /** What the app writes, long enough ago. */
  Path file(String path, String content) throws IOException {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  Path file(String path, byte[] content) throws IOException {
    Path file = media.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofMinutes(5))));
    return file;
  }

  /** What the app puts into the bucket. */
  void object(String path, String content) {
    bucket.write(key(path), content.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static String key(String path) {
    return "pilot/files/" + path;
  }

  Optional<String> inBucket(String path) {
    return bucket.read(key(path)).map(it -> new String(it, StandardCharsets.UTF_8));
  }

  Optional<String> onVolume(String path) throws IOException {
    Path file = media.resolve(path);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(Files.readString(file))
        : Optional.empty();
  }

  /** All files of the volume. */
  Map<String, String> volume() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(media)) {
      for (Path file :
          files.filter(it -> Files.isRegularFile(it, LinkOption.NOFOLLOW_LINKS)).toList()) {
        all.put(media.relativize(file).toString(), Files.readString(file));
      }
    }
    return all;
  }

  /** All objects of the app. */
  Map<String, String> objects() {
    Map<String, String> all = new TreeMap<>();
    for (String key : bucket.keys("pilot/files/")) {
      String path = key.substring("pilot/files/".length());
      all.put(path, inBucket(path).orElseThrow());
    }
    return all;
  }

  /** What the app reads. */
  Map<String, String> readable() throws IOException {
    return app == Place.VOLUME ? volume() : objects();
  }
}
