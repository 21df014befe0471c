package io.sanadflow.studyhub.status;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.component.Figures;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.component.Spending;
import io.sanadflow.studyhub.model.Budget;
import io.sanadflow.studyhub.model.Hub;
import java.util.Optional;

/** What the status says of the budget: memory by the spec, the rest in bands of its limits. */
final class BudgetSummary {

  private static final long MIB = 1024 * 1024;

  private BudgetSummary() {}

  static StudyHubStatus.Budget of(Hub hub, Observed observed, Optional<StudyHubStatus> before) {
    String memory = hub.memory() / MIB + "/" + hub.budget().memory() / MIB + "Mi";
    Optional<Spending> spending = Spending.of(hub, observed);
    if (spending.isEmpty()) {
      return new StudyHubStatus.Budget(
          memory, "memory " + memory, null, null, null, null, null, null, null);
    }
    Optional<StudyHubStatus.Budget> told = before.map(StudyHubStatus::budget);
    Spending banded = spending.get().inBands(hub, observed);
    Report.Amounts used = banded.used();
    Report.Amounts forecast = banded.forecast();
    return new StudyHubStatus.Budget(
        memory,
        line(memory, hub.budget(), used, dollars(spending.get().used())),
        spending.get().month().toString(),
        figure(used.bytes(), forecast.bytes()),
        figure(used.classA(), forecast.classA()),
        figure(used.classB(), forecast.classB()),
        new StudyHubStatus.Figure(
            dollars(spending.get().used()), dollars(spending.get().forecast())),
        Spending.sparing(hub, observed),
        spending
            .get()
            .months()
            .map(it -> it.stream().map(BudgetSummary::month).toList())
            .or(() -> told.map(StudyHubStatus.Budget::months))
            .filter(it -> !it.isEmpty())
            .orElse(null));
  }

  /** The line tells the class of which more is used, which is A nearly always. */
  private static String line(String memory, Budget budget, Report.Amounts used, String cost) {
    long percentA = Spending.percent(used.classA(), budget.classA());
    long percentB = Spending.percent(used.classB(), budget.classB());
    return "memory %s, R2 %s, %d %% of class %s, %s"
        .formatted(
            memory,
            Figures.storage(used.bytes(), budget.objectStorage()),
            Math.max(percentA, percentB),
            percentB > percentA ? "B" : "A",
            cost);
  }

  private static String dollars(Report.Amounts amounts) {
    return Figures.dollars(Spending.cost(amounts));
  }

  private static StudyHubStatus.Figure figure(long used, long forecast) {
    return new StudyHubStatus.Figure(Figures.count(used), Figures.count(forecast));
  }

  private static StudyHubStatus.Month month(Report.Month month) {
    return new StudyHubStatus.Month(
        month.month().toString().substring(0, 7),
        Figures.rounded(month.used().bytes()),
        Figures.rounded(month.used().classA()),
        Figures.rounded(month.used().classB()),
        dollars(month.used()));
  }
}
