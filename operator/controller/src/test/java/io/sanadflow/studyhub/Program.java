package io.sanadflow.studyhub;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Programs of others that check what is shipped, where they are on the PATH. */
public final class Program {

  /** How a program ended, and what it said. */
  public record Result(int code, String out, String err) {

    /**
     * Standard output.
     *
     * @throws AssertionError if the program found fault
     */
    public String orFail() {
      if (code != 0) {
        throw new AssertionError("ended with " + code + ":\n" + out + err);
      }
      return out;
    }
  }

  private Program() {}

  /**
   * Runs a program to its end; the test is skipped where there is none of that name.
   *
   * @param input what it reads from standard input
   */
  public static Result run(String name, Path directory, String input, String... arguments)
      throws IOException, InterruptedException {
    Optional<String> program =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(it -> it + "/" + name)
            .filter(it -> new File(it).canExecute())
            .findFirst();
    Assumptions.assumeTrue(program.isPresent(), "there is no " + name + " on the PATH");
    List<String> command = new ArrayList<>(List.of(program.get()));
    command.addAll(List.of(arguments));
    // A file rather than a pipe, so that nobody has to read two streams at once.
    Path err = Files.createTempFile(name, ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectError(err.toFile())
              .start();
      try (var out = process.getOutputStream()) {
        out.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), said, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
