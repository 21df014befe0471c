package io.sanadflow.studyhub.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What agent and database tools say to each other through the directory that they share: words,
 * which are small files that are there whole or not at all, and FIFOs. Whoever gives up says {@code
 * abort} with the cause, and the other ends too.
 */
final class Pipes {

  /** The word of who gives up. */
  static final String ABORT = "abort";

  private static final long POLL_MILLIS = 100;

  private final Path directory;

  Pipes(Path directory) {
    this.directory = directory;
  }

  /** Where a word or FIFO is. */
  Path path(String name) {
    return directory.resolve(name);
  }

  /** Says a word. */
  void say(String word, String text) throws IOException {
    Path part = path(word + ".part");
    Files.writeString(part, text);
    Files.move(
        part, path(word), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Gives up, so that the tools end at once; what cannot be said any more is left unsaid. */
  void abort(String cause) {
    try {
      if (Files.isDirectory(directory) && !said(ABORT)) {
        say(ABORT, cause);
      }
    } catch (IOException unsaid) {
      // The pod ends with this process anyway.
    }
  }

  /** Whether a word was said. */
  boolean said(String word) {
    return Files.exists(path(word));
  }

  /** A word that was said, without white space around it. */
  String heard(String word) throws IOException {
    return Files.readString(path(word), StandardCharsets.UTF_8).strip();
  }

  /**
   * Waits for a word.
   *
   * @throws AgentException ToolsAborted if the tools gave up, ToolsSilent if the time is over
   */
  String await(String word, Duration timeout) throws IOException, InterruptedException {
    awaitFile(word, timeout);
    return heard(word);
  }

  /**
   * Opens a FIFO to read what the tools write, once they made it and opened its other end.
   *
   * @throws AgentException as {@link #await} does
   */
  InputStream reading(String fifo, Duration timeout) throws IOException, InterruptedException {
    awaitFile(fifo, timeout);
    return opened(fifo, timeout, () -> Files.newInputStream(path(fifo)));
  }

  /**
   * Opens a FIFO to write what the tools read, once they made it and opened its other end.
   *
   * @throws AgentException as {@link #await} does
   */
  OutputStream writing(String fifo, Duration timeout) throws IOException, InterruptedException {
    awaitFile(fifo, timeout);
    return opened(fifo, timeout, () -> Files.newOutputStream(path(fifo), StandardOpenOption.WRITE));
  }

  /**
   * Ends the wait if the tools gave up.
   *
   * @throws AgentException ToolsAborted with their cause
   */
  void check() throws IOException {
    if (said(ABORT)) {
      throw new AgentException("ToolsAborted", "the database tools gave up: " + heard(ABORT));
    }
  }

  private void awaitFile(String name, Duration timeout) throws IOException, InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (!said(name)) {
      pause(name, end);
    }
  }

  private void pause(String name, long end) throws IOException, InterruptedException {
    check();
    if (System.nanoTime() - end > 0) {
      throw new AgentException(
          "ToolsSilent",
          "the database tools did not make "
              + path(name)
              + " in time; the log of the pod's container tools says how far they came");
    }
    Thread.sleep(POLL_MILLIS);
  }

  private interface Opening<T> {
    T open() throws IOException;
  }

  /** Opening a FIFO blocks until its other end is open, which may never be. */
  private <T> T opened(String fifo, Duration timeout, Opening<T> opening)
      throws IOException, InterruptedException {
    CompletableFuture<T> end = new CompletableFuture<>();
    Thread opener =
        new Thread(
            () -> {
              try {
                end.complete(opening.open());
              } catch (IOException | RuntimeException failed) {
                end.completeExceptionally(failed);
              }
            },
            "open-" + fifo);
    opener.setDaemon(true);
    opener.start();
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        return end.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        pause(fifo, deadline);
      } catch (ExecutionException failed) {
        throw new IOException(path(fifo) + " cannot be opened: " + failed.getCause(), failed);
      }
    }
  }
}
