package io.sanadflow.studyhub.watch;

import io.fabric8.kubernetes.api.model.Quantity;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.model.Budget;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.watch.Gauge.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What hubs use of the month's budget of object stores, as their status tells it. */
final class BudgetGauges {

  private BudgetGauges() {}

  static List<Gauge> all() {
    return List.of(
        new Gauge(
            "studyhub_budget_used_ratio",
            "What is used of the month's budget: 1 is all of it.",
            List.of("resource"),
            hub -> ratios(hub, StudyHubStatus.Figure::used)),
        new Gauge(
            "studyhub_budget_forecast_ratio",
            "What the month will come to, of its budget: 1 is all of it.",
            List.of("resource"),
            hub -> ratios(hub, StudyHubStatus.Figure::forecast)));
  }

  private static List<Value> ratios(
      WatchedHub hub, Function<StudyHubStatus.Figure, @Nullable String> figure) {
    List<Value> ratios = new ArrayList<>();
    StudyHubStatus.Budget told = hub.status().map(StudyHubStatus::budget).orElse(null);
    Budget budget = hub.hub().map(Hub::budget).orElse(null);
    if (told != null && budget != null) {
      add(ratios, "objectStorage", told.objectStorage(), figure, budget.objectStorage());
      add(ratios, "classAOperations", told.classAOperations(), figure, budget.classA());
      add(ratios, "classBOperations", told.classBOperations(), figure, budget.classB());
    }
    return ratios;
  }

  private static void add(
      List<Value> ratios,
      String resource,
      StudyHubStatus.@Nullable Figure told,
      Function<StudyHubStatus.Figure, @Nullable String> figure,
      long limit) {
    String amount = told == null ? null : figure.apply(told);
    if (amount != null && limit > 0) {
      double number = Quantity.getAmountInBytes(new Quantity(amount)).doubleValue();
      ratios.add(Value.of(number / limit, resource));
    }
  }
}
