package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackupSpec;
import io.sanadflow.studyhub.backup.BackupType;
import io.sanadflow.studyhub.backup.Entry;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.backup.Verification;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The catalogue: what reports list, what people asked for, and what failed. */
class CatalogueTest {

  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private static final String STORE =
      """
      objectStore:
        endpoint: https://s3.example.org
        bucket: hub-pilot
        credentialsSecret: {name: bucket}
      """;

  private final Hub hub = hub("");
  private final Map<ObjectKey, HasMetadata> objects = new HashMap<>();
  private final List<Pod> pods = new ArrayList<>();
  private List<StudyHubBackup> backups = new ArrayList<>();
  private Instant now = NOW;

  private static Hub hub(String more) {
    return Hubs.resolved(
        Hubs.withSpec("app: {image: \"ghcr.io/sanadflow/hub:1\"}\n" + STORE + more));
  }

  private Observed observed() {
    return new Observed(
        Map.copyOf(objects),
        List.copyOf(pods),
        ProbeReport.NONE,
        Set.of(),
        "",
        "",
        "studyhub-system",
        "operator:1",
        List.copyOf(backups),
        now);
  }

  /** One pass, after which what was wanted is there. */
  private Catalogue.Wish pass() {
    Catalogue.Wish wish = Catalogue.of(hub, observed(), Optional.empty());
    backups = new ArrayList<>(wish.present());
    return wish;
  }

  private List<String> names() {
    return backups.stream().map(it -> it.getMetadata().getName()).sorted().toList();
  }

  private static Entry entry(BackupType type, Instant time) {
    return new Entry(type, "pilot/" + type + "/" + time, time, 12_900_000, 42, Verification.STORED);
  }

  private static Report report(
      boolean succeeded, Instant finished, List<Entry> made, List<Entry> catalogue) {
    return new Report(
        succeeded,
        succeeded ? "Succeeded" : "DumpFailed",
        succeeded ? "made" : "pg_dump ended with 1; look at its words",
        finished,
        made,
        catalogue,
        0,
        null,
        null,
        null);
  }

  /** A Job that has ended, with the pod that reports. */
  private void ended(String job, Report report) {
    ended(job, report, null);
  }

  private void ended(String job, Report report, @Nullable Instant begun) {
    job(job, report.succeeded() ? "Complete" : "Failed");
    pods.add(EndedPods.reported("backup", job, report, begun));
  }

  private void job(String name, String condition) {
    objects.put(
        new ObjectKey("Job", name),
        new JobBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(Map.of(Labels.RUN, "backup"))
            .endMetadata()
            .withNewStatus()
            .addNewCondition()
            .withType(condition)
            .withStatus("True")
            .endCondition()
            .endStatus()
            .build());
  }

  private void forget(String job) {
    objects.remove(new ObjectKey("Job", job));
    pods.removeIf(
        it -> job.equals(it.getMetadata().getLabels().get("batch.kubernetes.io/job-name")));
  }

  private StudyHubBackup asked(String name, StudyHubBackupSpec.Type type) {
    StudyHubBackup backup = new StudyHubBackup();
    backup.getMetadata().setName(name);
    backup.getMetadata().setNamespace("study");
    backup.getMetadata().setUid("uid-of-" + name);
    backup.getMetadata().setGeneration(1L);
    backup.getMetadata().setCreationTimestamp(NOW.toString());
    backup.setSpec(new StudyHubBackupSpec(new NameRef("pilot"), type));
    backups.add(backup);
    return backup;
  }

