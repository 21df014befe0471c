package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.RestoreView.Hindrance;
import io.sanadflow.studyhub.component.RestoreView.Phase;
import io.sanadflow.studyhub.component.RestoreView.Run.State;
import io.sanadflow.studyhub.model.RestoreNames.Step;
import java.util.Optional;

/**
 * The next step of a restore. The backup is loaded beside the present data; only then is the app
 * stopped, the media are put in place, and the databases change their names in one transaction,
 * which is the moment of no return. Whatever fails before it leaves the data that the hub had.
 */
public final class RestoreMachine {

  /** One thing to do. Doing it twice is doing it once. */
  public sealed interface Action {

    /** Nothing, until something changes. */
    record Wait(String reason, String message) implements Action {}

    /** Nothing any more. */
    record Rest() implements Action {}

    /** Goes on to a phase. */
    record Enter(Phase phase) implements Action {}

    /** Writes what was loaded into the status. */
    record Note(Report report) implements Action {}

    /** Makes a Job. */
    record Start(Step step) implements Action {}

    /** Deletes a Job, so that it is made again. */
    record Again(Step step) implements Action {}

    /** Changes the databases' names. */
    record Swap() implements Action {}

    /** Deletes a database that this restore made. */
    record DropDatabase(String name) implements Action {}

    /** Forgets the database of before, which is gone. */
    record Forget() implements Action {}

    /** Ends: the hub has what it had. */
    record Fail(String reason, String message) implements Action {}
  }

  private RestoreMachine() {}

  /** Decides. */
  public static Action next(RestoreView view) {
    return switch (view.phase()) {
      case WAITING -> waiting(view);
      case LOADING -> loading(view);
      case SWAPPING -> swapping(view);
      case SUCCEEDED -> succeeded(view);
      case FAILED -> failed(view);
    };
  }

  private static Action waiting(RestoreView view) {
    if (view.hindrance().isEmpty()) {
      return new Action.Enter(Phase.LOADING);
    }
    Hindrance hindrance = view.hindrance().get();
    return hindrance.forGood()
        ? new Action.Fail(hindrance.reason(), hindrance.message())
        : new Action.Wait(hindrance.reason(), hindrance.message());
  }

  private static Action loading(RestoreView view) {
    Optional<Action> load = run(view, Step.LOAD, "Loading", "the backup is loaded beside the data");
    if (load.isPresent()) {
      return load.get();
    }
    if (!view.noted()) {
      return view.run(Step.LOAD)
          .flatMap(RestoreView.Run::report)
          .filter(it -> it.restore() != null)
          .<Action>map(Action.Note::new)
          // The pod has gone before it was read: what was loaded is not known.
          .orElseGet(() -> new Action.Again(Step.LOAD));
    }
    if (view.media()) {
      Optional<Action> stage =
          run(view, Step.STAGE, "FetchingMedia", "the media are fetched beside those of the hub");
      if (stage.isPresent()) {
        return stage.get();
      }
    }
    if (view.databases().isEmpty()) {
      return unreachable();
    }
    if (!view.hasSide()) {
      return new Action.Fail(
          "SideDatabaseMissing",
          "database " + view.names().sideDatabase() + " is gone that was loaded; restore again");
    }
    if (view.backupRuns()) {
      return new Action.Wait("BackupRuns", "loaded; waits for the backup that runs to end");
    }
    return new Action.Enter(Phase.SWAPPING);
  }

  /** What a Job that has not succeeded yet asks for; empty once it has. */
  private static Optional<Action> run(
      RestoreView view, Step step, String reason, String whileItRuns) {
    if (view.is(step, State.SUCCEEDED)) {
      return Optional.empty();
    }
    if (view.is(step, State.FAILED)) {
      return Optional.of(failure(view, step));
    }
    return Optional.of(
        view.run(step).isEmpty() ? new Action.Start(step) : new Action.Wait(reason, whileItRuns));
  }

  private static Action failure(RestoreView view, Step step) {
    return view.run(step)
        .flatMap(RestoreView.Run::report)
        .map(it -> new Action.Fail(it.reason(), it.message()))
        .orElseGet(
            () ->
                new Action.Fail(
                    "JobFailed",
                    "Job "
                        + view.names().job(step)
                        + " ended without saying why; look at its pod and restore again"));
  }

  private static Action unreachable() {
    return new Action.Wait("DatabaseNotReady", "waits for the database to answer");
  }

  private static Action swapping(RestoreView view) {
    if (view.databases().isEmpty()) {
      return unreachable();
    }
    if (view.hasPrevious() && !view.hasSide()) {
      return new Action.Enter(Phase.SUCCEEDED);
    }
    if (view.run(Step.UNDO).isPresent()) {
      return undoing(view);
    }
    if (!view.hasSide() || view.is(Step.PLACE, State.FAILED) || view.swapFailure().isPresent()) {
      return view.run(Step.PLACE).isPresent() ? new Action.Start(Step.UNDO) : cause(view);
    }
    if (!view.appGone()) {
      return new Action.Wait("StoppingApp", "the app's pods are ending");
    }
    if (view.media() && !view.is(Step.PLACE, State.SUCCEEDED)) {
      return view.run(Step.PLACE).isEmpty()
          ? new Action.Start(Step.PLACE)
          : new Action.Wait("PlacingMedia", "the media are put in place");
    }
    return new Action.Swap();
  }

  private static Action undoing(RestoreView view) {
    if (view.is(Step.UNDO, State.FAILED)) {
      return new Action.Again(Step.UNDO);
    }
    return view.is(Step.UNDO, State.SUCCEEDED)
        ? cause(view)
        : new Action.Wait("Undoing", "the media of before are put back");
  }

  private static Action cause(RestoreView view) {
    if (view.is(Step.PLACE, State.FAILED)) {
      return failure(view, Step.PLACE);
    }
    if (!view.hasSide()) {
      return new Action.Fail(
          "SideDatabaseMissing",
          "database " + view.names().sideDatabase() + " is gone that was loaded; restore again");
    }
    return new Action.Fail(
        "SwapFailed",
        view.swapFailure().orElse("the databases could not change their names")
            + "; the hub serves what it had. Restore again");
  }

  private static Action failed(RestoreView view) {
    if (view.hasSide()) {
      return new Action.DropDatabase(view.names().sideDatabase());
    }
    return view.run(Step.STAGE).isPresent() ? cleaned(view, new Action.Rest()) : new Action.Rest();
  }

  private static Action succeeded(RestoreView view) {
    if (!view.drop() || !view.previousThere() || view.databases().isEmpty()) {
      return new Action.Rest();
    }
    if (view.hasPrevious()) {
      return new Action.DropDatabase(view.names().previousDatabase());
    }
    return view.run(Step.PLACE).isPresent()
        ? cleaned(view, new Action.Forget())
        : new Action.Forget();
  }

  /** Deletes what is beside the media, and then does the rest. */
  private static Action cleaned(RestoreView view, Action then) {
    if (!view.media() || view.is(Step.DROP, State.SUCCEEDED)) {
      return then;
    }
    if (view.is(Step.DROP, State.FAILED)) {
      return new Action.Again(Step.DROP);
    }
    return view.run(Step.DROP).isEmpty()
        ? new Action.Start(Step.DROP)
        : new Action.Wait("Cleaning", "what the restore left beside the media is deleted");
  }
}
