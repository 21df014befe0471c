package io.sanadflow.studyhub.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Message;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.News;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Receiver;
import io.sanadflow.studyhub.notify.Situation.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {

  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  private final Settling settling = new Settling();

  /**
   * A situation from words: Ready or the reason for not being it, Stalled=REASON, phase=PHASE, else
   * a reason for being Degraded.
   */
  private static Situation situation(String text) {
    List<Condition> conditions = new ArrayList<>();
    List<Fact> lacking = new ArrayList<>();
    Optional<Fact> phase = Optional.empty();
    String[] words = text.split(" ");
    String ready = words[0];
    conditions.add(
        new Condition(
            "Ready", ready.equals("Ready") ? "True" : "False", 1L, NOW.toString(), ready, "m"));
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      if (word.startsWith("Stalled=")) {
        String reason = word.substring("Stalled=".length());
        conditions.add(new Condition("Stalled", "True", 1L, NOW.toString(), reason, "m"));
      } else if (word.startsWith("phase=")) {
        phase = Optional.of(new Fact(word.substring("phase=".length()), "m"));
      } else {
        lacking.add(new Fact(word, "m"));
      }
    }
    return Situation.of(conditions, lacking, phase);
  }

  private static Receiver receiver(String told, Message... pending) {
    return new Receiver(
        "slack",
        told.isBlank() ? null : Stream.of(told.split(" ")).sorted().toList(),
        null,
        null,
        null,
        pending.length == 0 ? null : List.of(pending));
  }

  private Outbox.Step step(Receiver before, String situation, int second) {
    return new Outbox(situation(situation), settling, NOW.plusSeconds(second), "uid").step(before);
  }

  /** What is told once everything has settled. */
  private Receiver settled(Receiver before, String situation) {
    step(before, situation, 0);
    return step(before, situation, 60).receiver();
  }

  private static String words(Receiver receiver) {
    return receiver.pending() == null
        ? ""
        : String.join(
            ", ",
            receiver.pending().stream()
                .flatMap(it -> it.news().stream())
                .map(it -> it.type() + " " + it.state() + " " + it.reason())
                .toList());
  }

  @ParameterizedTest(name = "knows [{0}], is [{1}]: told [{2}]")
  @CsvSource(
      delimiter = '|',
      value = {
        // What it knows | what is | what it is told | what it knows then
        "''                            | Starting            | ''                       | ''",
        "''                            | Ready               | ''                       | Served",
        "Served                        | Ready               | ''                       | Served",
        "Served                        | NoAnswer            | Ready Problem NoAnswer   | NotReady Served",
        "NotReady Served               | NoAnswer            | ''                       | NotReady Served",
        "NotReady Served               | OtherReason         | ''                       | NotReady Served",
        "NotReady Served               | Ready               | Ready Recovered null     | Served",
        "Served                        | Suspended           | ''                       | Served",
        "Served                        | ScaledToZero        | ''                       | Served",
        "NotReady Served               | Suspended           | ''                       | NotReady Served",
        "''                            | Starting Stalled=ImagePullFailed | Stalled Problem ImagePullFailed | Stalled",
        "Stalled                       | Starting            | Stalled Recovered null   | ''",
        "Served                        | Ready Stalled=InvalidSpec | Stalled Problem InvalidSpec | Served Stalled",
        "Served Stalled                | Ready               | Stalled Recovered null   | Served",
        "Served                        | CrashLoop Stalled=CrashLoop | Ready Problem CrashLoop | NotReady Served",
        "Served Stalled                | CrashLoop Stalled=CrashLoop | Ready Problem CrashLoop | NotReady Served Stalled",
        "NotReady Served               | Ready Stalled=InvalidSpec | Ready Recovered null, Stalled Problem InvalidSpec | Served Stalled",
        "Served                        | Ready BackupFailed  | Degraded Problem BackupFailed | Degraded/BackupFailed Served",
        "Degraded/BackupFailed Served  | Ready BackupFailed  | ''                       | Degraded/BackupFailed Served",
        "Degraded/BackupFailed Served  | Ready               | Degraded Recovered BackupFailed | Served",
        "Degraded/BackupFailed Served  | Ready BackupOverdue | Degraded Recovered BackupFailed, Degraded Problem BackupOverdue | Degraded/BackupOverdue Served",
        "Served                        | Ready DrillFailed VolumeNearlyFull | Degraded Problem DrillFailed, Degraded Problem VolumeNearlyFull | Degraded/DrillFailed Degraded/VolumeNearlyFull Served",
        "Served                        | Ready LogsNotSent   | Degraded Problem LogsNotSent | Degraded/LogsNotSent Served",
        "Served                        | Ready CertificateEnding | Degraded Problem CertificateEnding | Degraded/CertificateEnding Served",
        "Served                        | Ready SomethingNew  | Degraded Problem SomethingNew | Degraded/SomethingNew Served",
        "Served                        | Unhealthy Unhealthy | Ready Problem Unhealthy  | NotReady Served",
        "NotReady Served               | Unhealthy Unhealthy BackupFailed | Degraded Problem BackupFailed | Degraded/BackupFailed NotReady Served",
        "Served                        | Ready phase=Copying | ''                       | Served",
        "Served                        | Ready phase=Offloaded | Offload Done Offloaded | Offloaded Served",
        "Served                        | Ready phase=Mirrored | Offload Done Mirrored   | Offloaded Served",
        "Offloaded Served              | Ready phase=Offloaded | ''                     | Offloaded Served",
        "Offloaded Served              | Ready phase=Returning | ''                     | Served",
        "''                            | Ready phase=Offloaded | ''                     | Offloaded Served",
      })
  void tellsWhatChanged(String knows, String is, String told, String then) {
    Receiver before = receiver(knows);

    Receiver after = settled(before, is);

    List<String> news = new ArrayList<>(List.of(words(after).split(", ")));
    assertThat(news).containsExactlyInAnyOrder(told.split(", "));
    assertThat(after.told() == null ? "" : String.join(" ", after.told())).isEqualTo(then);
  }

  @Test
  void whatChangesTogetherIsOneMessage() {
    Receiver after = settled(receiver("Served"), "NoAnswer BackupFailed");

    assertThat(after.pending()).hasSize(1);
    assertThat(after.pending().get(0).news()).hasSize(2);
  }

  @Test
  void aRestartOfAFewSecondsIsNoIncident() {
    Receiver served = receiver("Served");

    assertThat(step(served, "NoAnswer", 0).lookAgain()).contains(NOW.plusSeconds(20));
    assertThat(step(served, "NoAnswer", 19).receiver()).isEqualTo(served);
    assertThat(step(served, "Ready", 20).receiver()).isEqualTo(served);
    // Counted anew.
    assertThat(step(served, "NoAnswer", 21).receiver()).isEqualTo(served);
    assertThat(step(served, "NoAnswer", 40).receiver()).isEqualTo(served);
    assertThat(words(step(served, "NoAnswer", 41).receiver())).isEqualTo("Ready Problem NoAnswer");
  }

  @Test
  void aHubIsBackWhenItStaysBack() {
    Receiver lost = receiver("NotReady Served");

    assertThat(step(lost, "Ready", 0).receiver()).isEqualTo(lost);
    assertThat(step(lost, "NoAnswer", 30).receiver()).isEqualTo(lost);
    assertThat(step(lost, "Ready", 70).receiver()).isEqualTo(lost);
    assertThat(words(step(lost, "Ready", 130).receiver())).isEqualTo("Ready Recovered null");
  }

  @Test
  void theMessageSaysSinceWhen() {
    step(receiver("Served"), "NoAnswer", 0);

    assertThat(
            step(receiver("Served"), "NoAnswer", 45)
                .receiver()
                .pending()
                .get(0)
                .news()
                .get(0)
                .time())
        .isEqualTo("2030-01-02T03:04:05Z");
  }

  @Test
  void nothingChangesWhereNothingDoes() {
    Receiver before = receiver("Degraded/BackupFailed Served", message("a"));

    Outbox.Step step = step(before, "Ready BackupFailed", 0);

    assertThat(step.receiver()).isEqualTo(before);
    assertThat(step.lookAgain()).isEmpty();
  }

  private static Message message(String id, News... news) {
    return new Message(id, null, List.of(news));
  }

  private static News news(String reason) {
    return new News(NOW.toString(), "Degraded", "Problem", reason, "m");
  }

  @Test
  void aMessageThatMayBeOnItsWayIsLeftAsItIs() {
    Message first = message("first", news("A"));

    Receiver two = settled(receiver("Served", first), "Ready BackupFailed");
    assertThat(two.pending()).hasSize(2).startsWith(first);

    Receiver still = settled(two, "Ready BackupFailed DrillFailed");
    assertThat(still.pending()).hasSize(2).startsWith(first);
    assertThat(words(still))
        .isEqualTo(
            "Degraded Problem A, Degraded Problem BackupFailed, Degraded Problem DrillFailed");
    assertThat(still.pending().get(1).id()).isNotEqualTo(two.pending().get(1).id());
  }

  @Test
  void aReceiverThatIsAwayForLongMissesTheOldestAndIsToldSo() {
    Receiver receiver = receiver("Served", message("first", news("A")));
    for (int i = 0; i < 15; i++) {
      step(receiver, "NoAnswer", i * 1000);
      receiver = step(receiver, "NoAnswer", i * 1000 + 20).receiver();
      step(receiver, "Ready", i * 1000 + 100);
      receiver = step(receiver, "Ready", i * 1000 + 160).receiver();
    }

    assertThat(receiver.pending()).hasSize(2);
    assertThat(receiver.pending().get(1).news()).hasSize(Outbox.MOST_NEWS);
    assertThat(receiver.pending().get(1).leftOut()).isEqualTo(20);
    assertThat(receiver.pending().get(1).news().get(9).state()).isEqualTo("Recovered");
  }

  @ParameterizedTest
  @ValueSource(ints = {399, 400, 401, 5000})
  void messagesAreBounded(int length) {
    String text = "x".repeat(length);

    assertThat(Outbox.excerpt(text)).hasSize(Math.min(length, 400));
  }
}
