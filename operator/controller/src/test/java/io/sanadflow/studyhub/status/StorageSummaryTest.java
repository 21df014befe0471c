package io.sanadflow.studyhub.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures of usage are bands, so that the status changes when something does. */
class StorageSummaryTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 1000 B",
    "61234567, 58.0 MiB",
    "61834567, 59.0 MiB",
    "1288490188, 1.2 GiB",
    "1299999999, 1.2 GiB",
    "209715200, 200 MiB",
    "213000000, 200 MiB"
  })
  void aFigureHasTwoDigits(long bytes, String text) {
    assertThat(StorageSummary.band(bytes)).isEqualTo(text);
  }
}
