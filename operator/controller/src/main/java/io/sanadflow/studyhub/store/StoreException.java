package io.sanadflow.studyhub.store;

import java.io.IOException;

/** The store refused or did not answer. */
public final class StoreException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * A failure.
   *
   * @param reason one word in CamelCase, such as AccessDenied, BucketMissing, NotFound, Unreachable
   * @param message for people: what happened, and what would mend it
   */
  public StoreException(String reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A failure that nothing else caused. */
  public StoreException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** One word in CamelCase. */
  public String reason() {
    return reason;
  }
}
