package io.sanadflow.studyhub.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of what a restore makes, all functions of its uid, so that an operator that comes after
 * another finds how far that one got.
 *
 * @param hub the StudyHub's name
 * @param id eight hexadecimal digits
 */
public record RestoreNames(String hub, String id) {

  /** What the database that a backup is loaded into is called first. */
  public static final String SIDE = "hub_restore_";

  /** What the database that a restore has replaced is called after. */
  public static final String PREVIOUS = "hub_before_";

  private static final Pattern SIDE_DATABASE = Pattern.compile("hub_restore_([0-9a-f]{8})");

  /** The Jobs of a restore, each a sub-command of the agent. */
  public enum Step {
    /** Loads a backup into a database beside the hub's. */
    LOAD,
    /** Fetches the media beside those that are there. */
    STAGE,
    /** Puts the fetched media in place. */
    PLACE,
    /** Puts those of before back. */
    UNDO,
    /** Deletes what the others left beside the media. */
    DROP;

    /** The end of the Job's name. */
    public String suffix() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The names of the restore with this uid. */
  public static RestoreNames of(String hub, String uid) {
    return new RestoreNames(hub, Sha256.hex(uid, 4));
  }

  /** The id of the restore whose side database this is. */
  public static Optional<String> idOf(String database) {
    Matcher matcher = SIDE_DATABASE.matcher(database);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** At most 63 characters for a hub's name of 40, as a Job's label must be. */
  public String job(Step step) {
    return hub + "-restore-" + id + "-" + step.suffix();
  }

  /** The database that the backup is loaded into. */
  public String sideDatabase() {
    return SIDE + id;
  }

  /** The database with what the hub had before. */
  public String previousDatabase() {
    return PREVIOUS + id;
  }
}
