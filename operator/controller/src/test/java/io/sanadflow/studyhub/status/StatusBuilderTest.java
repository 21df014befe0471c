package io.sanadflow.studyhub.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.component.Component;
import io.sanadflow.studyhub.component.Health;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.status.StatusBuilder.Obstacle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusBuilderTest {

  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05.678Z");

  private static final List<ConditionType> PARTS =
      List.of(
          ConditionType.DATABASE_READY,
          ConditionType.REDIS_READY,
          ConditionType.APP_READY,
          ConditionType.POOLER_READY);

  private final Hub hub = Hubs.resolved(Hubs.read(Hubs.MINIMAL));
  private final Hub suspended = Hubs.resolved(Hubs.withSpec("app: {image: hub}\nsuspend: true"));

  private static StatusBuilder at(Instant now) {
    return new StatusBuilder(Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Health part(ConditionType type, Serving serving, Phase phase) {
    return new Health(Optional.of(type), serving, phase, phase + "Reason", type + " " + phase);
  }

  private static List<Health> parts(Serving serving, Phase phase) {
    return PARTS.stream().map(it -> part(it, serving, phase)).toList();
  }

  private static List<Health> with(List<Health> parts, Health other) {
    List<Health> all = new ArrayList<>(parts);
    all.replaceAll(it -> it.type().equals(other.type()) ? other : it);
    return all;
  }

  private List<Condition> conditions(List<Health> parts, Obstacle... obstacles) {
    return at(NOW).conditions(hub, parts, List.of(obstacles), Optional.empty());
  }

  private static Condition get(List<Condition> conditions, ConditionType type) {
    return conditions.stream()
        .filter(it -> it.type().equals(type.text()))
        .findFirst()
        .orElseThrow();
  }

  private static StudyHubStatus status(List<Condition> conditions) {
    return new StudyHubStatus(
        3L, "", conditions, null, null, null, null, null, null, null, null, null, null);
  }

  @Test
  void allConditionsAreThereOnTheFirstVisit() {
    Observed nothing = Observed.nothing(Set.of(), "studyhub-system");
    List<Health> healths = new ArrayList<>();
    Component.ALL.forEach(it -> it.health(hub, nothing).ifPresent(healths::add));
    List<Condition> conditions = conditions(healths);
    assertThat(conditions)
        .extracting(Condition::type)
        .containsExactlyElementsOf(
            Arrays.stream(ConditionType.values()).map(ConditionType::text).toList());
    assertThat(conditions)
        .allSatisfy(
            it -> {
              assertThat(it.observedGeneration()).isEqualTo(3);
              assertThat(it.lastTransitionTime()).isEqualTo("2030-01-02T03:04:05Z");
              assertThat(it.reason()).matches("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?");
              assertThat(it.message()).isNotBlank();
            });
    assertThat(get(conditions, ConditionType.READY).status()).isEqualTo("False");
    assertThat(get(conditions, ConditionType.RECONCILING).status()).isEqualTo("True");
    assertThat(StatusBuilder.health(conditions)).isEqualTo("Progressing");
  }

  @Test
  void timeChangesWithTheStatusAlone() {
    List<Condition> first = conditions(parts(Serving.NO, Phase.PROGRESSING));
    Instant later = NOW.plus(Duration.ofMinutes(5));
    List<Condition> second =
        at(later)
            .conditions(
                hub,
                with(
                    parts(Serving.NO, Phase.SETTLED),
                    part(ConditionType.DATABASE_READY, Serving.YES, Phase.SETTLED)),
                List.of(),
                Optional.of(status(first)));
    assertThat(second)
        .allSatisfy(
            it -> {
              Condition before =
                  first.stream().filter(old -> old.type().equals(it.type())).findFirst().get();
              assertThat(it.lastTransitionTime())
                  .as(it.type())
                  .isEqualTo(
                      before.status().equals(it.status())
                          ? "2030-01-02T03:04:05Z"
                          : "2030-01-02T03:09:05Z");
            });
    assertThat(get(second, ConditionType.DATABASE_READY).lastTransitionTime())
        .isEqualTo("2030-01-02T03:09:05Z");
    Condition redis = get(second, ConditionType.REDIS_READY);
    assertThat(redis.message()).isNotEqualTo(get(first, ConditionType.REDIS_READY).message());
    assertThat(redis.lastTransitionTime()).isEqualTo("2030-01-02T03:04:05Z");
  }

  @Test
  void reconcilingAndStalledAreNeverBothTrue() {
    for (Phase one : Phase.values()) {
      for (Phase other : Phase.values()) {
        for (boolean obstacle : List.of(true, false)) {
          for (Hub each : List.of(hub, suspended)) {
            List<Health> parts =
                with(parts(Serving.YES, one), part(ConditionType.POOLER_READY, Serving.NO, other));
            List<Condition> conditions =
                at(NOW)
                    .conditions(
                        each,
                        parts,
                        obstacle ? List.of(new Obstacle("InvalidSpec", "x")) : List.of(),
                        Optional.empty());
            boolean stuck = obstacle || one == Phase.STUCK || other == Phase.STUCK;
            assertThat(StatusBuilder.is(conditions, ConditionType.STALLED)).isEqualTo(stuck);
            assertThat(StatusBuilder.is(conditions, ConditionType.RECONCILING))
                .isEqualTo(
                    !stuck
                        && each == hub
                        && (one == Phase.PROGRESSING || other == Phase.PROGRESSING));
          }
        }
      }
    }
  }

  @Test
  void aHubWhosePartsAllServeIsReady() {
    List<Condition> conditions = conditions(parts(Serving.YES, Phase.SETTLED));
    assertThat(get(conditions, ConditionType.READY).status()).isEqualTo("True");
    assertThat(StatusBuilder.health(conditions)).isEqualTo("Healthy");
  }

  @ParameterizedTest
  @EnumSource(
      value = ConditionType.class,
      names = {"DATABASE_READY", "REDIS_READY", "APP_READY", "POOLER_READY"})
  void readyNamesThePartThatDoesNotServe(ConditionType type) {
    for (Serving serving : List.of(Serving.NO, Serving.UNKNOWN)) {
      List<Condition> conditions =
          conditions(with(parts(Serving.YES, Phase.SETTLED), part(type, serving, Phase.SETTLED)));
      assertThat(get(conditions, ConditionType.READY))
          .satisfies(
              it -> {
                assertThat(it.status()).isEqualTo("False");
                assertThat(it.message()).isEqualTo(type.text() + ": " + type + " SETTLED");
              });
      assertThat(get(conditions, type).status())
          .isEqualTo(serving == Serving.NO ? "False" : "Unknown");
      assertThat(StatusBuilder.health(conditions)).isEqualTo("Degraded");
    }
  }

  @Test
  void whatServesStaysReadyWhileSomethingIsStuck() {
    List<Condition> conditions =
        conditions(
            parts(Serving.YES, Phase.SETTLED), new Obstacle("InvalidSpec", "spec.app.port: taken"));
    assertThat(get(conditions, ConditionType.READY).status()).isEqualTo("True");
    assertThat(get(conditions, ConditionType.STALLED))
        .satisfies(
            it -> {
              assertThat(it.reason()).isEqualTo("InvalidSpec");
              assertThat(it.message()).isEqualTo("spec.app.port: taken");
            });
    assertThat(StatusBuilder.health(conditions)).isEqualTo("Stalled");
  }

  @Test
  void allObstaclesAreToldOnce() {
    assertThat(
            get(
                    conditions(
                        parts(Serving.YES, Phase.SETTLED),
                        new Obstacle("A", "one"),
                        new Obstacle("B", "two"),
                        new Obstacle("C", "one")),
                    ConditionType.STALLED)
                .message())
        .isEqualTo("one; two");
  }

  @Test
  void aSuspendedHubIsNeitherReadyNorReconciling() {
    List<Condition> conditions =
        at(NOW)
            .conditions(
                suspended, parts(Serving.NO, Phase.PROGRESSING), List.of(), Optional.empty());
    assertThat(get(conditions, ConditionType.SUSPENDED).status()).isEqualTo("True");
    assertThat(get(conditions, ConditionType.READY).status()).isEqualTo("False");
    assertThat(get(conditions, ConditionType.RECONCILING).status()).isEqualTo("False");
    assertThat(StatusBuilder.health(conditions)).isEqualTo("Suspended");
  }

  @Test
  void aSuspendedHubIsSettledOnceItsPodsHaveEnded() {
    List<Health> parts = new ArrayList<>(parts(Serving.NO, Phase.PROGRESSING));
    parts.add(StatusSummary.stops());
    List<Condition> conditions = at(NOW).conditions(suspended, parts, List.of(), Optional.empty());
    assertThat(get(conditions, ConditionType.RECONCILING))
        .extracting(Condition::status, Condition::reason)
        .containsExactly("True", "Stopping");
    assertThat(StatusBuilder.health(conditions)).isEqualTo("Suspended");
  }

  @Test
  void whatWasWrittenIsUnderWay() {
    List<Health> parts = new ArrayList<>(parts(Serving.YES, Phase.SETTLED));
    parts.add(StatusSummary.written());
    List<Condition> conditions = conditions(parts);
    assertThat(get(conditions, ConditionType.RECONCILING).status()).isEqualTo("True");
    assertThat(get(conditions, ConditionType.READY).status()).isEqualTo("True");
  }

  @Test
  void anAppWithoutReplicasRestsByItsUsersWord() {
    List<Condition> conditions =
        conditions(
            with(
                parts(Serving.YES, Phase.SETTLED),
                new Health(
                    Optional.of(ConditionType.APP_READY),
                    Serving.NO,
                    Phase.SETTLED,
                    Health.SCALED_TO_ZERO,
                    "spec.app.replicas is 0")));
    assertThat(get(conditions, ConditionType.READY))
        .extracting(Condition::status, Condition::reason)
        .containsExactly("False", Health.SCALED_TO_ZERO);
    assertThat(StatusBuilder.health(conditions)).isEqualTo("Suspended");
  }
}
