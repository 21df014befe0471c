package io.sanadflow.studyhub.watch;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Prometheus's own checks, where {@code promtool} is on the PATH. */
final class Promtool {

  private Promtool() {}

  /**
   * Runs it and gives back what it said.
   *
   * @throws AssertionError if it found fault
   */
  static String run(Path directory, String input, String... arguments)
      throws IOException, InterruptedException {
    Optional<String> program =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(it -> it + "/promtool")
            .filter(it -> new File(it).canExecute())
            .findFirst();
    Assumptions.assumeTrue(program.isPresent(), "there is no promtool on the PATH");
    List<String> command = new ArrayList<>(List.of(program.get()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
    return said;
  }
}
