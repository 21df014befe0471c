package io.sanadflow.studyhub.model;

/**
 * Something in a spec that cannot be done.
 *
 * @param field a path such as {@code spec.app.nodeHeapMiB}
 * @param message what is wrong and a value that would work
 */
public record Problem(String field, String message) {
  @Override
  public String toString() {
    return field + ": " + message;
  }
}
