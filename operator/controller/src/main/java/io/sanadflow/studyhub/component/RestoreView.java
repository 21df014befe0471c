package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.model.RestoreNames;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one restore when its next step is decided.
 *
 * @param names of what it makes
 * @param phase how far its status says it is
 * @param media whether the hub has a media volume
 * @param hindrance why it cannot begin, if something is in the way
 * @param runs what became of its Jobs; one that was not made is absent
 * @param noted whether the report of the load is in the status
 * @param databases of the server that restores made; empty while it does not answer
 * @param backupRuns whether a backup of the hub is being made
 * @param appGone whether no pod of the app or its migration is left
 * @param swapFailure why the databases could not be swapped, once that was tried for long enough
 * @param drop whether what the hub had before is to be deleted
 * @param previousThere whether the status names a database of before
 */
public record RestoreView(
    RestoreNames names,
    Phase phase,
    boolean media,
    Optional<Hindrance> hindrance,
    Map<RestoreNames.Step, Run> runs,
    boolean noted,
    Optional<Set<String>> databases,
    boolean backupRuns,
    boolean appGone,
    Optional<String> swapFailure,
    boolean drop,
    boolean previousThere) {

  /** How far a restore is. */
  public enum Phase {
    /** Something is in the way. */
    WAITING("Waiting"),
    /** The backup is loaded beside the present data, which serve. */
    LOADING("Loading"),
    /** The app is stopped. */
    SWAPPING("Swapping"),
    /** The hub has the data of the backup. */
    SUCCEEDED("Succeeded"),
    /** The hub has the data that it had. */
    FAILED("Failed");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    /** As it stands in the status. */
    public String text() {
      return text;
    }

    /** Whether the restore is under way. */
    public boolean active() {
      return this == LOADING || this == SWAPPING;
    }

    /** Whether the restore is over. */
    public boolean ended() {
      return this == SUCCEEDED || this == FAILED;
    }

    /** The phase of a status, which has none before the first visit. */
    public static Phase of(String text) {
      for (Phase phase : values()) {
        if (phase.text.equals(text)) {
          return phase;
        }
      }
      return WAITING;
    }
  }

  /**
   * Why a restore cannot begin.
   *
   * @param forGood whether waiting does not help
   */
  public record Hindrance(boolean forGood, String reason, String message) {}

  /** What became of a Job. */
  public record Run(State state, Optional<Report> report) {

    /** Whether a Job has ended, and how. */
    public enum State {
      /** It has not ended, or its report has not come yet. */
      RUNNING,
      /** All that was asked for is done. */
      SUCCEEDED,
      /** It is not. */
      FAILED
    }
  }

  /** The Job of a step, if it was made. */
  Optional<Run> run(RestoreNames.Step step) {
    return Optional.ofNullable(runs.get(step));
  }

  boolean is(RestoreNames.Step step, Run.State state) {
    return run(step).filter(it -> it.state() == state).isPresent();
  }

  boolean hasSide() {
    return databases.filter(it -> it.contains(names.sideDatabase())).isPresent();
  }

  boolean hasPrevious() {
    return databases.filter(it -> it.contains(names.previousDatabase())).isPresent();
  }
}
