package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackupsTest {

  @Test
  void figuresAreReadBackAsTheyWereWritten() {
    for (long bytes : new long[] {0, 512, 12_897_485, 3_221_225_472L, 900_000_000_000L}) {
      assertThat(Backups.bytes(Backups.size(bytes)).orElseThrow())
          .isBetween(bytes * 0.98, bytes * 1.02);
    }
    for (long seconds : new long[] {0, 42, 192, 7500}) {
      assertThat(Backups.seconds(Backups.duration(seconds))).contains(seconds);
    }
    assertThat(Backups.bytes("much")).isEmpty();
    assertThat(Backups.seconds("soon")).isEmpty();
    assertThat(Backups.seconds("")).isEmpty();
  }
}
