package io.sanadflow.studyhub.probe;

/** A part did not serve; the message says for people which, what was tried and what failed. */
public final class ProbeException extends Exception {

  private static final long serialVersionUID = 1L;

  /** With a message that holds no password. */
  public ProbeException(String message) {
    super(message);
  }

  /** With a message that holds no password, and what lies behind it. */
  public ProbeException(String message, Throwable cause) {
    super(message, cause);
  }
}
