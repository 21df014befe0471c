package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.fixture.Fixed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.status.StatusBuilder;
import io.sanadflow.studyhub.status.StatusSummary;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a hub uses of its budget: told, held against it, and acted upon. */
class SpendingTest {

  private static final LocalDate NOVEMBER = LocalDate.parse("2026-11-01");

  private static final long GB = 1_000_000_000;

  /** A database that serves, without which no log is archived. */
  private static final ProbeReport SERVES =
      new ProbeReport(
          Optional.of(
              Answer.of(
                  new DatabaseFacts(
                      "16.15",
                      Optional.empty(),
                      List.of(),
                      Map.of(),
                      Map.of(),
                      Duration.ofMillis(2),
                      Optional.empty(),
                      4,
                      Optional.empty()))),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          false,
          ProbeReport.Restart.NONE);

  private final Map<ObjectKey, HasMetadata> objects = new HashMap<>();
  private Hub hub = hub("");
  private List<Pod> pods = List.of();
  private Optional<StudyHubStatus> status = Optional.empty();
  private Instant now = Instant.parse("2026-11-25T12:00:00Z");

  private static Hub hub(String more) {
    return Hubs.resolved(
        Hubs.withSpec(
            """
            app: {image: "ghcr.io/sanadflow/hub:1"}
            objectStore:
              endpoint: https://s3.example.org
              bucket: hub-pilot
              credentialsSecret: {name: bucket}
            """
                + more));
  }

  private void uses(LocalDate month, Report.Amounts used, Report.Amounts forecast) {
    Report report =
        Report.of(true, "Succeeded", "done", now)
            .withUsage(
                new Report.Requests(1, 1),
                new Report.Usage(
                    month,
                    used,
                    forecast,
                    List.of(
                        new Report.Month(
                            month.minusMonths(1), new Report.Amounts(1_234_567, 89, 12 * GB)))));
    pods = List.of(EndedPods.reported("wal", "pilot-wal-1", report, null));
  }

  private void uses(long classA, long forecast) {
    uses(NOVEMBER, new Report.Amounts(classA, 7, GB), new Report.Amounts(forecast, 8, 2 * GB));
  }

  private Observed observed() {
    return new Observed(
            Map.copyOf(objects),
            pods,
            SERVES,
            Set.of(),
            "",
            "",
            "system",
            "operator:1",
            List.of(),
            now)
        .after(status);
  }

  /** One pass: what Degraded says of the budget, after which the status is written. */
  private String pass() {
    Observed observed = observed();
    List<Health> healths = new BudgetComponent().health(hub, observed).stream().toList();
    List<Condition> conditions =
        new StatusBuilder(Clock.fixed(now, ZoneOffset.UTC))
            .conditions(hub, healths, List.of(), status);
    status =
        Optional.of(
            StatusSummary.of(hub, Optional.empty(), observed, conditions, status, List.of()));
    return conditions.stream()
        .filter(it -> it.type().equals(ConditionType.DEGRADED.text()))
        .filter(it -> it.reason().equals(Spending.NEARLY_SPENT))
        .map(Condition::message)
        .findFirst()
        .orElse("");
  }

  private StudyHubStatus.Budget told() {
    return status.orElseThrow().budget();
  }

  @Test
  void aLineTellsItAll() {
    uses(
        NOVEMBER,
        new Report.Amounts(41_234, 90_000, 1_234_567_890L),
        new Report.Amounts(50_000, 99_000, 1_300_000_000L));
    assertThat(pass()).isEmpty();
    assertThat(told().line()).isEqualTo("memory 588/1024Mi, R2 1.2/10 GB, 4 % of class A, $0.00");
    assertThat(told().month()).isEqualTo("2026-11");
    assertThat(told().classAOperations()).isEqualTo(new StudyHubStatus.Figure("40k", "50k"));
    assertThat(told().classBOperations()).isEqualTo(new StudyHubStatus.Figure("100k", "100k"));
    assertThat(told().objectStorage()).isEqualTo(new StudyHubStatus.Figure("1200M", "1300M"));
    assertThat(told().sparing()).isFalse();
    // 12 GB are 2 beyond the free tier, and 1.2 million operations one million more.
    assertThat(told().months())
        .containsExactly(new StudyHubStatus.Month("2026-10", "12G", "1200k", "89", "$4.53"));
  }

