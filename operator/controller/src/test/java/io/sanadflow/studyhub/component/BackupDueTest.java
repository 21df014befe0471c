package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupSpec;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Verification;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a hub of which nothing is heard is looked at, and what is said then. */
class BackupDueTest {

  private static final Instant CREATED = Instant.parse("2026-11-25T12:00:00Z");

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

  private static Observed observed(Instant now, List<StudyHubBackup> backups, boolean scheduled) {
    Map<ObjectKey, HasMetadata> objects =
        scheduled
            ? Map.of(
                new ObjectKey("CronJob", "pilot-backup"),
                new CronJobBuilder()
                    .withNewMetadata()
                    .withName("pilot-backup")
                    .withCreationTimestamp(CREATED.toString())
                    .endMetadata()
                    .build())
            : Map.of();
    return new Observed(
        objects,
        List.of(),
        ProbeReport.NONE,
        Set.of(),
        "",
        "",
        "system",
        "operator:1",
        backups,
        now);
  }

  private static List<StudyHubBackup> dump(Instant time) {
    StudyHubBackup backup = new StudyHubBackup();
    backup.getMetadata().setName("pilot-dump");
    backup.setSpec(new StudyHubBackupSpec(new NameRef("pilot"), StudyHubBackupSpec.Type.DUMP));
    Entry entry = new Entry(BackupType.DUMP, "key", time, 1, 1, Verification.STORED);
    return List.of(BackupStatuses.with(backup, BackupStatuses.of(entry, backup)));
  }

  /** What is missing; that the store is being tried is not. */
  private static Optional<String> told(Hub hub, Observed observed) {
    return BackupHealth.of(hub, observed)
        .filter(it -> it.phase() == Health.Phase.LACKING)
        .map(Health::reason);
  }

  @Test
  void theFirstBackupIsWaitedForAnHour() {
    Hub hub = hub("");
    Observed soon = observed(CREATED.plusSeconds(60), List.of(), true);
    assertThat(BackupDue.in(hub, soon)).contains(Duration.ofSeconds(3541));
    assertThat(told(hub, soon)).isEmpty();
    Observed then = observed(CREATED.plusSeconds(60).plusSeconds(3541), List.of(), true);
    assertThat(told(hub, then)).contains("NoBackup");
    assertThat(BackupDue.in(hub, then)).isEmpty();
  }

  @Test
  void anOldBackupIsNoticedWithoutItsCronJob() {
    Hub hub = hub("");
    Instant made = Instant.parse("2026-11-25T18:00:10Z");
    Observed fresh = observed(made.plusSeconds(60), dump(made), false);
    Duration in = BackupDue.in(hub, fresh).orElseThrow();
    assertThat(told(hub, fresh)).isEmpty();
    assertThat(in).isBetween(Duration.ofHours(24), Duration.ofHours(26));
    Observed before = observed(fresh.now().plus(in).minusSeconds(2), dump(made), false);
    assertThat(told(hub, before)).isEmpty();
    Observed then = observed(fresh.now().plus(in), dump(made), false);
    assertThat(told(hub, then)).contains("BackupOverdue");
  }

  @Test
  void aLongRpoDoesNotHideThatTwoRunsAreMissing() {
    Hub hub = hub("backup: {rpo: 30d}\n");
    Instant made = Instant.parse("2026-11-25T18:00:10Z");
    Duration in = BackupDue.in(hub, observed(made.plusSeconds(1), dump(made), false)).orElseThrow();
    assertThat(in).isBetween(Duration.ofHours(47), Duration.ofHours(50));
  }

  @Test
  void aSuspendedHubAndOneWithoutAPlaceAreNotWaitedFor() {
    Observed observed = observed(CREATED, List.of(), true);
    assertThat(BackupDue.in(hub("suspend: true\n"), observed)).isEmpty();
    assertThat(BackupDue.in(Hubs.resolved(Hubs.read(Hubs.MINIMAL)), observed)).isEmpty();
  }

  /** Wherever clocks change, a backup that is made each night as planned is never overdue. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Asia/Singapore"
      })
  void aChangeOfTheClocksMakesNoBackupOverdue(String zone) {
    for (String time : List.of("0 0", "30 1", "0 2", "15 2", "30 2", "45 2", "0 3", "30 4")) {
      Hub hub = hub("backup: {schedule: \"%s * * *\", timeZone: %s}\n".formatted(time, zone));
      Hub.Backup backup = hub.backup().orElseThrow();
      Instant run = Instant.parse("2026-01-01T00:00:00Z");
      while (run.isBefore(Instant.parse("2027-01-01T00:00:00Z"))) {
        Instant made = backup.schedule().next(run).orElseThrow();
        // Half an hour later the next one is there.
        Instant next = backup.schedule().next(made).orElseThrow().plusSeconds(1800);
        Optional<String> told = told(hub, observed(next, dump(made), false));
        if (backup.schedule().times().skipped(made, next, backup.schedule().zone()).isEmpty()) {
          assertThat(told).as("%s in %s after %s", time, zone, made).isEmpty();
        } else {
          // Two nights without a backup are told, since they are.
          assertThat(told).as("%s in %s after %s", time, zone, made).contains("BackupOverdue");
        }
        run = made;
      }
    }
  }

  @Test
  void aNightWithoutTheTimeOfTheBackupIsNamed() {
    Hub hub = hub("backup: {schedule: \"30 2 * * *\", timeZone: Europe/Berlin}\n");
    Instant made = Instant.parse("2026-03-28T01:30:10Z");
    Observed then = observed(Instant.parse("2026-03-29T02:31:00Z"), dump(made), false);
    assertThat(BackupHealth.of(hub, then).orElseThrow().message())
        .contains("the clocks of Europe/Berlin skipped 02:00 to 03:00 on 2026-03-29")
        .contains("choose one that they never skip");
    Hub other = hub("backup: {schedule: \"30 3 * * *\", timeZone: Europe/Berlin}\n");
    assertThat(told(other, then)).contains("BackupOverdue");
    assertThat(BackupHealth.of(other, then).orElseThrow().message()).doesNotContain("clocks");
  }
}
