package io.sanadflow.studyhub.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Heartbeat;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Message;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.News;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Receiver;
import io.sanadflow.studyhub.notify.Situation.Fact;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TellingTest {

  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05.5Z");
  private static final String SECONDS = "2030-01-02T03:04:05Z";
  private static final Situation WELL = new Situation(Map.of(), true, true);
  private static final Message A = message("a");
  private static final Message B = message("b");
  private static final Destination SOMEWHERE =
      new Destination(URI.create("https://x.org/heartbeat/1"), Optional.empty());

  private final Telling telling = new Telling("study", "pilot", "uid");

  private static Message message(String id) {
    return new Message(
        id, null, List.of(new News(SECONDS, "Degraded", "Problem", "BackupFailed", id)));
  }

  private static Receiver receiver(Message... pending) {
    return new Receiver(
        "slack",
        List.of("Degraded/BackupFailed", "Served"),
        null,
        null,
        null,
        pending.length == 0 ? null : List.of(pending));
  }

  private static Sender.Result result(String id, int attempt, String failure) {
    return new Sender.Result("key", id, NOW, attempt, Optional.ofNullable(failure));
  }

  private Receiver step(Receiver before) {
    return telling
        .step(
            before,
            new Situation(
                Map.of("Degraded/BackupFailed", new Fact("BackupFailed", "m")), true, true),
            Optional.empty(),
            NOW)
        .receiver();
  }

  @Test
  void whatWasTakenIsNotPendingAnyMore() {
    telling.came("slack", result("a", 1, null));

    Receiver after = step(receiver(A, B));

    assertThat(after.pending()).containsExactly(B);
    assertThat(after.lastSent()).isEqualTo(SECONDS);
    // Another visit that has not seen the status yet says the same.
    assertThat(step(receiver(A, B))).isEqualTo(after);
    assertThat(step(after)).isEqualTo(after);
  }

  @Test
  void whatOneReceiverTookTheOtherMayStillMiss() {
    telling.came("webhook", result("a", 1, null));

    assertThat(step(receiver(A)).pending()).containsExactly(A);
  }

  @Test
  void aHiccupIsNotTold() {
    telling.came("slack", result("a", 2, "answers 500"));

    assertThat(step(receiver(A))).isEqualTo(receiver(A));
  }

  @Test
  void aFailureIsToldUntilItIsTaken() {
    telling.came("slack", result("a", 3, "answers 500"));

    Receiver failing = step(receiver(A));
    assertThat(failing.lastError()).isEqualTo("answers 500");
    assertThat(failing.failingSince()).isEqualTo(SECONDS);
    assertThat(failing.pending()).containsExactly(A);
    assertThat(step(failing)).isEqualTo(failing);

    telling.came("slack", result("a", 4, null));
    Receiver mended = step(failing);
    assertThat(mended.lastError()).isNull();
    assertThat(mended.failingSince()).isNull();
  }

  @Test
  void anAddressThatCannotBeUsedIsToldBeforeThereIsAnythingToSend() {
    Receiver told = telling.step(receiver(), WELL, Optional.of("is not a URL"), NOW).receiver();

    assertThat(told.lastError()).isEqualTo("is not a URL");
    assertThat(telling.step(told, WELL, Optional.empty(), NOW).receiver().lastError()).isNull();
  }

  @Test
  void onlyWhatTheServerHasIsSent() {
    assertThat(telling.delivery(receiver(), receiver(A), "1", SOMEWHERE)).isEmpty();
    assertThat(telling.delivery(receiver(A), receiver(), "1", SOMEWHERE)).isEmpty();

    Delivery delivery =
        telling.delivery(receiver(A, B), receiver(A, B), "1", SOMEWHERE).orElseThrow();
    assertThat(delivery.id()).isEqualTo("a");
    assertThat(delivery.headers()).containsEntry("Idempotency-Key", "a");
    assertThat(new String(delivery.body().orElseThrow(), StandardCharsets.UTF_8))
        .contains("blocks", "study/pilot");
  }

  @Test
  void failureForAnHourIsAFaultOfTheHub() {
    NotificationsStatus failing =
        new NotificationsStatus(
            List.of(new Receiver("slack", null, null, "answers 404", SECONDS, List.of(A))), null);

    assertThat(Telling.fails(failing, NOW.plusSeconds(3599))).isEmpty();
    assertThat(Telling.fails(failing, NOW.plusSeconds(3601))).contains("slack answers 404");
    assertThat(Telling.fails(null, NOW)).isEmpty();
  }

  @Test
  void aReceiverThatFailsIsNotToldThatItDoes() {
    Situation fails =
        new Situation(
            Map.of("Degraded/NotificationsFail", new Fact("NotificationsFail", "m")), true, true);
    Receiver failing = new Receiver("slack", List.of("Served"), null, "x", SECONDS, List.of(A));
    telling.step(failing, fails, Optional.empty(), NOW);
    telling.step(receiver(), fails, Optional.empty(), NOW);

    assertThat(
            telling
                .step(failing, fails, Optional.empty(), NOW.plusSeconds(60))
                .receiver()
                .pending())
        .containsExactly(A);
    Receiver other = new Receiver("webhook", List.of("Served"), null, null, null, null);
    telling.step(other, fails, Optional.empty(), NOW);
    assertThat(
            telling.step(other, fails, Optional.empty(), NOW.plusSeconds(60)).receiver().pending())
        .hasSize(1);
  }

  private Heartbeat beat(Heartbeat before, String good, String failed, boolean noFail) {
    return telling.heartbeat(before, good, failed, Optional.empty(), noFail, NOW);
  }

  @Test
  void aMonitorHearsOfEachGoodBackupOnce() {
    String later = "2030-01-02T04:00:00Z";
    Heartbeat first = beat(null, "2030-01-01T00:00:00Z", null, false);
    assertThat(telling.delivery(first, "2030-01-01T00:00:00Z", null, "1", SOMEWHERE)).isEmpty();

    Delivery due = telling.delivery(first, later, null, "1", SOMEWHERE).orElseThrow();
    assertThat(due.destination().uri()).hasToString("https://x.org/heartbeat/1");
    assertThat(due.body()).isEmpty();
    assertThat(beat(first, later, null, false)).isEqualTo(first);

    telling.came("heartbeat", result(due.id(), 1, null));
    Heartbeat told = beat(first, later, null, false);
    assertThat(told.toldSuccess()).isEqualTo(later);
    assertThat(told.lastSent()).isEqualTo(SECONDS);
    assertThat(telling.delivery(told, later, null, "1", SOMEWHERE)).isEmpty();
    assertThat(beat(told, later, null, false)).isEqualTo(told);
    // An older one is the newest again, since the newest was deleted.
    assertThat(telling.delivery(told, "2030-01-02T03:30:00Z", null, "1", SOMEWHERE)).isEmpty();
  }

  @Test
  void aFailureIsASignalOfItsOwn() {
    Heartbeat told = new Heartbeat(SECONDS, SECONDS, null, null, null);
    String failed = "2030-01-02T04:00:00Z";
    String good = "2030-01-02T05:00:00Z";

    Delivery due = telling.delivery(told, good, failed, "1", SOMEWHERE).orElseThrow();
    assertThat(due.destination().uri()).hasToString("https://x.org/heartbeat/1/fail");
    telling.came("heartbeat", result(due.id(), 1, null));
    Heartbeat then = beat(told, good, failed, false);
    assertThat(then.toldFailure()).isEqualTo(failed);

    assertThat(telling.delivery(then, good, failed, "1", SOMEWHERE).orElseThrow().destination())
        .isEqualTo(SOMEWHERE);
  }

  @Test
  void aServiceWithoutASignalForFailuresHearsNone() {
    Heartbeat told = new Heartbeat(SECONDS, SECONDS, null, null, null);

    Heartbeat after = beat(told, null, "2030-01-02T04:00:00Z", true);

    assertThat(after.toldFailure()).isEqualTo("2030-01-02T04:00:00Z");
    assertThat(after.lastSent()).isNull();
  }

  @Test
  void aMonitorThatIsNotReachedIsTold() {
    Heartbeat told = new Heartbeat(SECONDS, SECONDS, null, null, null);
    String good = "2030-01-02T05:00:00Z";
    telling.came("heartbeat", result("good " + good, 3, "answers 500"));

    Heartbeat failing = beat(told, good, null, false);

    assertThat(failing.lastError()).isEqualTo("answers 500");
    assertThat(failing.failingSince()).isEqualTo(SECONDS);
    assertThat(beat(failing, good, null, false)).isEqualTo(failing);
  }
}
