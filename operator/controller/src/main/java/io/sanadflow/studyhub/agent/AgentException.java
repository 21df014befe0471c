package io.sanadflow.studyhub.agent;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a command cannot be done, for people. */
final class AgentException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The reason of a command line that nobody understands. */
  static final String USAGE = "BadCommandLine";

  private final String reason;

  /**
   * A failure.
   *
   * @param reason one word in CamelCase, such as DumpFailed or WrongKey
   * @param message what happened, and what would mend it; never a secret
   */
  AgentException(String reason, String message) {
    this(reason, message, null);
  }

  /** A failure that something else caused. */
  AgentException(String reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A command line that cannot be understood: the agent ends with 2. */
  static AgentException usage(String message) {
    return new AgentException(USAGE, message);
  }

  /** One word in CamelCase. */
  String reason() {
    return reason;
  }

  /** For people: cause and cure. */
  String message() {
    return String.valueOf(getMessage());
  }
}
