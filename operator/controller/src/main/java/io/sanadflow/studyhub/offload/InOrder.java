package io.sanadflow.studyhub.offload;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A few tasks at a time, whose results are taken in the order in which they were given. Closing it
 * waits for those that have begun, so that nothing goes on behind.
 */
final class InOrder<T> implements AutoCloseable {

  private static final int THREADS = 4;

  /** How many may wait behind one that takes long. */
  private static final int WINDOW = 64;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "offload");
            thread.setDaemon(true);
            return thread;
          });

  private final Deque<Future<T>> begun = new ArrayDeque<>();
  private final Sink<T> sink;
  private volatile boolean closed;

  /** Takes results. */
  interface Sink<T> {
    void take(T result) throws IOException;
  }

  InOrder(Sink<T> sink) {
    this.sink = sink;
  }

  /**
   * Gives a task.
   *
   * @throws IOException the failure of one that was given before
   */
  void add(Callable<T> task) throws IOException {
    begun.add(threads.submit(() -> begin(task)));
    while (begun.size() >= WINDOW || !begun.isEmpty() && begun.element().isDone()) {
      sink.take(result(begun.remove()));
    }
  }

  private T begin(Callable<T> task) throws Exception {
    if (closed) {
      throw new CancellationException();
    }
    return task.call();
  }

  /**
   * Waits for all.
   *
   * @throws IOException the failure of the first that failed
   */
  void finish() throws IOException {
    while (!begun.isEmpty()) {
      sink.take(result(begun.remove()));
    }
  }

  private static <T> T result(Future<T> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException known) {
        throw known;
      }
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw new IOException(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  /** After a failure: what has not begun is left, and what succeeded all the same is taken. */
  @Override
  public void close() throws IOException {
    closed = true;
    threads.shutdown();
    while (!begun.isEmpty()) {
      try {
        sink.take(result(begun.remove()));
      } catch (IOException left) {
        // The first failure is the one that is told; what was not begun is for the next run.
      }
    }
  }
}
