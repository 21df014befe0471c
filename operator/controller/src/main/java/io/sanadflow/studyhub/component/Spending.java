package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.Quantity;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.model.Budget;
import io.sanadflow.studyhub.model.Hub;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a hub uses of object stores in a month, as agents report it, or as the status told it where
 * no report is left.
 *
 * @param months those before; empty if no report tells them
 */
public record Spending(
    YearMonth month,
    Report.Amounts used,
    Report.Amounts forecast,
    Optional<List<Report.Month>> months) {

  /** The reason of Degraded. */
  static final String NEARLY_SPENT = "BudgetNearlySpent";

  /** From this share of the budget on, by the forecast, it is told and requests are spared. */
  private static final int NEAR_PERCENT = 80;

  /** Below this share it is told no more. */
  private static final int FAR_PERCENT = 70;

  /**
   * Below this share requests are spared no more: sparing takes a quarter of them, so it would only
   * begin again above.
   */
  private static final int AMPLE_PERCENT = 20;

  /** What is known; empty without a bucket, and before the first report. */
  public static Optional<Spending> of(Hub hub, Observed observed) {
    if (hub.objectStore().isEmpty()) {
      return Optional.empty();
    }
    Optional<Spending> told = observed.told().map(StudyHubStatus::budget).flatMap(Spending::told);
    return observed.ended().stream()
        .map(it -> it.report().usage())
        .filter(Objects::nonNull)
        .findFirst()
        .map(Spending::reported)
        // A report may outlast newer ones, but not its month.
        .filter(it -> told.filter(last -> last.month().isAfter(it.month())).isEmpty())
        .or(() -> told)
        .filter(it -> observed.now().isBefore(it.until()));
  }

  /** A day after the month it says nothing any more: by then a run would have told of the next. */
  private Instant until() {
    return month.plusMonths(1).atDay(2).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private static Spending reported(Report.Usage usage) {
    return new Spending(
        YearMonth.from(usage.month()),
        usage.used(),
        usage.forecast(),
        usage.months().isEmpty() ? Optional.empty() : Optional.of(usage.months()));
  }

  private static Optional<Spending> told(StudyHubStatus.Budget budget) {
    String month = budget.month();
    return month == null
        ? Optional.empty()
        : Optional.of(
            new Spending(
                YearMonth.parse(month),
                amounts(budget, StudyHubStatus.Figure::used),
                amounts(budget, StudyHubStatus.Figure::forecast),
                Optional.empty()));
  }

  private static Report.Amounts amounts(
      StudyHubStatus.Budget budget, Function<StudyHubStatus.Figure, @Nullable String> which) {
    return new Report.Amounts(
        amount(budget.classAOperations(), which),
        amount(budget.classBOperations(), which),
        amount(budget.objectStorage(), which));
  }

  private static long amount(
      StudyHubStatus.@Nullable Figure figure,
      Function<StudyHubStatus.Figure, @Nullable String> which) {
    return Optional.ofNullable(figure)
        .map(which)
        .map(it -> Quantity.getAmountInBytes(Quantity.parse(it)).longValue())
        .orElse(0L);
  }

  /**
   * Whether the object store is to be asked more seldom: a function of the budget, of what is used
   * of it, and of whether that was so before.
   */
  public static boolean sparing(Hub hub, Observed observed) {
    boolean before =
        observed
            .told()
            .map(StudyHubStatus::budget)
            .map(StudyHubStatus.Budget::sparing)
            .orElse(false);
    Budget budget = hub.budget();
    return of(hub, observed)
        .map(Spending::forecast)
        .map(
            it ->
                Math.max(
                    percent(it.classA(), budget.classA()), percent(it.classB(), budget.classB())))
        .filter(it -> it >= (before ? AMPLE_PERCENT : NEAR_PERCENT))
        .isPresent();
  }

  /**
   * The same in bands of a hundredth of the limits, which stay as the status told them as long as
   * they are near that.
   */
  public Spending inBands(Hub hub, Observed observed) {
    // Of another month the figures begin anew.
    Optional<Spending> before =
        observed
            .told()
            .map(StudyHubStatus::budget)
            .flatMap(Spending::told)
            .filter(it -> it.month.equals(month));
    Budget budget = hub.budget();
    return new Spending(
        month,
        bands(used, budget, before.map(Spending::used)),
        bands(forecast, budget, before.map(Spending::forecast)),
        months);
  }

  private static Report.Amounts bands(
      Report.Amounts amounts, Budget budget, Optional<Report.Amounts> told) {
    return new Report.Amounts(
        Figures.band(amounts.classA(), budget.classA(), told.map(Report.Amounts::classA)),
        Figures.band(amounts.classB(), budget.classB(), told.map(Report.Amounts::classB)),
        Figures.band(amounts.bytes(), budget.objectStorage(), told.map(Report.Amounts::bytes)));
  }

  /** The share of a limit; of one of nothing, anything is beyond it. */
  public static long percent(long amount, long limit) {
    if (limit == 0) {
      return amount == 0 ? 0 : 1000;
    }
    return Math.round(100.0 * amount / limit);
  }

  /** What it costs. */
  public static BigDecimal cost(Report.Amounts amounts) {
    return R2Prices.of(amounts);
  }

  /** That the budget is nearly spent by the forecast, if it is: the first figure that is. */
  static Optional<Health> health(Hub hub, Observed observed) {
    boolean before =
        observed.told().map(StudyHubStatus::conditions).orElse(List.of()).stream()
            .filter(it -> it.type().equals(ConditionType.DEGRADED.text()))
            .map(Condition::reason)
            .anyMatch(NEARLY_SPENT::equals);
    long from = before ? FAR_PERCENT : NEAR_PERCENT;
    Budget budget = hub.budget();
    Optional<Spending> exact = of(hub, observed);
    Optional<Spending> told = exact.map(it -> it.inBands(hub, observed));
    return told.flatMap(it -> it.operations("A", Report.Amounts::classA, budget.classA(), from))
        .or(
            () ->
                told.flatMap(
                    it -> it.operations("B", Report.Amounts::classB, budget.classB(), from)))
        .or(() -> told.flatMap(it -> it.storage(budget, from)))
        .or(() -> exact.flatMap(it -> it.cost(budget, from)))
        .map(it -> BackupHealth.lacks(NEARLY_SPENT, it));
  }

  private Optional<String> operations(
      String which, ToLongFunction<Report.Amounts> of, long limit, long from) {
    long share = percent(of.applyAsLong(forecast), limit);
    if (share < from) {
      return Optional.empty();
    }
    return Optional.of(
        ("R2 was asked for %s operations of class %s in %s, and will have been for %s at this pace:"
                + " %d %% of spec.budget.class%sOperations (%s). Until that is less, or the budget"
                + " more, write-ahead log is sent in larger batches within spec.backup.rpo, and the"
                + " store is tried, listed and measured more seldom. Raise it (R2 takes %s for each"
                + " further million beyond the free tier), or have backups made less often")
            .formatted(
                Figures.count(of.applyAsLong(used)),
                which,
                month,
                Figures.count(of.applyAsLong(forecast)),
                share,
                which,
                Figures.count(limit),
                which.equals("A") ? "$4.50" : "$0.36"));
  }

  private Optional<String> storage(Budget budget, long from) {
    long share = percent(forecast.bytes(), budget.objectStorage());
    if (share < from) {
      return Optional.empty();
    }
    return Optional.of(
        ("backups and media take %s in the mean of %s, and will have taken %d %% of"
                + " spec.budget.objectStorage at this pace. Shorten spec.backup.retention or"
                + " spec.backup.wal.retentionDays, delete media that nobody needs, or raise it (R2"
                + " takes $0.015 a month for each GB beyond the free tier)")
            .formatted(Figures.storage(used.bytes(), budget.objectStorage()), month, share));
  }

  private Optional<String> cost(Budget budget, long from) {
    BigDecimal cost = cost(forecast);
    boolean near =
        cost.signum() > 0
            && cost.movePointRight(2).compareTo(budget.cost().multiply(BigDecimal.valueOf(from)))
                >= 0;
    return near
        ? Optional.of(
            ("R2 will take %s for %s at this pace, and spec.budget.cost is %s. status.budget has"
                    + " what is used: the free tier has 10 GB, 1M operations of class A and 10M of"
                    + " class B. Use less, or raise spec.budget.cost")
                .formatted(Figures.dollars(cost), month, Figures.dollars(budget.cost())))
        : Optional.empty();
  }
}
