package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sanadflow.studyhub.api.v1alpha1.Durations;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "250ms, PT0.25S",
    "90s, PT1M30S",
    "1h30m, PT1H30M",
    "7d, PT168H",
    "1m1m, PT2M"
  })
  void readsDurationsAsKubernetesWritesThem(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "1.5h",
        "-1s",
        "1 h",
        "1w",
        "1h ",
        "99999999999999999999s",
        "9999999999999999d"
      })
  void refusesWhatIsNone(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("not a duration like 30s, 10m or 1h30m: " + text);
  }

  @Test
  void refusesWhatHasNoEnd() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse("1s".repeat(20_000)))
        .withMessage("not a duration like 30s, 10m or 1h30m: " + "1s".repeat(32) + "...");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "5s", "1m30s", "1d1h", "30d"})
  void writesWhatItReads(String text) {
    assertThat(Durations.text(Durations.parse(text))).isEqualTo(text);
  }
}