  @Test
  void aHubWithoutABucketHasMemoryAlone() {
    hub = Hubs.resolved(Hubs.read(Hubs.MINIMAL));
    assertThat(pass()).isEmpty();
    assertThat(told().line()).isEqualTo("memory 588/1024Mi");
    assertThat(told().month()).isNull();
  }

  @Test
  void theClassThatIsNearerItsEndIsTheOneThatIsTold() {
    uses(NOVEMBER, new Report.Amounts(10_000, 2_000_000, 0), new Report.Amounts(0, 0, 0));
    pass();
    assertThat(told().line()).isEqualTo("memory 588/1024Mi, R2 0.0/10 GB, 20 % of class B, $0.00");
  }

  @Test
  void aFewRequestsMoreChangeNothing() {
    uses(41_234, 50_000);
    pass();
    StudyHubStatus.Budget before = told();
    for (long more : new long[] {46_000, 49_999, 35_000, 30_001}) {
      uses(more, 50_000 + more / 10);
      pass();
      assertThat(told()).as("%d", more).isEqualTo(before);
    }
    uses(50_001, 50_000);
    pass();
    assertThat(told().classAOperations().used()).isEqualTo("50k");
  }

  @Test
  void whatWasToldStaysWhenReportsGo() {
    uses(840_000, 900_000);
    String told = pass();
    StudyHubStatus.Budget budget = told();
    pods = List.of();
    assertThat(pass()).isEqualTo(told);
    assertThat(told()).isEqualTo(budget);
  }

  @Test
  void anotherMonthBeginsAnew() {
    uses(840_000, 900_000);
    pass();
    now = Instant.parse("2026-12-01T00:20:00Z");
    uses(LocalDate.parse("2026-12-01"), new Report.Amounts(9, 9, 9), new Report.Amounts(99, 9, 9));
    assertThat(pass()).isEmpty();
    assertThat(told().classAOperations()).isEqualTo(new StudyHubStatus.Figure("0", "0"));
    assertThat(told().sparing()).isFalse();
    // A report of the month before that outlasts its successor says nothing any more.
    uses(840_000, 900_000);
    assertThat(pass()).isEmpty();
    assertThat(told().month()).isEqualTo("2026-12");
  }

