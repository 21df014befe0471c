package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus.Finding;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.Verification;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.status.StatusSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a run found stays known when its pod, its Job or the operator's memory is gone. */
class BackupFindingsTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final String SPEC =
      """
      app: {image: "ghcr.io/sanadflow/hub:1"}
      objectStore:
        endpoint: https://s3.example.org
        bucket: hub-pilot
        credentialsSecret: {name: bucket}
      """;

  private final Map<ObjectKey, HasMetadata> objects = new HashMap<>();
  private final List<Pod> pods = new ArrayList<>();
  private Hub hub = Hubs.resolved(Hubs.withSpec(SPEC));
  private Optional<StudyHubStatus> status = Optional.empty();
  private List<StudyHubBackup> backups = new ArrayList<>();

  BackupFindingsTest() {
    // Tried and trusted, with a backup of now.
    objects.put(
        new ObjectKey("CronJob", "pilot-backup"),
        new CronJobBuilder()
            .withNewMetadata()
            .withName("pilot-backup")
            .withCreationTimestamp(NOW.toString())
            .withAnnotations(Map.of(Labels.PROVEN, BackupComponent.place(hub, observed())))
            .endMetadata()
            .build());
    dump(NOW.minusSeconds(3600));
  }

  private void dump(Instant time) {
    StudyHubBackup backup = new StudyHubBackup();
    backup.getMetadata().setName("pilot-dump-" + time);
    backup.setSpec(new StudyHubBackupSpec(new NameRef("pilot"), StudyHubBackupSpec.Type.DUMP));
    Entry entry = new Entry(BackupType.DUMP, "key", time, 1, 1, Verification.STORED);
    backups.add(BackupStatuses.with(backup, BackupStatuses.of(entry, backup)));
  }

  private Observed observed() {
    return new Observed(
            Map.copyOf(objects),
            List.copyOf(pods),
            ProbeReport.NONE,
            Set.of(),
            "",
            "",
            "system",
            "operator:1",
            List.copyOf(backups),
            NOW)
        .after(status);
  }

  /** One pass: what is lacking, after which the status is written. */
  private String pass() {
    Observed observed = observed();
    Optional<String> lacking =
        BackupHealth.of(hub, observed)
            .filter(it -> it.phase() == Health.Phase.LACKING)
            .map(it -> it.reason() + ": " + it.message());
    status =
        Optional.of(
            StatusSummary.of(hub, Optional.empty(), observed, List.of(), status, List.of()));
    return lacking.orElse("");
  }

  private static Report report(boolean succeeded, Instant finished, Report.@Nullable Wal wal) {
    return new Report(
        succeeded,
        succeeded ? "Succeeded" : "AccessDenied",
        succeeded ? "done" : "the token may not write; give it the right to",
        finished,
        List.of(),
        null,
        0,
        null,
        wal,
        null);
  }

  private void ended(String run, String job, Report report) {
    job(run, job, report.succeeded(), report.finished());
    pods.add(EndedPods.reported(run, job, report, null));
  }

  private void job(String run, String job, boolean succeeded, Instant finished) {
    objects.put(
        new ObjectKey("Job", job),
        new JobBuilder()
            .withNewMetadata()
            .withName(job)
            .withCreationTimestamp(finished.minusSeconds(60).toString())
            .withLabels(Map.of(Labels.RUN, run))
            .endMetadata()
            .withNewStatus()
            .addNewCondition()
            .withType(succeeded ? "Complete" : "Failed")
            .withStatus("True")
            .withReason(succeeded ? null : "BackoffLimitExceeded")
            .withLastTransitionTime(finished.plusSeconds(2).toString())
            .endCondition()
            .endStatus()
            .build());
  }

  private void podGone(String job) {
    pods.removeIf(it -> job.equals(AgentRuns.job(it)));
  }

  private void gone(String job) {
    podGone(job);
    objects.remove(new ObjectKey("Job", job));
  }

  @Test
  void whatIsLessBadIsNoLessTrue() {
    ended("drill", "drill-1", report(false, NOW.minusSeconds(60), null));
    pass();
    ended("backup", "backup-1", report(false, NOW.minusSeconds(30), null));

    assertThat(BackupHealth.all(hub, observed()).stream().map(Health::reason).distinct())
        .containsExactly("BackupFailed", "DrillFailed");
    assertThat(BackupHealth.of(hub, observed()).orElseThrow().reason()).isEqualTo("BackupFailed");
  }

  @Test
  void aFailedBackupIsNotForgottenWithItsPodAndJob() {
    assertThat(pass()).isEmpty();
    ended("backup", "pilot-backup-1", report(false, NOW, null));
    String told = pass();
    assertThat(told).startsWith("BackupFailed: ").contains("the token may not write");
    podGone("pilot-backup-1");
    assertThat(pass()).as("the Job knows less than the agent said").isEqualTo(told);
    gone("pilot-backup-1");
    assertThat(pass()).isEqualTo(told);
    assertThat(pass()).as("and so on").isEqualTo(told);
    ended("backup", "pilot-backup-2", report(true, NOW.plusSeconds(60), null));
    assertThat(pass()).isEmpty();
    gone("pilot-backup-2");
    assertThat(pass()).isEmpty();
    assertThat(status.orElseThrow().backup().findings()).isNull();
  }

  @Test
  void aLaterGoodBackupEndsItWhoeverSawIt() {
    ended("backup", "pilot-backup-1", report(false, NOW, null));
    pass();
    gone("pilot-backup-1");
    dump(NOW.minusSeconds(5));
    assertThat(pass()).as("one that was taken before it failed").startsWith("BackupFailed");
    dump(NOW.plusSeconds(60));
    assertThat(pass()).isEmpty();
  }

  @Test
  void aJobThatIsCompleteWithoutItsPodIsAGoodRun() {
    ended("drill", "pilot-drill-1", report(false, NOW, null));
    assertThat(pass()).startsWith("DrillFailed: ");
    gone("pilot-drill-1");
    assertThat(pass()).startsWith("DrillFailed: ");
    job("drill", "pilot-drill-2", true, NOW.plusSeconds(600));
    assertThat(pass()).isEmpty();
  }

  @Test
  void anOlderRunThatIsStillThereDoesNotSpeakForOneThatIsGone() {
    ended("wal", "pilot-wal-1", report(true, NOW.minusSeconds(900), null));
    ended("wal", "pilot-wal-2", report(false, NOW, null));
    assertThat(pass()).startsWith("ArchiveStuck: ");
    gone("pilot-wal-2");
    assertThat(pass()).startsWith("ArchiveStuck: ");
  }

  @Test
  void aGapAndAFullVolumeAreOverWhenALaterLookSaysSo() {
    ended(
        "backup",
        "pilot-backup-1",
        report(true, NOW, new Report.Wal(NOW, NOW, "0000000100000000000000A7", 0, 0, 0)));
    ended("wal", "pilot-wal-1", report(true, NOW, new Report.Wal(null, NOW, null, 0, 5, 100)));
    assertThat(pass()).startsWith("VolumeNearlyFull: ");
    ended(
        "wal",
        "pilot-wal-2",
        report(true, NOW.plusSeconds(900), new Report.Wal(null, NOW, null, 0, 50, 100)));
    assertThat(pass()).as("the older run is there yet").startsWith("ArchiveGap: ").contains("A7");
    gone("pilot-backup-1");
    gone("pilot-wal-1");
    assertThat(pass()).startsWith("ArchiveGap: ");
    assertThat(status.orElseThrow().backup().findings())
        .extracting(Finding::reason)
        .containsExactly("ArchiveGap");
    ended(
        "backup",
        "pilot-backup-2",
        report(true, NOW.plusSeconds(999), new Report.Wal(NOW, NOW, null, 0, 0, 0)));
    assertThat(pass()).isEmpty();
  }

  @Test
  void aVolumeNearItsEndIsToldBeforeWhatFillsItAndNamesThat() {
    ended("backup", "pilot-backup-1", report(false, NOW, null));
    ended("wal", "pilot-wal-1", report(false, NOW, new Report.Wal(null, NOW, null, 40, 10, 100)));
    assertThat(pass()).startsWith("BackupFailed: ");
    ended(
        "wal",
        "pilot-wal-2",
        report(false, NOW.plusSeconds(900), new Report.Wal(null, NOW, null, 40, 9, 100)));
    assertThat(pass())
        .startsWith("VolumeNearlyFull: the database's volume has 9 B of 100 B left")
        .contains("40 B of it is write-ahead log that waits for the object store (AccessDenied");
    ended(
        "wal",
        "pilot-wal-3",
        report(true, NOW.plusSeconds(1800), new Report.Wal(null, NOW, null, 0, 9, 100)));
    assertThat(pass()).startsWith("VolumeNearlyFull").contains("delete what is not needed");
  }

  @Test
  void aStoreThatFailedIsNotTrustedBecauseItIsTriedAgain() {
    String probe = BackupComponent.probeName(hub, observed());
    ended("probe", probe, report(false, NOW, null));
    assertThat(pass()).startsWith("StoreAccessDenied: ");
    gone(probe);
    assertThat(pass()).startsWith("StoreAccessDenied: ");
    ended("probe", probe, report(true, NOW.plusSeconds(900), null));
    assertThat(pass()).isEmpty();
    assertThat(status.orElseThrow().objectStore().state()).isEqualTo("Works");
    podGone(probe);
    StudyHubStatus before = status.orElseThrow();
    pass();
    assertThat(status).as("nothing is written because a pod went").contains(before);
  }

  @Test
  void aSlowRecoveryIsMeasuredAgainstTheRtoOfNow() {
    Report.Restore restore =
        new Report.Restore(
            new Entry(BackupType.DUMP, "key", NOW, 1, 1, Verification.STORED), NOW, 1, 1, 0, 9000);
    ended(
        "drill",
        "pilot-drill-1",
        new Report(true, "Restored", "done", NOW, List.of(), null, 0, null, null, restore));
    assertThat(pass()).isEmpty();
    gone("pilot-drill-1");
    hub = Hubs.resolved(Hubs.withSpec(SPEC + "backup: {rto: 1h}\n"));
    assertThat(pass()).startsWith("RecoveryTooSlow: the last restore drill took 2h30m");
  }

  @Test
  void aFailureIsListedOnceThoughItsPodIsGone() {
    ended("backup", "pilot-backup-1", report(false, NOW, null));
    backups = new ArrayList<>(Catalogue.of(hub, observed(), Optional.empty()).present());
    assertThat(backups).as("a good one and a failed one").hasSize(2);
    podGone("pilot-backup-1");
    assertThat(Catalogue.of(hub, observed(), Optional.empty()).present())
        .extracting(it -> it.getMetadata().getName())
        .noneMatch(it -> it.contains("failed") && !it.endsWith("t120000z"));
  }

  @Test
  void whereNothingIsKnownTheStatusSaysNothing() {
    pass();
    assertThat(status.orElseThrow().backup().lastKey()).isEqualTo("key");
    backups.clear();
    pass();
    assertThat(status.orElseThrow().backup()).isNull();
  }
}
