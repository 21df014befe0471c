package io.sanadflow.studyhub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

  /** Time that passes only while somebody waits. */
  private long nanos;

  private Pace pace(long bytesPerSecond) {
    return new Pace(bytesPerSecond, () -> nanos, it -> nanos += it);
  }

  private static void drain(InputStream in) throws IOException {
    in.readAllBytes();
  }

  @Test
  void tenSecondsOfBytesTakeTenSeconds() throws Exception {
    Pace pace = pace(1 << 20);

    drain(pace.of(new ByteArrayInputStream(new byte[10 << 20])));

    assertThat(nanos / 1e9).isBetween(9.7, 10.0);
  }

  @Test
  void severalStreamsShareIt() throws Exception {
    Pace pace = pace(1 << 20);
    InputStream one = pace.of(new ByteArrayInputStream(new byte[2 << 20]));
    InputStream other = pace.of(new ByteArrayInputStream(new byte[2 << 20]));
    byte[] piece = new byte[10_000];
    while (one.read(piece) >= 0 | other.read(piece) >= 0) {
      // They take turns.
    }

    assertThat(nanos / 1e9).isBetween(3.7, 4.0);
  }

  @Test
  void aRestIsNotSavedUp() throws Exception {
    Pace pace = pace(1 << 20);
    nanos += TimeUnit.HOURS.toNanos(1);
    long before = nanos;

    drain(pace.of(new ByteArrayInputStream(new byte[2 << 20])));

    assertThat((nanos - before) / 1e9).isBetween(1.7, 2.0);
  }

  @Test
  void withoutABoundNothingIsInBetween() {
    InputStream in = new ByteArrayInputStream(new byte[1]);

    assertThat(Pace.of(0).of(in)).isSameAs(in);
  }
}
