package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.AgentConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media in number do not fill the heap that an agent's pod has. */
class LargeMediaTest {

  private static final int FILES = 100_000;

  /** So many names a file may have on all usual file systems. */
  private static final int LINKS = 10_000;

  @TempDir Path directory;

  @Test
  void aHundredThousandFilesPassWithinTheHeap() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    Path media = Files.createDirectory(directory.resolve("media"));
    fill(media);
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.addAll(List.of(AgentConfig.JAVA_OPTIONS.split(" ")));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), LargeMedia.class.getName()));
    command.addAll(List.of(store.toString(), media.toString()));
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor()).as(Files.readString(said)).isZero();
    // Ten contents and the list are sent; of what was there nothing is named, and the dump goes.
    assertThat(Files.readString(said))
        .contains(FILES + " listed, 11 sent, " + (LargeMedia.CONTENTS + 2) + " deleted");
  }

  /** Names of the length that uploads have, all in one directory. */
  private static void fill(Path media) throws Exception {
    Path uploads = Files.createDirectory(media.resolve("uploads"));
    Path original = uploads;
    for (int number = 0; number < FILES; number++) {
      Path file =
          uploads.resolve("%08d-3f2504e0-4f89-11d3-9a0c-0305e82c3301.png".formatted(number));
      if (number % LINKS == 0) {
        original = Files.writeString(file, String.valueOf(number));
      } else {
        Files.createLink(file, original);
      }
    }
  }
}
