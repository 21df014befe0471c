package io.sanadflow.studyhub.notify;

import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Message;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.News;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Receiver;
import io.sanadflow.studyhub.notify.Situation.Fact;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver is told next: a function of what it knows and of how the hub stands. Everything
 * that has settled at one visit is one message. While an older message is not taken yet, further
 * news gather in the one that follows it, so that two is the most there ever are.
 */
final class Outbox {

  /** Of how many news a message has room: they are in memory for each hub until they are taken. */
  static final int MOST_NEWS = 10;

  /** How much of a condition's message is told; the status has it whole. */
  static final int MOST_CHARACTERS = 400;

  /**
   * The outcome.
   *
   * @param lookAgain when something that differs now may be told
   */
  record Step(Receiver receiver, Optional<Instant> lookAgain) {}

  private final Situation situation;
  private final Settling settling;
  private final Instant now;
  private final String hub;

  /**
   * For one visit.
   *
   * @param hub a text that no other hub has, for the ids of messages
   */
  Outbox(Situation situation, Settling settling, Instant now, String hub) {
    this.situation = situation;
    this.settling = settling;
    this.now = now;
    this.hub = hub;
  }

  /** One step of a receiver. */
  Step step(Receiver before) {
    Set<String> told = new TreeSet<>(before.told() == null ? List.of() : before.told());
    if (!told.contains(Situation.SERVED) && situation.present().containsKey(Situation.OFFLOADED)) {
      // It was so before there was anybody to tell.
      told.add(Situation.OFFLOADED);
    }
    if (situation.ready()) {
      told.add(Situation.SERVED);
    }
    Set<String> candidates = new TreeSet<>(situation.present().keySet());
    candidates.addAll(told);
    candidates.remove(Situation.SERVED);
    Set<String> differing = new HashSet<>();
    List<News> news = new ArrayList<>();
    @Nullable Instant next = null;
    for (String key : candidates) {
      boolean is = situation.present().containsKey(key);
      if (is == told.contains(key) || quiet(key, is, told)) {
        continue;
      }
      differing.add(key);
      boolean problem = is && !key.equals(Situation.OFFLOADED);
      Instant due = settling.differs(key, problem, now);
      if (now.isBefore(due)) {
        next = next == null || due.isBefore(next) ? due : next;
        continue;
      }
      news(key, is).ifPresent(news::add);
      if (is) {
        told.add(key);
      } else {
        told.remove(key);
      }
      differing.remove(key);
    }
    settling.keepOnly(differing);
    return new Step(with(before, told, news), Optional.ofNullable(next));
  }

  private boolean quiet(String key, boolean is, Set<String> told) {
    if (!told.contains(Situation.SERVED)) {
      // That a new hub does not serve yet is no incident; that it waits for help is told.
      return key.equals(Situation.NOT_READY) && is;
    }
    return situation.undecided(key);
  }

  private Optional<News> news(String key, boolean is) {
    String time = settling.since(key).orElse(now).truncatedTo(ChronoUnit.SECONDS).toString();
    @Nullable Fact fact = situation.present().get(key);
    if (key.equals(Situation.OFFLOADED)) {
      // That media come back is somebody's wish, and no news to him.
      return Optional.ofNullable(fact)
          .map(it -> new News(time, "Offload", "Done", it.reason(), excerpt(it.message())));
    }
    boolean degraded = key.startsWith(Situation.DEGRADED);
    String type =
        degraded ? "Degraded" : key.equals(Situation.NOT_READY) ? "Ready" : Situation.STALLED;
    if (!is || fact == null) {
      return Optional.of(
          new News(
              time,
              type,
              "Recovered",
              degraded ? key.substring(Situation.DEGRADED.length()) : null,
              null));
    }
    return Optional.of(new News(time, type, "Problem", fact.reason(), excerpt(fact.message())));
  }

  static String excerpt(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS - 3) + "...";
  }

  private Receiver with(Receiver before, Set<String> told, List<News> news) {
    List<Message> pending =
        new ArrayList<>(before.pending() == null ? List.of() : before.pending());
    if (!news.isEmpty()) {
      // The first may have reached the receiver already, under its id, and is left as it is.
      @Nullable Message waits = pending.size() < 2 ? null : pending.remove(1);
      pending.add(message(before.name(), waits, news));
    }
    return new Receiver(
        before.name(),
        told.isEmpty() ? null : List.copyOf(told),
        before.lastSent(),
        before.lastError(),
        before.failingSince(),
        pending.isEmpty() ? null : List.copyOf(pending));
  }

  private Message message(String receiver, @Nullable Message waits, List<News> news) {
    List<News> all = new ArrayList<>(waits == null ? List.of() : waits.news());
    all.addAll(news);
    int leftOut = waits == null || waits.leftOut() == null ? 0 : waits.leftOut();
    int over = Math.max(0, all.size() - MOST_NEWS);
    List<News> kept = List.copyOf(all.subList(over, all.size()));
    leftOut += over;
    return new Message(Ids.of(hub, receiver, now, kept), leftOut == 0 ? null : leftOut, kept);
  }
}
