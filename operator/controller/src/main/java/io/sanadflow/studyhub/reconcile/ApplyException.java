package io.sanadflow.studyhub.reconcile;

/** The API server refused an object, or it belongs to somebody else. */
final class ApplyException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * What happened.
   *
   * @param reason one word in CamelCase, for the condition
   * @param message for people
   */
  ApplyException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