  @Test
  void aMonthThatIsLongOverSaysNothing() {
    uses(840_000, 900_000);
    assertThat(pass()).isNotEmpty();
    now = Instant.parse("2026-12-02T00:00:00Z");
    assertThat(pass()).isEmpty();
    assertThat(told().line()).isEqualTo("memory 588/1024Mi");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "          | 790000 | 1 | 1 |",
        "          | 800000 | 1 | 1 | 80 % of spec.budget.classAOperations (1M)",
        "          | 1 | 8000000 | 1 | 80 % of spec.budget.classBOperations (10M)",
        "          | 1 | 1 | 8000000000 | 80 % of spec.budget.objectStorage",
        "          | 1 | 1 | 7800000000 |",
        "objectStorage: 50G | 1 | 1 | 10500000000 | R2 will take $0.02 for 2026-11",
        "'objectStorage: 50G, cost: 1' | 1 | 1 | 10500000000 |",
        "'objectStorage: 100G, cost: 1' | 1 | 1 | 64000000000 | spec.budget.cost is $1.00",
        "classAOperations: 0 | 1 | 1 | 1 | 1000 % of spec.budget.classAOperations (0)",
      })
  void atFourFifthsOfTheForecastItIsTold(
      String budget, long classA, long classB, long bytes, String message) {
    hub = hub(budget == null ? "" : "budget: {" + budget + "}");
    Report.Amounts forecast = new Report.Amounts(classA, classB, bytes);
    uses(NOVEMBER, forecast, forecast);
    if (message == null) {
      assertThat(pass()).isEmpty();
    } else {
      assertThat(pass()).contains(message);
    }
  }

  @Test
  void whatIsNearTheEdgeIsNotToldAndTakenBackInTurns() {
    uses(1, 800_000);
    assertThat(pass()).isNotEmpty();
    uses(1, 750_000);
    assertThat(pass()).contains("75 %");
    uses(1, 690_000);
    assertThat(pass()).isEmpty();
    uses(1, 750_000);
    assertThat(pass()).isEmpty();
  }

  @Test
  void sparingEndsOnlyWhenAllCouldBeAskedAgain() {
    uses(1, 810_000);
    pass();
    assertThat(told().sparing()).isTrue();
    // What is spared is three quarters at most: this would be 840,000 without.
    uses(1, 210_000);
    assertThat(pass()).isEmpty();
    assertThat(told().sparing()).isTrue();
    uses(1, 190_000);
    pass();
    assertThat(told().sparing()).isFalse();
    uses(1, 210_000);
    pass();
    assertThat(told().sparing()).isFalse();
  }

  @Test
  void aBudgetThatIsRaisedIsNoticedThoughNoReportIsLeft() {
    hub = hub("budget: {classAOperations: 100k}");
    uses(1, 90_000);
    pass();
    pods = List.of();
    hub = hub("budget: {classAOperations: 1M}");
    assertThat(pass()).isEmpty();
    assertThat(told().sparing()).isFalse();
  }

  /** The log's CronJob. */
  private String walTimes() {
    return objects(CronJob.class, "pilot-wal").getSpec().getSchedule();
  }

  private <T extends HasMetadata> T objects(Class<T> type, String name) {
    objects.put(
        new ObjectKey("CronJob", "pilot-backup"),
        new CronJobBuilder()
            .withNewMetadata()
            .withName("pilot-backup")
            .withAnnotations(Map.of(Labels.PROVEN, BackupComponent.place(hub, observed())))
            .endMetadata()
            .build());
    return new BackupComponent()
        .desired(hub, Fixed.material(hub), observed()).stream()
            .filter(it -> it.getMetadata().getName().equals(name))
            .map(type::cast)
            .findFirst()
            .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backup: {rpo: 24h} | 1",
        "backup: {rpo: 75m} | 1",
        "backup: {rpo: 74m} | 2",
        "backup: {rpo: 30m} | 4",
        "'backup: {rpo: 2h}\ndatabase: {parameters: {archive_timeout: 1h}}' | 4",
        "'backup: {rpo: 2h}\ndatabase: {parameters: {archive_timeout: 60min}}' | 1",
        "'backup: {rpo: 24h}\ndatabase: {parameters: {archive_timeout: \"0\"}}' | 4",
      })
  void logIsSentInLargerBatchesWithinTheRpo(String spec, int pushesAnHour) {
    hub = hub(spec);
    uses(1, 10_000);
    assertThat(walTimes()).matches("\\d+(,\\d+){3} \\* \\* \\* \\*");
    uses(1, 900_000);
    assertThat(walTimes().split(" ")[0].split(",")).hasSize(pushesAnHour);
  }

  @Test
  void logThatMayFillTheVolumeIsNotHeldBack() {
    hub = hub("");
    uses(1, 900_000);
    Report full =
        Report.of(true, "Succeeded", "done", now)
            .withWal(new Report.Wal(null, null, null, 5, 1, 100));
    pods = List.of(pods.get(0), EndedPods.reported("wal", "pilot-wal-2", full, null));
    assertThat(walTimes().split(" ")[0].split(",")).hasSize(4);
  }

  @Test
  void theStoreIsTriedWeeklyInsteadOfDaily() {
    String probe = BackupComponent.probeName(hub, observed());
    uses(1, 10_000);
    assertThat(objects(Job.class, probe).getSpec().getTtlSecondsAfterFinished()).isEqualTo(86_400);
    uses(1, 900_000);
    assertThat(objects(Job.class, probe).getSpec().getTtlSecondsAfterFinished())
        .isEqualTo(7 * 86_400);
  }
}
