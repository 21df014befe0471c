package io.sanadflow.studyhub.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The container with the database's own programs, which run dump.sh. */
final class Tools implements AutoCloseable {

  /** How long a program may say nothing at all: pg_dump waits for locks for five minutes. */
  static final Duration STALL = Duration.ofMinutes(15);

  private static final long POLL_MILLIS = 100;

  private final Pipes pipes;
  private final Duration stall;
  private final ToolsLife life;
  private final AtomicBoolean gone;

  private Tools(Pipes pipes, Duration stall, ToolsLife life, AtomicBoolean gone) {
    this.pipes = pipes;
    this.stall = stall;
    this.life = life;
    this.gone = gone;
  }

  /**
   * Waits for the tools to be there.
   *
   * @throws AgentException ToolsSilent if they are not in time
   */
  static Tools join(Pipes pipes, Duration start, Duration stall)
      throws IOException, InterruptedException {
    AtomicBoolean gone = new AtomicBoolean();
    ToolsLife life = ToolsLife.join(pipes, start, () -> gone.set(true));
    return new Tools(pipes, stall, life, gone);
  }

  /** What reads the output of a program. */
  interface Reader {
    void read(InputStream output) throws IOException;
  }

  /**
   * Reads the output of a program to its end and says how it ended. It is over when the program is,
   * when the tools are, and when nothing came for too long.
   *
   * @param name of its FIFO and of its words
   * @param reason of the report if it fails
   * @param cure what to do then
   */
  void read(String name, String reason, String cure, Reader reader)
      throws IOException, InterruptedException {
    AtomicLong last = new AtomicLong(System.nanoTime());
    AtomicReference<IOException> stalled = new AtomicReference<>();
    Thread watch = new Thread(() -> watch(name, last, stalled), "watch-" + name);
    watch.setDaemon(true);
    watch.start();
    try (InputStream output = pipes.reading(name, stall)) {
      reader.read(
          new InputStream() {
            @Override
            public int read() throws IOException {
              byte[] one = new byte[1];
              return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
              int count = output.read(to, offset, length);
              last.set(System.nanoTime());
              return count;
            }
          });
    } catch (IOException failed) {
      if (stalled.get() != null) {
        throw stalled.get();
      }
      throw failed;
    } finally {
      watch.interrupt();
    }
    if (stalled.get() != null) {
      throw stalled.get();
    }
    ended(name, reason, cure);
  }

  private void watch(String name, AtomicLong last, AtomicReference<IOException> stalled) {
    try {
      while (System.nanoTime() - last.get() < stall.toNanos()) {
        Thread.sleep(POLL_MILLIS);
      }
      String message =
          "the tools' "
              + name
              + " said nothing for "
              + stall.toMinutes()
              + " minutes: the database hangs, or its archive_command fails again and again (a base"
              + " backup waits for it). pg_stat_activity and pg_stat_archiver tell";
      stalled.set(new AgentException("Stalled", message));
      // The tools end the program then, and with it the FIFO.
      pipes.abort(message);
    } catch (InterruptedException over) {
      // It came to its end.
    }
  }

  /**
   * Waits for the end of a program.
   *
   * @throws AgentException with the reason if it failed, ToolsDied if the tools did
   */
  void ended(String name, String reason, String cure) throws IOException, InterruptedException {
    String word = name + ".code";
    long end = System.nanoTime() + stall.toNanos();
    while (!pipes.said(word)) {
      boolean over = gone.get();
      pipes.check();
      if (over && !pipes.said(word)) {
        throw new AgentException(
            "ToolsDied",
            "the container tools ended in the middle of "
                + name
                + ", most likely for lack of memory; see its state in the pod, and give it more");
      }
      if (System.nanoTime() - end > 0) {
        throw new AgentException("ToolsSilent", "the tools did not tell how " + name + " ended");
      }
      Thread.sleep(POLL_MILLIS);
    }
    String code = pipes.heard(word);
    if (!code.equals("0")) {
      throw new AgentException(reason, failure(name, code, cure));
    }
  }

  private String failure(String name, String code, String cure) throws IOException {
    String err = Files.exists(pipes.path(name + ".err")) ? pipes.heard(name + ".err") : "";
    String killed = code.equals("137") ? " (killed, most likely for lack of memory)" : "";
    return "%s ended with %s%s%s. Nothing of it is visible in the store. %s"
        .formatted(name, code, killed, err.isEmpty() ? "" : ": " + ToolsLife.lastLines(err), cure);
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
