package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.component.RestoreView.Phase;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestoreStatusesTest {

  private static final Instant BEGUN = Instant.parse("2026-11-25T02:00:00.4Z");

  private static List<Condition> conditions(List<Condition> before, Phase phase, int after) {
    return RestoreStatuses.conditions(
        before, phase, 1, "Reason", "message", BEGUN.plusSeconds(after));
  }

  @Test
  void kstatusIsToldWhatIsUnderWayAndWhatNeedsHelp() {
    for (Phase phase : Phase.values()) {
      assertThat(conditions(List.of(), phase, 0))
          .as(phase.name())
          .extracting(Condition::type, Condition::status)
          .containsExactlyElementsOf(
              switch (phase) {
                case SUCCEEDED -> List.of(tuple("Succeeded", "True"));
                case FAILED -> List.of(tuple("Succeeded", "False"), tuple("Stalled", "True"));
                default -> List.of(tuple("Succeeded", "Unknown"), tuple("Reconciling", "True"));
              });
    }
  }

  @Test
  void theTimeMovesWithTheStatusAlone() {
    List<Condition> loading = conditions(List.of(), Phase.LOADING, 0);
    List<Condition> swapping = conditions(loading, Phase.SWAPPING, 60);
    assertThat(swapping)
        .extracting(Condition::lastTransitionTime)
        .containsOnly("2026-11-25T02:00:00Z");
    assertThat(conditions(swapping, Phase.FAILED, 120))
        .extracting(Condition::lastTransitionTime)
        .containsOnly("2026-11-25T02:02:00Z");
  }
}
