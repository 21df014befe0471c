package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An app that runs and never answers well is not on its way: that is said, and by what words. */
@ExtendWith(Installed.class)
class UnwellIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(4);

  @Test
  void anAppThatStaysUnwellIsDegradedUntilItIsMended() {
    Hub hub = new Hub(cluster, "pilot");
    hub.apply(
            "{app: {image: \""
                + Hub.IMAGE_1
                + "\", env: [{name: REDIS_URL, value: \"redis://127.0.0.1:1\"}]}}")
        .orFail();

    hub.awaitCondition("Degraded", "True", LIMIT);

    assertThat(hub.conditions().get("Degraded"))
        .satisfies(
            it -> {
              assertThat(it.reason()).isEqualTo("Unhealthy");
              assertThat(it.message()).contains("/api/health answers 503", "redis");
            });
    assertThat(hub.conditions().get("Reconciling").status()).isEqualTo("False");
    assertThat(hub.conditions().get("Ready").status()).isEqualTo("False");
    assertThat(hub.get().path("status").path("health").asText()).isEqualTo("Degraded");

    hub.apply(Hub.minimal(Hub.IMAGE_1)).orFail();
    hub.awaitReady(LIMIT);
    assertThat(hub.conditions().get("Degraded").status()).isEqualTo("False");
  }
}
