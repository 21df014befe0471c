package io.sanadflow.studyhub.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.slack.com/services/T0/B0/x",
        "https://example.org:8443/x?y=z\n",
        "http://alertmanager.monitoring.svc:9093/x",
        "http://alertmanager.monitoring.svc.cluster.local/x",
      })
  void takesHttpsAndTheClustersOwn(String text) throws Destination.UnusableException {
    assertThat(Destination.of(text, Optional.empty()).uri()).hasToString(text.strip());
  }

  @ParameterizedTest
  @CsvSource({
    "http://hooks.slack.com/s3cret, is of http",
    "http://10.0.0.1/s3cret, is of http",
    "http://svc.evil.example/s3cret, is of http",
    "ftp://example.org/s3cret, is not a URL of https",
    "s3cret, is not a URL of https",
    "'', is not a URL of https",
    "https:///s3cret, is not a URL of https",
    "https://exa mple/s3cret, is not a URL",
    "https://me:s3cret@example.org/, has a user's name",
  })
  void refusesOthersWithoutRepeatingThem(String text, String why) {
    assertThatThrownBy(() -> Destination.of(text, Optional.empty()))
        .isInstanceOf(Destination.UnusableException.class)
        .hasNoCause()
        .hasMessageStartingWith(why)
        .message()
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "https://hc-ping.com/abc, https://hc-ping.com/abc/fail",
    "https://hc-ping.com/abc/, https://hc-ping.com/abc/fail",
    "https://x.org/heartbeat/abc?a=b, https://x.org/heartbeat/abc/fail?a=b",
  })
  void theSignalOfAFailureIsUnderIt(String uri, String fail) throws Destination.UnusableException {
    assertThat(Destination.of(uri, Optional.empty()).under("fail").uri()).hasToString(fail);
  }

  @ParameterizedTest
  @CsvSource({
    "https://hc-ping.com/abc, true",
    "https://checks.example.org/ping/abc, true",
    "https://uptime.betterstack.com/api/v1/heartbeat/abc, true",
    "https://heartbeat.uptimerobot.com/m1-abc, false",
    "https://example.org/abc, false",
  })
  void knowsWhichServicesHaveOne(String uri, boolean has) throws Destination.UnusableException {
    assertThat(Telling.noFail(Destination.of(uri, Optional.empty()))).isEqualTo(!has);
  }

  @Test
  void hostsAreTheSameWhateverThePath() throws Destination.UnusableException {
    assertThat(Destination.of("https://A.example/x", Optional.empty()).host())
        .isEqualTo(Destination.of("https://a.example/y", Optional.empty()).host());
  }
}
