package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sanadflow.studyhub.api.v1alpha1.Condition;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.sandbox.Paint.Mark;
import io.sanadflow.studyhub.sandbox.Picture.Entry;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Tells what happens to the hubs, line by line, and draws their objects as a tree. */
final class Narrator {

  private static final Set<String> GOOD =
      Set.of("Ready", "AppReady", "PoolerReady", "DatabaseReady", "RedisReady");

  private static final int KIND_WIDTH = 21;

  private static final int NAMES_WIDTH = 52;

  private final KubernetesClient client;
  private final PrintStream out;
  private final Paint paint;
  private final Clock clock;
  private final Instant start;

  /** What was told of each object last, by hub, kind and name. */
  private final Map<String, Entry> objects = new HashMap<>();

  private final Map<String, Condition> conditions = new HashMap<>();

  Narrator(KubernetesClient client, PrintStream out, Paint paint, Clock clock) {
    this.client = client;
    this.out = out;
    this.paint = paint;
    this.clock = clock;
    this.start = clock.instant();
  }

  /** All hubs that there are. */
  List<StudyHub> hubs() {
    return client.resources(StudyHub.class).inAnyNamespace().list().getItems().stream()
        .sorted(Comparator.comparing(Narrator::name))
        .toList();
  }

  static String name(StudyHub hub) {
    return hub.getMetadata().getNamespace() + "/" + hub.getMetadata().getName();
  }

  /** A condition of a hub. */
  static Optional<Condition> condition(StudyHub hub, String type) {
    return Optional.ofNullable(hub.getStatus()).map(it -> it.conditions()).stream()
        .flatMap(List::stream)
        .filter(it -> it.type().equals(type))
        .findFirst();
  }

  /** Prints a line with the time since the start. */
  void say(Mark mark, String text) {
    Duration since = Duration.between(start, clock.instant());
    String time = "%3d.%ds".formatted(since.toSeconds(), since.toMillisPart() / 100);
    out.println(paint.dim(time) + "  " + paint.mark(mark) + " " + text);
    out.flush();
  }

  /** Prints what has changed since it was last called. */
  void news() {
    Set<String> there = new HashSet<>();
    for (StudyHub hub : hubs()) {
      objects(hub, there);
      conditions(hub, there);
    }
    for (String key : List.copyOf(objects.keySet())) {
      if (!there.contains(key)) {
        Entry gone = objects.remove(key);
        if (gone != null) {
          say(Mark.PLAIN, gone.kind() + " " + gone.name() + " is gone");
        }
      }
    }
    conditions.keySet().retainAll(there);
  }

  private void objects(StudyHub hub, Set<String> there) {
    Map<String, List<String>> made = new LinkedHashMap<>();
    for (Entry entry : Picture.of(client, hub)) {
      String key = name(hub) + " " + entry.kind() + " " + entry.name();
      there.add(key);
      Entry before = objects.put(key, entry);
      if (before == null && entry.state().isEmpty()) {
        made.computeIfAbsent(entry.kind(), it -> new ArrayList<>()).add(entry.name());
      } else if (before == null || !before.state().equals(entry.state())) {
        say(entry.mark(), entry.kind() + " " + entry.name() + "  " + entry.state());
      } else if (entry.state().isEmpty() && !before.version().equals(entry.version())) {
        say(entry.mark(), entry.kind() + " " + entry.name() + " is changed");
      }
    }
    made.forEach((kind, names) -> say(Mark.PLAIN, kind + " " + String.join(", ", names)));
  }

  private void conditions(StudyHub hub, Set<String> there) {
    Optional.ofNullable(hub.getStatus()).map(it -> it.conditions()).stream()
        .flatMap(List::stream)
        .forEach(
            now -> {
              String key = name(hub) + " condition " + now.type();
              there.add(key);
              Condition before = conditions.put(key, now);
              boolean same =
                  before != null
                      && before.status().equals(now.status())
                      && before.message().equals(now.message());
              boolean quiet = before == null && mark(now) == Mark.PLAIN;
              if (!same && !quiet) {
                say(mark(now), "StudyHub " + hub.getMetadata().getName() + "  " + words(now));
              }
            });
  }

