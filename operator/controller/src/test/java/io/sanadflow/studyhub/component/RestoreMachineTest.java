package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.Verification;
import io.sanadflow.studyhub.component.RestoreMachine.Action;
import io.sanadflow.studyhub.component.RestoreView.Hindrance;
import io.sanadflow.studyhub.component.RestoreView.Phase;
import io.sanadflow.studyhub.component.RestoreView.Run;
import io.sanadflow.studyhub.component.RestoreView.Run.State;
import io.sanadflow.studyhub.model.RestoreNames;
import io.sanadflow.studyhub.model.RestoreNames.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestoreMachineTest {

  private static final RestoreNames NAMES = RestoreNames.of("pilot", "some-uid");

  private static final Report.Restore RESTORED =
      new Report.Restore(
          new Entry(BackupType.DUMP, "key", Instant.EPOCH, 1, 1, Verification.STORED),
          Instant.EPOCH,
          1,
          1,
          0,
          1);

  private static Report report(boolean succeeded, String reason) {
    return report(succeeded, reason, succeeded ? RESTORED : null);
  }

  private static Report report(
      boolean succeeded, String reason, Report.@Nullable Restore restored) {
    return new Report(
        succeeded,
        reason,
        "the message of " + reason,
        Instant.EPOCH,
        List.of(),
        null,
        0,
        null,
        null,
        restored);
  }

  /**
   * A cluster that does at once what it is told, and loses the operator whenever it is asked to.
   */
  private static final class World {
    private Phase phase = Phase.WAITING;
    private boolean media = true;
    private boolean noted;
    private boolean appGone = true;
    private boolean drop;
    private boolean previous;
    private boolean answers = true;
    private boolean backupRuns;
    private Optional<Hindrance> hindrance = Optional.empty();
    private Optional<String> swapFailure = Optional.empty();
    private final Map<Step, Run> runs = new EnumMap<>(Step.class);
    private final Set<String> databases = new HashSet<>();
    private final Set<Step> failing = new HashSet<>();

    /** Steps whose pods go before they are read. */
    private final Set<Step> losing = new HashSet<>();

    private final List<String> done = new ArrayList<>();

    private RestoreView view() {
      return new RestoreView(
          NAMES,
          phase,
          media,
          hindrance,
          Map.copyOf(runs),
          noted,
          answers ? Optional.of(Set.copyOf(databases)) : Optional.empty(),
          backupRuns,
          appGone,
          swapFailure,
          drop,
          previous);
    }

    private void run(Step step) {
      boolean fails = failing.contains(step);
      if (losing.remove(step)) {
        runs.put(step, new Run(State.SUCCEEDED, Optional.of(report(true, "Lost", null))));
        return;
      }
      runs.put(
          step,
          new Run(
              fails ? State.FAILED : State.SUCCEEDED,
              Optional.of(report(!fails, fails ? step + "Failed" : "Restored"))));
      if (step == Step.LOAD && !fails) {
        databases.add(NAMES.sideDatabase());
      }
    }

    private Action step() {
      Action action = RestoreMachine.next(view());
      if (action instanceof Action.Enter enter) {
        phase = enter.phase();
        previous |= phase == Phase.SUCCEEDED;
        done.add(phase.text());
      } else if (action instanceof Action.Note) {
        noted = true;
      } else if (action instanceof Action.Start start) {
        done.add(start.step().name());
        run(start.step());
      } else if (action instanceof Action.Again again) {
        runs.remove(again.step());
        failing.remove(again.step());
      } else if (action instanceof Action.Swap) {
        done.add("swap");
        databases.remove(NAMES.sideDatabase());
        databases.add(NAMES.previousDatabase());
      } else if (action instanceof Action.DropDatabase drop) {
        done.add("drop " + drop.name());
        databases.remove(drop.name());
      } else if (action instanceof Action.Forget) {
        previous = false;
      } else if (action instanceof Action.Fail fail) {
        phase = Phase.FAILED;
        done.add(fail.reason());
      }
      return action;
    }

    private Action toTheEnd() {
      for (int steps = 0; steps < 50; steps++) {
        Action action = step();
        if (action instanceof Action.Rest || action instanceof Action.Wait) {
          return action;
        }
      }
      throw new AssertionError("it does not end: " + done);
    }
  }

  @Test
  void namesFitIntoJobsLabels() {
    assertThat(RestoreNames.of("h".repeat(40), "uid").job(Step.PLACE)).hasSizeLessThanOrEqualTo(63);
    assertThat(RestoreNames.idOf(NAMES.sideDatabase())).contains(NAMES.id());
    assertThat(RestoreNames.idOf(NAMES.previousDatabase())).isEmpty();
    assertThat(RestoreNames.idOf("hub")).isEmpty();
  }

  @Test
  void mediaGoInPlaceBeforeTheDatabasesSwap() {
    World world = new World();

    world.toTheEnd();

    assertThat(world.done)
        .containsExactly("Loading", "LOAD", "STAGE", "Swapping", "PLACE", "swap", "Succeeded");
    assertThat(world.databases).containsExactly(NAMES.previousDatabase());
  }

  @Test
  void aLoadWhosePodIsGoneBeforeItWasReadIsDoneAgain() {
    World world = new World();
    world.losing.add(Step.LOAD);
    world.losing.add(Step.STAGE);

    world.toTheEnd();

    assertThat(world.done)
        .containsExactly(
            "Loading", "LOAD", "LOAD", "STAGE", "Swapping", "PLACE", "swap", "Succeeded");
  }

  @Test
  void aHubWithoutMediaHasNoStepsForThem() {
    World world = new World();
    world.media = false;

    world.toTheEnd();

    assertThat(world.done).containsExactly("Loading", "LOAD", "Swapping", "swap", "Succeeded");
  }

  @Test
  void whatIsInTheWayIsWaitedForOrEndsIt() {
    World waits = new World();
    waits.hindrance = Optional.of(new Hindrance(false, "AnotherRestore", "waits"));
    assertThat(waits.toTheEnd()).isEqualTo(new Action.Wait("AnotherRestore", "waits"));

    World ends = new World();
    ends.hindrance = Optional.of(new Hindrance(true, "ExternalDatabase", "elsewhere"));
    ends.toTheEnd();
    assertThat(ends.phase).isEqualTo(Phase.FAILED);
  }

  @Test
  void theAppIsNotStoppedForALoadThatFails() {
    World world = new World();
    world.failing.add(Step.LOAD);

    world.toTheEnd();

    assertThat(world.done).containsExactly("Loading", "LOAD", "LOADFailed");
    assertThat(world.databases).isEmpty();
  }

  @Test
  void mediaThatCannotBeFetchedLeaveNothingBehind() {
    World world = new World();
    world.failing.add(Step.STAGE);

    world.toTheEnd();

    assertThat(world.done)
        .containsExactly(
            "Loading", "LOAD", "STAGE", "STAGEFailed", "drop " + NAMES.sideDatabase(), "DROP");
    assertThat(world.databases).isEmpty();
  }

  @Test
  void mediaThatCannotBePutInPlaceAreTakenBackBeforeItIsGivenUp() {
    World world = new World();
    world.failing.add(Step.PLACE);
    world.failing.add(Step.UNDO);

    world.toTheEnd();

    assertThat(world.done)
        .containsSubsequence("PLACE", "UNDO", "UNDO", "PLACEFailed", "DROP")
        .doesNotContain("swap");
    assertThat(world.phase).isEqualTo(Phase.FAILED);
  }

  @Test
  void databasesThatCannotSwapTakeTheMediaBack() {
    World world = new World();
    world.phase = Phase.SWAPPING;
    world.noted = true;
    world.databases.add(NAMES.sideDatabase());
    world.run(Step.STAGE);
    world.run(Step.PLACE);
    world.swapFailure = Optional.of("in use");

    world.toTheEnd();

    assertThat(world.done).containsSubsequence("UNDO", "SwapFailed").doesNotContain("swap");
  }

  @Test
  void aSwapThatWasDoneBeforeTheOperatorDiedIsNotDoneAgain() {
    World world = new World();
    world.phase = Phase.SWAPPING;
    world.databases.add(NAMES.previousDatabase());
    world.run(Step.PLACE);

    world.toTheEnd();

    assertThat(world.done).containsExactly("Succeeded");
  }

  @Test
  void nothingIsSwappedWhileTheAppRuns() {
    World world = new World();
    world.appGone = false;

    assertThat(world.toTheEnd()).isInstanceOf(Action.Wait.class);

    assertThat(world.done).endsWith("Swapping");
  }

  @Test
  void nothingIsDecidedWithoutTheDatabasesAnswer() {
    World world = new World();
    world.phase = Phase.SWAPPING;
    world.answers = false;

    assertThat(world.toTheEnd())
        .isInstanceOfSatisfying(
            Action.Wait.class, it -> assertThat(it.reason()).isEqualTo("DatabaseNotReady"));
  }

  @Test
  void aBackupThatRunsIsNotCutOff() {
    World world = new World();
    world.backupRuns = true;

    assertThat(world.toTheEnd())
        .isInstanceOfSatisfying(
            Action.Wait.class, it -> assertThat(it.reason()).isEqualTo("BackupRuns"));

    assertThat(world.phase).isEqualTo(Phase.LOADING);
  }

  @Test
  void whatTheHubHadIsDeletedByTheUsersWordAlone() {
    World world = new World();
    world.toTheEnd();
    assertThat(world.databases).containsExactly(NAMES.previousDatabase());

    world.drop = true;
    world.toTheEnd();

    assertThat(world.databases).isEmpty();
    assertThat(world.done).endsWith("drop " + NAMES.previousDatabase(), "DROP");
    assertThat(world.previous).isFalse();
  }
}
