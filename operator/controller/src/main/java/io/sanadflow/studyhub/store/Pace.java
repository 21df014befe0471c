package io.sanadflow.studyhub.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How many bytes a second may pass in all streams together: a token bucket, for threads. */
public final class Pace {

  /** As many as there can be. */
  public static final Pace FREE = new Pace(0, System::nanoTime, Pace::sleep);

  /** What may pass at once after a rest, as a share of a second. */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** So that a stream that waits does not have the others wait for long. */
  private static final int MOST_AT_ONCE = 16 * 1024;

  private final long bytesPerSecond;
  private final LongSupplier nanos;
  private final Rest rest;
  private long free;

  /** Has a thread wait. */
  interface Rest {
    void nanos(long nanos) throws InterruptedException;
  }

  /**
   * A pace with a clock of its own.
   *
   * @param bytesPerSecond 0 for as many as there can be
   */
  Pace(long bytesPerSecond, LongSupplier nanos, Rest rest) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanos = nanos;
    this.rest = rest;
    this.free = nanos.getAsLong();
  }

  /**
   * A pace.
   *
   * @param bytesPerSecond 0 for as many as there can be
   */
  public static Pace of(long bytesPerSecond) {
    return bytesPerSecond == 0 ? FREE : new Pace(bytesPerSecond, System::nanoTime, Pace::sleep);
  }

  private static void sleep(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos);
  }

  /** The stream, no faster than the pace allows. */
  public InputStream of(InputStream in) {
    return bytesPerSecond == 0 ? in : new Paced(in);
  }

  private void pass(int bytes) throws InterruptedIOException {
    long wait = reserve(bytes);
    if (wait > 0) {
      try {
        rest.nanos(wait);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the copying was stopped");
      }
    }
  }

  private synchronized long reserve(int bytes) {
    long now = nanos.getAsLong();
    free = Math.max(free, now - BURST_NANOS);
    long wait = free - now;
    free += bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    return wait;
  }

  private final class Paced extends FilterInputStream {

    Paced(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, Math.min(length, MOST_AT_ONCE));
      if (count > 0) {
        pass(count);
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      return in.skip(count);
    }
  }
}
