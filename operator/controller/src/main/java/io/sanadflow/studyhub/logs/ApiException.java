package io.sanadflow.studyhub.logs;

import java.io.IOException;

/** An answer of the API server other than 200. */
final class ApiException extends IOException {

  private static final long serialVersionUID = 1;

  private final int status;

  ApiException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
