package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.HttpFacts;
import io.sanadflow.studyhub.probe.Reach;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReachedTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final Optional<Answer<HttpFacts>> WELL =
      Optional.of(Answer.of(new HttpFacts(true, 200, "", Duration.ZERO)));

  private static final Optional<Answer<HttpFacts>> UNWELL =
      Optional.of(Answer.of(new HttpFacts(false, 503, "", Duration.ZERO)));

  private static ProbePlan plan(String spec, boolean restart) {
    return new ProbePlan(
        Optional.empty(),
        Map.of(),
        Hubs.resolved(Hubs.withSpec(spec)),
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        restart,
        Duration.ofSeconds(30));
  }

  private static final String SPEC = "app: {image: \"ghcr.io/sanadflow/hub:1\"}\n";

  private static Optional<Reach> of(
      Optional<Answer<HttpFacts>> app, Optional<Answer<HttpFacts>> ingress, Optional<Reach> last) {
    return Reached.of(plan(SPEC, false), app, ingress, last, NOW);
  }

  @Test
  void theAppAndItsIngressBothCount() {
    assertThat(of(WELL, Optional.empty(), Optional.empty())).contains(new Reach(true, NOW, ""));
    assertThat(of(WELL, WELL, Optional.empty())).contains(new Reach(true, NOW, ""));
    assertThat(of(UNWELL, WELL, Optional.empty()))
        .contains(new Reach(false, NOW, "the app answers 503"));
    assertThat(of(WELL, UNWELL, Optional.empty()))
        .contains(new Reach(false, NOW, "the ingress answers 503"));
    assertThat(of(WELL, Optional.of(Answer.failed("host: no answer")), Optional.empty()))
        .contains(new Reach(false, NOW, "host: no answer"));
    assertThat(of(Optional.empty(), Optional.empty(), Optional.empty()))
        .contains(new Reach(false, NOW, "no pod is ready"));
  }

  @Test
  void aStateIsAsOldAsItsFirstProbe() {
    Reach before = new Reach(false, NOW.minusSeconds(60), "no pod is ready");
    assertThat(of(UNWELL, Optional.empty(), Optional.of(before))).contains(before);
    assertThat(of(WELL, Optional.empty(), Optional.of(before))).contains(new Reach(true, NOW, ""));
  }

  @Test
  void requestsThatWaitForARestartOfTheDatabaseSayNothing() {
    Reach before = new Reach(true, NOW.minusSeconds(60), "");
    assertThat(
            Reached.of(
                plan(SPEC, true), Optional.empty(), Optional.empty(), Optional.of(before), NOW))
        .contains(before);
  }

  @Test
  void ofASuspendedHubNothingIsSaid() {
    assertThat(
            Reached.of(
                plan(SPEC + "suspend: true\n", false),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                NOW))
        .isEmpty();
  }
}
