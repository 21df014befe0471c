package io.sanadflow.studyhub.model;

/**
 * Something in a spec that cannot be done.
 *
 * @param field a path such as {@code spec.app.nodeHeapMiB}
 * @param message what is wrong and a value that would work
 * @param reason the reason of the condition that tells it, in CamelCase
 */
public record Problem(String field, String message, String reason) {

  /** The spec itself must change. */
  public static final String INVALID_SPEC = "InvalidSpec";

  /** The spec may stay: a Secret that it names, or a key of one, is not there. */
  public static final String SECRET_MISSING = "SecretMissing";

  /** A problem of the spec itself. */
  public Problem(String field, String message) {
    this(field, message, INVALID_SPEC);
  }

  static Problem secret(String field, String message) {
    return new Problem(field, message, SECRET_MISSING);
  }

  @Override
  public String toString() {
    return field + ": " + message;
  }
}
