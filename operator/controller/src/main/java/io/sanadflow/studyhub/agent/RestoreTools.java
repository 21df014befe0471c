package io.sanadflow.studyhub.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;

/** The container with the database's own programs, which run load.sh. */
final class RestoreTools implements AutoCloseable {

  /** A step may take long; the Job's deadline ends one that hangs. */
  private static final Duration LONGEST = Duration.ofDays(2);

  private static final int BUFFER = 64 * 1024;

  private final Pipes pipes;
  private final ToolsLife life;

  private RestoreTools(Pipes pipes, ToolsLife life) {
    this.pipes = pipes;
    this.life = life;
  }

  /**
   * Waits for the tools to be there.
   *
   * @throws AgentException ToolsSilent if they are not in time
   */
  static RestoreTools join(Pipes pipes) throws IOException, InterruptedException {
    return new RestoreTools(pipes, ToolsLife.join(pipes, ToolsLife.START, () -> gaveUp(pipes)));
  }

  private static void gaveUp(Pipes pipes) {
    if (!pipes.said("done")) {
      pipes.abort(
          "the container tools ended, most likely for lack of memory: see its state in the pod, and"
              + " give it more");
    }
  }

  /** Has a step begun. */
  void begin(String step, String arguments) throws IOException {
    pipes.say(step + ".go", arguments);
  }

  /**
   * Hands content to a step that was begun, until its end or that of the step, whichever is first.
   */
  void feed(String step, InputStream content) throws IOException, InterruptedException {
    byte[] buffer = new byte[BUFFER];
    OutputStream fifo = pipes.writing(step, LONGEST);
    try {
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        try {
          fifo.write(buffer, 0, count);
        } catch (IOException readerGone) {
          return;
        }
      }
    } finally {
      try {
        fifo.close();
      } catch (IOException readerGone) {
        // How it ended is told by its code.
      }
    }
  }

  /**
   * Waits for the end of a step.
   *
   * @param reason of the report if it failed
   * @param cure what to do then
   */
  void end(String step, String reason, String cure) throws IOException, InterruptedException {
    String code = pipes.await(step + ".code", LONGEST);
    if (!code.equals("0")) {
      String said = pipes.said(step + ".err") ? pipes.heard(step + ".err") : "";
      throw failure(step, code, said, reason, cure);
    }
  }

  private static AgentException failure(
      String step, String code, String said, String reason, String cure) {
    if (said.contains("No space left on device")) {
      return new AgentException(
          "NoSpace",
          "there is no room left for the restore (step %s): %s. Give the volume more room, or the"
                  .formatted(step, ToolsLife.lastLines(said))
              + " drill and the point in time a node with more scratch space");
    }
    if (said.contains("unsupported version")) {
      return new AgentException(
          "NewerServer",
          "the dump is of a newer pg_dump than this image's pg_restore reads: "
              + ToolsLife.lastLines(said)
              + ". Set spec.database.image to the version in the backup's manifest, or later");
    }
    String killed = code.equals("137") ? " (killed, most likely for lack of memory)" : "";
    return new AgentException(
        reason,
        "step %s ended with %s%s%s. %s"
            .formatted(
                step, code, killed, said.isEmpty() ? "" : ": " + ToolsLife.lastLines(said), cure));
  }

  /** What a step wrote, once it has ended. */
  String written(String name) throws IOException {
    return Files.readString(pipes.path(name));
  }

  /** Whether a step wrote this. */
  boolean wrote(String name) {
    return pipes.said(name);
  }

  /** Lets the tools end well. */
  void dismiss() throws IOException {
    pipes.say("done", "done");
  }

  @Override
  public void close() throws IOException {
    life.close();
  }
}
