package io.sanadflow.studyhub.schema;

import io.sanadflow.studyhub.model.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A text that holds no hub the API server would take; the message has one problem a line. */
public final class InvalidHubException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  InvalidHubException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All that is wrong, at least one. */
  public List<Problem> problems() {
    return problems;
  }
}
