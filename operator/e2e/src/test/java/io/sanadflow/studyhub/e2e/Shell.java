package io.sanadflow.studyhub.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs as a user would type them. */
final class Shell {

  /** A program that takes longer than this hangs; what waits for longer says so itself. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** How a program ended; 124 stands for "not in time", as with timeout(1). */
  record Result(List<String> command, int code, String out, String err) {

    boolean ok() {
      return code == 0;
    }

    /** Everything that was printed. */
    String text() {
      return out + err;
    }

    /**
     * What was printed to standard output.
     *
     * @throws AssertionError if the program failed, with what it said
     */
    String orFail() {
      if (!ok()) {
        throw new AssertionError(
            String.join(" ", command) + " ended with " + code + ":\n" + text().strip());
      }
      return out;
    }
  }

  private Shell() {}

  /** Whether there is a program of this name on the PATH. */
  static boolean has(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(it -> new File(it, program).canExecute());
  }

  /** Runs a program to its end with {@code input} as its standard input. */
  static Result run(String input, List<String> command) {
    try {
      // Files rather than pipes, so that nobody has to read two streams at once.
      Path in = Files.createTempFile("e2e", ".in");
      Path out = Files.createTempFile("e2e", ".out");
      Path err = Files.createTempFile("e2e", ".err");
      try {
        Files.writeString(in, input);
        Process process =
            new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
          process.destroyForcibly().waitFor();
        }
        return new Result(
            List.copyOf(command), ended ? process.exitValue() : 124, read(out), read(err));
      } finally {
        Files.deleteIfExists(in);
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + String.join(" ", command), interrupted);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
