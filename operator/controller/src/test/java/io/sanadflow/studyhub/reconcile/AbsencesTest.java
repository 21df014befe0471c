package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.sanadflow.studyhub.model.Span;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AbsencesTest {

  @Test
  void whatSomebodyEditedIsPassedOver() {
    assertThat(
            Absences.read(
                Optional.of(
                    new ConfigMapBuilder()
                        .addToData(
                            "absences",
                            "2026-11-01T00:00:00Z/2026-11-01T01:00:00Z\nnonsense\na/b\n")
                        .build())))
        .containsExactly(
            new Span(Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-11-01T01:00:00Z")));
    assertThat(Absences.read(Optional.empty())).isEmpty();
    assertThat(Absences.read(Optional.of(new ConfigMapBuilder().build()))).isEmpty();
  }
}
