package io.sanadflow.studyhub.logs;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows one container from run to run, and a stream that is cut by the next one. */
final class Follower implements Runnable {

  /** A stream that says nothing for so long is made anew: the other side may be gone unheard. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final int NOT_FOUND = 404;

  /** The server has nothing to answer with: not started yet, or no run before this one. */
  private static final int BAD_REQUEST = 400;

  private final ApiServer server;
  private final Source source;
  private final Position position;
  private final LineFiles files;
  private final Consumer<String> log;
  private final Pause pause = new Pause(LONGEST_PAUSE);
  private volatile int restarts;
  private volatile boolean gone;

  Follower(
      ApiServer server,
      Source source,
      int restarts,
      Position position,
      LineFiles files,
      Consumer<String> log) {
    this.server = server;
    this.source = source;
    this.restarts = restarts;
    this.position = position;
    this.files = files;
    this.log = log;
  }

  /** The container was started so many times after its first. */
  void restarted(int times) {
    if (times != restarts) {
      restarts = times;
      pause.cut();
    }
  }

  /** Its pod is gone: what it has said is read to its end. */
  void leave() {
    gone = true;
    pause.cut();
  }

  /** Writes nothing more; a stream that it waits at cannot be closed by another thread. */
  void stop() {
    pause.end();
  }

  @Override
  public void run() {
    int followed = 0;
    while (!pause.ended()) {
      int run = restarts;
      try {
        if (run > followed) {
          copy(true);
        }
        followed = run;
        copy(false);
      } catch (ApiException refused) {
        if (refused.status() == NOT_FOUND) {
          gone = true;
        } else if (refused.status() != BAD_REQUEST) {
          say(refused);
        }
      } catch (IOException cut) {
        say(cut);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
      if (!gone) {
        pause.some();
      }
      if (gone) {
        // Not asked for again: the name may be the next pod's.
        return;
      }
    }
  }

  private void say(IOException failed) {
    if (!pause.ended() && !(failed instanceof java.net.SocketTimeoutException)) {
      log.accept(
          source.pod() + "/" + source.container() + ": a stream was cut: " + failed.getMessage());
    }
  }

  private void copy(boolean previous) throws IOException, InterruptedException {
    try (ApiServer.Answer answer = server.log(source, previous, position.since(), SILENCE)) {
      position.resume();
      LineReader lines = new LineReader(answer.body());
      Optional<String> next = lines.next();
      while (next.isPresent() && !pause.ended()) {
        Optional<Line> line = Line.parse(next.get()).filter(position::isNew);
        if (line.isPresent()) {
          files.write(source, line.get());
          position.written(line.get());
          pause.reset();
        }
        next = lines.next();
      }
    } catch (ApiException none) {
      if (!previous || none.status() != BAD_REQUEST) {
        throw none;
      }
    }
  }
}
