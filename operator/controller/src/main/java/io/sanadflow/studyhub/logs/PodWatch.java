package io.sanadflow.studyhub.logs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Which containers there are: listed once, and watched from then on. */
final class PodWatch implements Runnable {

  private static final JsonFactory JSON = new JsonFactory();

  private static final String COMPONENT = "app.kubernetes.io/component";

  /** As long as one watch lasts at most; its end costs one further request. */
  private static final Duration WATCH = Duration.ofMinutes(5);

  private static final int GONE = 410;

  private final ApiServer server;
  private final String selector;
  private final Consumer<Map<Source, Integer>> listener;
  private final Pause pause;
  private final Consumer<String> log;
  private volatile Optional<String> trouble = Optional.of("the pods are not listed yet");

  /** The containers that have run, with the number of their restarts, by the uid of their pod. */
  private final Map<String, Map<Source, Integer>> pods = new HashMap<>();

  /**
   * A watch that is not there yet.
   *
   * @param listener is told all containers that have run, with the number of their restarts,
   *     whenever that changes
   */
  PodWatch(
      ApiServer server,
      String selector,
      Consumer<Map<Source, Integer>> listener,
      Pause pause,
      Consumer<String> log) {
    this.server = server;
    this.selector = selector;
    this.listener = listener;
    this.pause = pause;
    this.log = log;
  }

  /** Watches until it is told to stop. */
  @Override
  public void run() {
    while (!pause.ended()) {
      try {
        watch(list());
      } catch (IOException failed) {
        if (!pause.ended()) {
          trouble = Optional.of("the pods cannot be watched: " + failed.getMessage());
          log.accept(trouble.get());
        }
      }
      if (!pause.ended()) {
        pause.some();
      }
    }
  }

  /** Why it is not known which pods there are. */
  Optional<String> trouble() {
    return trouble;
  }

  private String list() throws IOException {
    try (ApiServer.Answer answer = server.pods(selector);
        JsonParser json = JSON.createParser(answer.body())) {
      json.nextToken();
      Tree list = Tree.read(json);
      pods.clear();
      list.at("items").items().forEach(this::put);
      tell();
      trouble = Optional.empty();
      return list.at("metadata", "resourceVersion").text();
    }
  }

  /** Watches from a version on, watch after watch, until one fails or the version is too old. */
  private void watch(String version) throws IOException {
    String newest = version;
    while (!pause.ended()) {
      try (ApiServer.Answer answer = server.changes(selector, newest, WATCH)) {
        pause.reset();
        JsonParser json = JSON.createParser(answer.body());
        while (json.nextToken() == JsonToken.START_OBJECT) {
          Tree event = Tree.read(json);
          Tree object = event.at("object");
          switch (event.at("type").text()) {
            case "ERROR" -> {
              if (object.at("code").text().equals(String.valueOf(GONE))) {
                return;
              }
              throw new IOException(object.at("message").text());
            }
            case "BOOKMARK" -> {}
            case "DELETED" -> {
              pods.remove(object.at("metadata", "uid").text());
              tell();
            }
            default -> {
              put(object);
              tell();
            }
          }
          newest = object.at("metadata", "resourceVersion").text();
        }
      } catch (ApiException refused) {
        if (refused.status() == GONE) {
          return;
        }
        throw refused;
      }
    }
  }

  private void tell() {
    Map<Source, Integer> all = new HashMap<>();
    pods.values().forEach(all::putAll);
    listener.accept(all);
  }

  private void put(Tree pod) {
    String uid = pod.at("metadata", "uid").text();
    String name = pod.at("metadata", "name").text();
    String component = pod.at("metadata", "labels", COMPONENT).text();
    Map<Source, Integer> containers = new HashMap<>();
    Stream.concat(
            pod.at("status", "containerStatuses").items(),
            pod.at("status", "initContainerStatuses").items().filter(it -> sidecar(pod, it)))
        // One that waits for its first run has no log.
        .filter(
            it -> it.at("state", "waiting").absent() || !it.at("lastState", "terminated").absent())
        .forEach(
            it ->
                containers.put(
                    new Source(name, uid, component, it.at("name").text()),
                    Integer.parseInt("0" + it.at("restartCount").text())));
    pods.put(uid, containers);
  }

  private static boolean sidecar(Tree pod, Tree status) {
    return pod.at("spec", "initContainers")
        .items()
        .filter(it -> it.at("name").text().equals(status.at("name").text()))
        .anyMatch(it -> it.at("restartPolicy").text().equals("Always"));
  }
}
