package io.sanadflow.studyhub.store;

import java.io.IOException;

/** A file became another while it was read: what was read of it is nothing. */
public final class ContentChangedException extends IOException {

  private static final long serialVersionUID = 1L;

  ContentChangedException(String message) {
    super(message);
  }
}
