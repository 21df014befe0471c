package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.Program;
import java.io.IOException;
import java.nio.file.Path;

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
    Program.Result result = Program.run("promtool", directory, input, arguments);
    return result.orFail() + result.err();
  }
}
