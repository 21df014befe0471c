package io.sanadflow.studyhub.model;

/**
 * The hub's passwords, as generated once and kept in Secrets. {@code toString} shows none.
 *
 * @param superuser of {@code postgres}, which the operator alone uses
 * @param owner of {@link #OWNER}
 * @param app of {@link #APP}
 * @param monitor of {@link #MONITOR}
 * @param poolerAdmin of {@link #POOLER_ADMIN}, which PgBouncer alone knows
 * @param redis of Redis's default user
 */
public record Credentials(
    String superuser, String owner, String app, String monitor, String poolerAdmin, String redis) {

  /** The hub's database. */
  public static final String DATABASE = "hub";

  /** Owns the database; migrations connect as it. */
  public static final String OWNER = "hub_owner";

  /** The app's role: reads and writes rows. */
  public static final String APP = "hub_app";

  /** Reads statistics; the operator asks through the pooler as it. */
  public static final String MONITOR = "hub_monitor";

  /** PgBouncer's administrator; no role of the database. */
  public static final String POOLER_ADMIN = "studyhub_operator";

  @Override
  public String toString() {
    return "Credentials[...]";
  }
}
