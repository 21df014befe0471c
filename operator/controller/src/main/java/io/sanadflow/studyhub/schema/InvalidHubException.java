package io.sanadflow.studyhub.schema;

import io.sanadflow.studyhub.model.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** YAML that an API server would not take for a StudyHub; every problem is told at once. */
public final class InvalidHubException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /** The message has a line for each problem. */
  InvalidHubException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order of the documents; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
