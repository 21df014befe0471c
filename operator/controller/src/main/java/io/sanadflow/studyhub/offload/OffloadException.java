package io.sanadflow.studyhub.offload;

import java.io.IOException;

/** Why media cannot move, for people. */
public final class OffloadException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * A failure.
   *
   * @param reason one word in CamelCase, such as NoSpace or LedgerOfAnother
   * @param message what happened, and what would mend it
   */
  OffloadException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** One word in CamelCase. */
  public String reason() {
    return reason;
  }

  /** For people: cause and cure. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
