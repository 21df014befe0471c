package io.sanadflow.studyhub.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All objects of a namespace at one moment, but for events; two of them show what was written. */
final class Inventory {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> IGNORED = Set.of("events", "events.events.k8s.io", "endpoints");
  private static @Nullable List<String> kinds;

  /**
   * One object.
   *
   * @param written what the operator's field manager last wrote and when, to the second
   */
  private record Entry(String uid, String resourceVersion, String written) {}

  private final Map<String, Entry> entries;

  private Inventory(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** What is in the namespace of the tests now. */
  static Inventory of(Cluster cluster) {
    String listed =
        cluster
            .kubectl("get", String.join(",", kinds()), "-o", "json", "--show-managed-fields")
            .orFail();
    try {
      Map<String, Entry> entries = new TreeMap<>();
      for (JsonNode item : JSON.readTree(listed).path("items")) {
        JsonNode metadata = item.path("metadata");
        entries.put(
            item.path("kind").asText() + "/" + metadata.path("name").asText(),
            new Entry(
                metadata.path("uid").asText(),
                metadata.path("resourceVersion").asText(),
                written(metadata)));
      }
      return new Inventory(entries);
    } catch (JsonProcessingException wrong) {
      throw new IllegalStateException("kubectl printed no JSON", wrong);
    }
  }

  /** The kinds of a namespace that can be listed, as kubectl writes them. */
  static synchronized List<String> kinds() {
    if (kinds == null) {
      kinds =
          Shell.run(
                  "",
                  List.of(
                      "kubectl",
                      "api-resources",
                      "--namespaced",
                      "--verbs=list,watch",
                      "--output=name"))
              .orFail()
              .lines()
              .filter(it -> !IGNORED.contains(it))
              .toList();
    }
    return kinds;
  }

  private static String written(JsonNode metadata) {
    List<String> found = new ArrayList<>();
    for (JsonNode entry : metadata.path("managedFields")) {
      if (Operator.NAME.equals(entry.path("manager").asText())) {
        found.add(entry.toString());
      }
    }
    return found.toString();
  }

  /** The names of all objects, as Kind/name. */
  Set<String> names() {
    return entries.keySet();
  }

  /** An object's uid; empty if it is not there. */
  String uid(String name) {
    Entry entry = entries.get(name);
    return entry == null ? "" : entry.uid();
  }

  /** What somebody, whoever it was, made, changed or deleted between this moment and a later. */
  Set<String> changed(Inventory later) {
    return difference(later, (before, after) -> before.equals(after));
  }

  /**
   * What the operator made, changed or deleted between this moment and a later. Two writes of the
   * same fields in the same second look like one.
   */
  Set<String> writtenByOperator(Inventory later) {
    Set<String> written =
        difference(
            later,
            (before, after) ->
                before.uid().equals(after.uid()) && before.written().equals(after.written()));
    // Pods, ReplicaSets and EndpointSlices come and go by other hands.
    written.removeIf(it -> "[]".equals(any(later, it).written()));
    return written;
  }

  private Entry any(Inventory later, String name) {
    Entry after = later.entries.get(name);
    Entry found = after == null ? entries.get(name) : after;
    if (found == null) {
      throw new IllegalArgumentException(name + " is in neither inventory");
    }
    return found;
  }

  private interface Sameness {
    boolean holds(Entry before, Entry after);
  }

  private Set<String> difference(Inventory later, Sameness same) {
    Set<String> names = new TreeSet<>(entries.keySet());
    names.addAll(later.entries.keySet());
    names.removeIf(
        it -> {
          Entry before = entries.get(it);
          Entry after = later.entries.get(it);
          return before != null && after != null && same.holds(before, after);
        });
    return names;
  }
}
