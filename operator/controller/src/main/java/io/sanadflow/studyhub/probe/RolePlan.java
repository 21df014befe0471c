package io.sanadflow.studyhub.probe;

/**
 * A role of PostgreSQL that may log in.
 *
 * @param name its name
 * @param password its password; only a verifier of it is sent
 */
public record RolePlan(String name, String password) {

  /** Leaves the password out, so that a log line cannot give it away. */
  @Override
  public String toString() {
    return "RolePlan[name=" + name + "]";
  }
}