  private StudyHubBackup named(String name) {
    return backups.stream()
        .filter(it -> it.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Condition succeeded(String name) {
    return named(name).getStatus().conditions().get(0);
  }

  private String conditions(String name) {
    StringBuilder text = new StringBuilder();
    named(name)
        .getStatus()
        .conditions()
        .forEach(it -> text.append(it.type()).append('=').append(it.status()).append(' '));
    return text.toString().strip();
  }

  @Test
  void whatAReportListsIsThereAndStaysWhenItsPodGoes() {
    Entry dump = entry(BackupType.DUMP, NOW.minusSeconds(600));
    Entry base = entry(BackupType.BASE, NOW.minusSeconds(500));
    ended("pilot-backup-1", report(true, NOW, List.of(dump), List.of(base, dump)));
    pass();
    assertThat(names())
        .containsExactly("pilot-base-20261125t115140z", "pilot-dump-20261125t115000z");
    StudyHubBackup backup = named("pilot-dump-20261125t115000z");
    assertThat(backup.getStatus().key()).isEqualTo(dump.key());
    assertThat(backup.getStatus().size()).isEqualTo("12.3 MiB");
    assertThat(backup.getStatus().duration()).isEqualTo("42s");
    assertThat(backup.getStatus().verification()).isEqualTo("Stored");
    assertThat(backup.getStatus().observedGeneration()).isEqualTo(1);
    assertThat(conditions("pilot-dump-20261125t115000z")).isEqualTo("Succeeded=True");
    assertThat(backup.getMetadata().getOwnerReferences()).hasSize(1);
    assertThat(Labels.ours(backup)).isTrue();
    List<StudyHubBackup> before = List.copyOf(backups);
    now = NOW.plusSeconds(3600);
    pass();
    assertThat(backups).as("a later look changes nothing").isEqualTo(before);
    forget("pilot-backup-1");
    assertThat(pass().gone()).isEmpty();
    assertThat(names()).isEmpty();
  }

  @Test
  void retentionTakesThemOut() {
    Entry old = entry(BackupType.DUMP, NOW.minus(Duration.ofDays(31)));
    Entry kept = entry(BackupType.DUMP, NOW.minus(Duration.ofDays(1)));
    ended("pilot-backup-1", report(true, NOW, List.of(), List.of(kept, old)));
    pass();
    List<StudyHubBackup> both = List.copyOf(backups);
    ended("pilot-backup-2", report(true, NOW.plusSeconds(60), List.of(), List.of(kept)));
    Catalogue.Wish wish = pass();
    assertThat(both).hasSize(2);
    assertThat(wish.gone()).hasSize(1);
    assertThat(wish.gone().get(0).getStatus().key()).isEqualTo(old.key());
    assertThat(names()).hasSize(1);
  }

  @Test
  void aRunThatListedTheStoreBeforeAnotherMadeItsBackupSaysNothingOfThat() {
    StudyHubBackup mine = asked("mine", StudyHubBackupSpec.Type.DUMP);
    Entry made = entry(BackupType.DUMP, NOW.plusSeconds(4));
    Entry first = entry(BackupType.DUMP, NOW.plusSeconds(2));
    ended(
        BackupComponent.onDemandName(hub, mine),
        report(true, NOW.plusSeconds(10), List.of(made), List.of(made)),
        NOW.plusSeconds(1));
    pass();
    // It listed what there was at its begin, and ended after.
    ended(
        "pilot-backup-first",
        report(true, NOW.plusSeconds(60), List.of(first), List.of(first)),
        NOW);
    Catalogue.Wish wish = pass();
    assertThat(wish.gone()).isEmpty();
    assertThat(named("mine").getStatus().key()).isEqualTo(made.key());

    // The next run finds it, or not.
    ended(
        "pilot-backup-2",
        report(true, NOW.plusSeconds(90), List.of(), List.of(first)),
        NOW.plusSeconds(80));
    assertThat(pass().gone()).extracting(it -> it.getMetadata().getName()).containsExactly("mine");
  }

  @Test
  void anOlderReportSaysNothingOfANewerBackup() {
    Entry first = entry(BackupType.DUMP, NOW.minusSeconds(600));
    Entry second = entry(BackupType.DUMP, NOW.plusSeconds(600));
    ended("pilot-backup-1", report(true, NOW, List.of(first), List.of(first)));
    ended(
        "pilot-backup-2",
        report(true, NOW.plusSeconds(700), List.of(second), List.of(second, first)));
    pass();
    List<StudyHubBackup> there = List.copyOf(backups);
    forget("pilot-backup-2");
    Catalogue.Wish wish = Catalogue.of(hub, observed(), Optional.empty());
    assertThat(there).hasSize(2);
    assertThat(wish.gone()).isEmpty();
  }

  @Test
  void aReportThatMayBeCutDeletesNothingOlder() {
    Random random = new Random(7);
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Instant time = NOW.minus(Duration.ofHours(2 * i + 1)).minusSeconds(random.nextInt(3000));
      all.add(
          new Entry(
              BackupType.DUMP,
              "pilot/daily/" + time + ".dump",
              time,
              random.nextInt(900_000_000),
              random.nextInt(900),
              Verification.STORED));
    }
    // All are there from earlier.
    for (Entry entry : all) {
      objects.clear();
      pods.clear();
      ended("pilot-backup-1", report(true, NOW, List.of(), List.of(entry)));
      List<StudyHubBackup> before = backups;
      backups = new ArrayList<>();
      pass();
      before.addAll(backups);
      backups = before;
    }
    objects.clear();
    pods.clear();
    ended("pilot-backup-2", report(true, NOW.plusSeconds(1), List.of(), all));
    int listed =
        ReportCodec.decode(ReportCodec.encode(report(true, NOW, List.of(), all)))
            .orElseThrow()
            .catalogue()
            .size();
    assertThat(listed).as("the report is cut").isLessThan(300);
    assertThat(Catalogue.of(hub, observed(), Optional.empty()).gone()).isEmpty();
  }

  @Test
  void anEmptyStoreEmptiesTheCatalogue() {
    ended(
        "pilot-backup-1",
        report(true, NOW, List.of(), List.of(entry(BackupType.DUMP, NOW.minusSeconds(60)))));
    pass();
    List<StudyHubBackup> there = List.copyOf(backups);
    ended("pilot-backup-2", report(true, NOW.plusSeconds(60), List.of(), List.of()));
    assertThat(pass().gone()).hasSize(1).isEqualTo(there);
  }

  @Test
  void aDumpIsAskedForRunsAndSucceeds() {
    StudyHubBackup mine = asked("mine", StudyHubBackupSpec.Type.DUMP);
    pass();
    assertThat(succeeded("mine").reason()).isEqualTo("StoreNotTriedYet");
    assertThat(conditions("mine")).isEqualTo("Succeeded=Unknown Reconciling=True");
    assertThat(AskedBackups.wanted(hub, observed())).hasSize(1);
    String job = BackupComponent.onDemandName(hub, mine);
    job(job, "Suspended");
    pass();
    assertThat(succeeded("mine").reason()).isEqualTo("Running");
    Entry dump = entry(BackupType.DUMP, NOW);
    ended(job, report(true, NOW.plusSeconds(42), List.of(dump), List.of(dump)));
    pass();
    assertThat(conditions("mine")).isEqualTo("Succeeded=True");
    assertThat(succeeded("mine").lastTransitionTime()).isEqualTo("2026-11-25T12:00:42Z");
    assertThat(named("mine").getStatus().key()).isEqualTo(dump.key());
    assertThat(names()).as("one object for one backup").containsExactly("mine");
    assertThat(AskedBackups.wanted(hub, observed())).isEmpty();
    // A drill proves it; then retention takes it.
    Entry proven =
        new Entry(
            dump.type(),
            dump.key(),
            dump.time(),
            dump.bytes(),
            dump.seconds(),
            Verification.RESTORED);
    ended("pilot-backup-1", report(true, NOW.plusSeconds(60), List.of(), List.of(proven)));
    pass();
    assertThat(named("mine").getStatus().verification()).isEqualTo("Restored");
    ended("pilot-backup-2", report(true, NOW.plusSeconds(90), List.of(), List.of()));
    assertThat(pass().gone()).hasSize(1);
  }

  @Test
  void oneThatIsAskedForFails() {
    StudyHubBackup mine = asked("mine", StudyHubBackupSpec.Type.DUMP);
    ended(BackupComponent.onDemandName(hub, mine), report(false, NOW, List.of(), List.of()));
    pass();
    assertThat(conditions("mine")).isEqualTo("Succeeded=False Stalled=True");
    assertThat(succeeded("mine").reason()).isEqualTo("DumpFailed");
    assertThat(succeeded("mine").message()).contains("pg_dump ended with 1");
    assertThat(names()).as("told once").containsExactly("mine");
    forget(BackupComponent.onDemandName(hub, mine));
    assertThat(AskedBackups.wanted(hub, observed())).as("made once").isEmpty();
  }

  @Test
  void aBaseWithoutAnArchiveIsRefusedByName() {
    asked("base", StudyHubBackupSpec.Type.BASE);
    Hub without = hub("backup: {wal: {enabled: false}}\n");
    assertThat(AskedBackups.wanted(without, observed())).isEmpty();
    Catalogue.Wish wish = Catalogue.of(without, observed(), Optional.empty());
    Condition told = wish.present().get(0).getStatus().conditions().get(0);
    assertThat(told.status()).isEqualTo("False");
    assertThat(told.message()).contains("spec.backup.wal.enabled").contains("ask for a Dump");
  }

  @Test
  void whatKeepsTheHubKeepsItsBackups() {
    asked("mine", StudyHubBackupSpec.Type.DUMP);
    Catalogue.Wish wish =
        Catalogue.of(hub, observed(), Optional.of("spec.app.image: is not an image"));
    Condition told = wish.present().get(0).getStatus().conditions().get(0);
    assertThat(told.reason()).isEqualTo("HubStalled");
    assertThat(told.message()).contains("spec.app.image");
    Hub nowhere = Hubs.resolved(Hubs.read(Hubs.MINIMAL));
    wish = Catalogue.of(nowhere, observed(), Optional.empty());
    assertThat(wish.present().get(0).getStatus().conditions().get(0).reason()).isEqualTo("NoPlace");
    Hub placeless = Hubs.resolved(Hubs.withSpec("app: {image: hub}\nbackup: {}"));
    wish = Catalogue.of(placeless, observed(), Optional.empty());
    assertThat(wish.present().get(0).getStatus().conditions().get(0).reason()).isEqualTo("NoPlace");
    wish = Catalogue.of(hub("suspend: true\n"), observed(), Optional.empty());
    told = wish.present().get(0).getStatus().conditions().get(0);
    assertThat(told.reason()).isEqualTo("HubSuspended");
    assertThat(told.status()).isEqualTo("Unknown");
  }

  @Test
  void aScheduledRunThatFailedIsToldUntilLongAfterItIsMadeGood() {
    ended("pilot-backup-1", report(false, NOW, List.of(), List.of()));
    pass();
    assertThat(names()).containsExactly("pilot-failed-20261125t120000z");
    assertThat(conditions(names().get(0))).isEqualTo("Succeeded=False Stalled=True");
    // Its Job stays until the next one fails; a success alone does not take it out.
    Entry dump = entry(BackupType.DUMP, NOW.plusSeconds(3600));
    ended("pilot-backup-2", report(true, NOW.plusSeconds(3700), List.of(dump), List.of(dump)));
    now = NOW.plus(Duration.ofDays(6));
    pass();
    assertThat(names()).hasSize(2);
    now = NOW.plus(Duration.ofDays(8));
    assertThat(pass().gone()).hasSize(1);
    assertThat(names()).hasSize(1);
    pass();
    assertThat(names()).as("it does not come back while its Job is there").hasSize(1);
  }

  @Test
  void aRunThatTriesAgainHasNotFailedYet() {
    ended("pilot-backup-1", report(false, NOW, List.of(), List.of()));
    job("pilot-backup-1", "Suspended");
    assertThat(pass().present()).isEmpty();
  }

  @Test
  void noMoreThanTenFailuresAreTold() {
    for (int i = 0; i < 15; i++) {
      ended("pilot-backup-" + i, report(false, NOW.plusSeconds(i * 86_400L), List.of(), List.of()));
      now = NOW.plusSeconds(i * 86_400L);
      pass();
    }
    assertThat(names()).hasSize(10).contains("pilot-failed-20261209t120000z");
  }
}
