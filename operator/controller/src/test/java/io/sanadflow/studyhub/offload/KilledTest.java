package io.sanadflow.studyhub.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run ends at each of its requests; the app reads each file at every moment, and all end well.
 */
class KilledTest {

  private static final int FILES = 12;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void movesAndComesHomeAllTheSame(boolean carriesOut) throws Exception {
    boolean died = true;
    for (int at = 1; died; at++) {
      World world = new World(directory.resolve(carriesOut + "-" + at));
      world.bucket.carriesOut = carriesOut;
      Map<String, String> files = new TreeMap<>();
      for (int file = 0; file < FILES; file++) {
        files.put("dir" + file % 3 + "/file " + file, "content " + file);
      }
      for (Map.Entry<String, String> file : files.entrySet()) {
        world.file(file.getKey(), file.getValue());
      }
      // Each of the four runs, of copying, sweep, removal and return, dies at this request.
      died = dies(world, at, files);
      world.move();
      died |= dies(world, at, files);
      settled(world, OffloadPhase.OFFLOADED, files);
      world.now = world.now.plus(World.GRACE);
      died |= dies(world, at, files);
      settled(world, OffloadPhase.OFFLOADED, files);
      assertThat(world.volume()).isEmpty();
      world.mode = OffloadMode.RESTORE;
      died |= dies(world, at, files);
      world.move();
      died |= dies(world, at, files);
      settled(world, OffloadPhase.LOCAL, files);
      assertThat(world.volume()).isEqualTo(files);
      try (var left = Files.list(world.scratch)) {
        assertThat(left).isEmpty();
      }
    }
  }

  private static boolean dies(World world, int at, Map<String, String> files) throws IOException {
    world.bucket.diesAt = world.bucket.requests + at;
    boolean died = false;
    try {
      world.run();
    } catch (IOException dead) {
      died = true;
    }
    world.bucket.diesAt = Integer.MAX_VALUE;
    assertThat(world.readable()).as("at request %d", at).containsAllEntriesOf(files);
    return died;
  }

  private static void settled(World world, OffloadPhase phase, Map<String, String> files)
      throws IOException {
    world.move();
    assertThat(world.settle()).isEqualTo(phase);
    assertThat(world.readable()).isEqualTo(files);
  }
}
