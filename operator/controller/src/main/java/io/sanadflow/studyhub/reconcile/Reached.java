package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.HttpFacts;
import io.sanadflow.studyhub.probe.Reach;
import java.time.Instant;
import java.util.Optional;

/** Whether people reach an app, as a round of questions found it. */
final class Reached {

  private Reached() {}

  /**
   * What a round found.
   *
   * @param last what the round before found
   * @param now when this round began
   */
  static Optional<Reach> of(
      ProbePlan plan,
      Optional<Answer<HttpFacts>> app,
      Optional<Answer<HttpFacts>> ingress,
      Optional<Reach> last,
      Instant now) {
    if (plan.hub().suspended() || plan.hub().app().replicas() == 0) {
      return Optional.empty();
    }
    if (plan.restart()) {
      // Requests wait, and are answered when the database is back.
      return last;
    }
    Optional<String> reason =
        app.isEmpty()
            ? Optional.of("no pod is ready")
            : reason(app.get(), "the app")
                .or(() -> ingress.flatMap(it -> reason(it, "the ingress")));
    boolean up = reason.isEmpty();
    return last.filter(it -> it.up() == up)
        .or(() -> Optional.of(new Reach(up, now, reason.orElse(""))));
  }

  private static Optional<String> reason(Answer<HttpFacts> answer, String what) {
    return answer
        .facts()
        .map(
            it ->
                it.ok() ? Optional.<String>empty() : Optional.of(what + " answers " + it.status()))
        .orElseGet(() -> Optional.of(answer.failure()));
  }
}
