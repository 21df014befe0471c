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
    assertThat(Backups.bytes("much")).isEmpty();
  }
}