  private static String words(Condition condition) {
    return condition.type() + "=" + condition.status() + "  " + condition.message();
  }

  private static Mark mark(Condition condition) {
    boolean holds = condition.status().equals("True");
    if (GOOD.contains(condition.type())) {
      return holds ? Mark.READY : Mark.WAITING;
    }
    return !holds
        ? Mark.PLAIN
        : Set.of("Stalled", "Degraded").contains(condition.type()) ? Mark.FAILED : Mark.WAITING;
  }

  /** Draws every hub with its objects, and its conditions below. */
  void tree() {
    for (StudyHub hub : hubs()) {
      List<Entry> entries = Picture.of(client, hub);
      Map<String, List<Entry>> children = new HashMap<>();
      List<Entry> top = new ArrayList<>();
      Set<String> uids = new HashSet<>();
      entries.forEach(it -> uids.add(it.uid()));
      for (Entry entry : entries) {
        if (uids.contains(entry.owner())) {
          children.computeIfAbsent(entry.owner(), it -> new ArrayList<>()).add(entry);
        } else {
          top.add(entry);
        }
      }
      out.println();
      String health =
          Optional.ofNullable(hub.getStatus()).map(it -> it.health()).orElse("not visited yet");
      out.println(paint.bold("StudyHub " + name(hub)) + "  " + health);
      draw(lines(top), children);
      out.println();
      Optional.ofNullable(hub.getStatus()).map(it -> it.conditions()).stream()
          .flatMap(List::stream)
          .forEach(
              it ->
                  out.println(
                      "  %s %-14s %-8s %s"
                          .formatted(paint.mark(mark(it)), it.type(), it.status(), it.message())));
    }
    out.flush();
  }

  /** What runs, each on a line of its own; what just is, a line for each kind. */
  private static List<Entry> lines(List<Entry> entries) {
    List<Entry> lines = new ArrayList<>();
    Map<String, List<String>> plain = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry.state().isEmpty()) {
        plain.computeIfAbsent(entry.kind(), it -> new ArrayList<>()).add(entry.name());
      } else {
        lines.add(entry);
      }
    }
    plain.forEach(
        (kind, names) ->
            lines.add(new Entry(kind, String.join(", ", names), Mark.PLAIN, "", "", "", "")));
    return lines;
  }

  private void draw(List<Entry> entries, Map<String, List<Entry>> children) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      boolean last = i == entries.size() - 1;
      out.println(paint.branch(last) + line(entry, paint.stem(last)));
      List<Entry> below = children.getOrDefault(entry.uid(), List.of());
      for (int j = 0; j < below.size(); j++) {
        out.println(
            paint.stem(last) + paint.branch(j == below.size() - 1) + line(below.get(j), ""));
      }
    }
  }

  private String line(Entry entry, String stem) {
    String head = "%-" + KIND_WIDTH + "s ";
    String names =
        entry.state().isEmpty()
            ? wrapped(entry.name(), stem + " ".repeat(KIND_WIDTH + 3))
            : entry.name() + "  " + paint.text(entry.mark(), entry.state());
    return paint.mark(entry.mark()) + " " + head.formatted(entry.kind()) + names;
  }

  /** A list of names on as many lines as it takes. */
  private static String wrapped(String names, String margin) {
    StringBuilder text = new StringBuilder();
    int width = 0;
    for (String name : names.split("(?<=, )")) {
      if (width > 0 && width + name.length() > NAMES_WIDTH) {
        text.setLength(text.length() - 1);
        text.append(System.lineSeparator()).append(margin);
        width = 0;
      }
      text.append(name);
      width += name.length();
    }
    return text.toString();
  }
}
