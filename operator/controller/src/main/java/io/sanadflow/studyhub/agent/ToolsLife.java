package io.sanadflow.studyhub.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.time.Duration;

/**
 * The container with the database's own programs, as long as it lives: each side holds a FIFO open,
 * so that the end of one is seen by the other at once.
 */
final class ToolsLife implements AutoCloseable {

  /** How long the tools' image may take to come. */
  static final Duration START = Duration.ofMinutes(10);

  private static final int MOST_CHARACTERS = 600;

  private final RandomAccessFile ours;

  private ToolsLife(RandomAccessFile ours) {
    this.ours = ours;
  }

  /**
   * Waits for the tools to be there.
   *
   * @param ended is run when they are no more
   * @throws AgentException ToolsSilent if they are not in time
   */
  static ToolsLife join(Pipes pipes, Duration start, Runnable ended)
      throws IOException, InterruptedException {
    InputStream theirs = pipes.reading("tools", start);
    // Read and write, which does not wait for the other side; it is closed when this process ends.
    ToolsLife life = new ToolsLife(new RandomAccessFile(pipes.path("agent").toFile(), "rw"));
    Thread watch =
        new Thread(
            () -> {
              try (theirs) {
                while (theirs.read() >= 0) {
                  // Nothing is ever said there.
                }
              } catch (IOException gone) {
                // As good as its end.
              }
              ended.run();
            },
            "tools");
    watch.setDaemon(true);
    watch.start();
    pipes.await("ready", start);
    return life;
  }

  /** The end of what a program said, in one line. */
  static String lastLines(String text) {
    String line = text.replaceAll("\\s*\\R\\s*", "; ").strip();
    return line.length() <= MOST_CHARACTERS
        ? line
        : "…" + line.substring(line.length() - MOST_CHARACTERS);
  }

  @Override
  public void close() throws IOException {
    ours.close();
  }
}
