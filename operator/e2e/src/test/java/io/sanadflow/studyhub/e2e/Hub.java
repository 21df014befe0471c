package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One StudyHub in the namespace of the tests: written with kubectl, read through the API. */
final class Hub {

  /** The hub's first version. */
  static final String IMAGE_1 = System.getProperty("e2e.hub", "ghcr.io/sanadflow/hub") + ":1";

  /** The second, whose migration adds a column. */
  static final String IMAGE_2 = System.getProperty("e2e.hub", "ghcr.io/sanadflow/hub") + ":2";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A condition of the status. */
  record Condition(String status, String reason, String message, long observedGeneration) {}

  private final Cluster cluster;
  private final String name;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  Hub(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  String name() {
    return name;
  }

  /** The smallest spec: the app's image. */
  static String minimal(String image) {
    return "{app: {image: \"" + image + "\"}}";
  }

  /** Applies the hub with {@code spec}, which is YAML in flow style. */
  Shell.Result apply(String spec) {
    return cluster.kubectlWith(
        """
        apiVersion: sanadflow.io/v1alpha1
        kind: StudyHub
        metadata:
          name: %s
        spec: %s
        """
            .formatted(name, spec),
        "apply",
        "-f",
        "-");
  }

  /** Changes the spec by a merge patch, which is YAML in flow style. */
  Shell.Result patch(String spec) {
    return cluster.kubectl("patch", "studyhub", name, "--type=merge", "--patch", "spec: " + spec);
  }

  /** The StudyHub as it is now. */
  JsonNode get() {
    GenericKubernetesResource found =
        cluster
            .client()
            .genericKubernetesResources("sanadflow.io/v1alpha1", "StudyHub")
            .inNamespace(cluster.namespace())
            .withName(name)
            .require();
    return JSON.valueToTree(found);
  }

  /** The conditions by type. */
  Map<String, Condition> conditions() {
    Map<String, Condition> conditions = new TreeMap<>();
    for (JsonNode it : get().path("status").path("conditions")) {
      conditions.put(
          it.path("type").asText(),
          new Condition(
              it.path("status").asText(),
              it.path("reason").asText(),
              it.path("message").asText(),
              it.path("observedGeneration").asLong()));
    }
    return conditions;
  }

  /** Applies a hub that needs no more than this bucket, and waits until it is Ready. */
  void startWith(Bucket bucket, Duration limit) {
    apply("{app: {image: \"" + IMAGE_1 + "\"}, objectStore: " + bucket.spec("") + "}").orFail();
    awaitReady(limit);
  }

  /** Waits until the newest spec is Ready and nothing is under way any more. */
  void awaitReady(Duration limit) {
    await(limit, "Ready", () -> settled() && is("Ready", "True"));
  }

  /** Waits for a condition of the newest generation. */
  void awaitCondition(String type, String status, Duration limit) {
    await(limit, type + "=" + status, () -> current() && is(type, status));
  }

  /** Waits for the first backup, which is made as soon as the store is found to work. */
  void awaitBackup(Duration limit) {
    await(
        limit,
        "backed up",
        () -> get().path("status").path("backup").path("lastSuccessTime").isTextual());
  }

  /** Waits until the hub is Degraded for this reason. */
  void awaitDegraded(String reason, Duration limit) {
    await(
        limit,
        "Degraded for " + reason,
        () -> is("Degraded", "True") && conditions().get("Degraded").reason().equals(reason));
  }

  private void await(Duration limit, String what, Callable<Boolean> reached) {
    try {
      Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(500)).until(reached);
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          name + " is not " + what + " after " + limit.toSeconds() + " s: " + conditions(), late);
    }
  }

  private boolean settled() {
    return current() && is("Reconciling", "False") && is("Stalled", "False");
  }

  private boolean current() {
    JsonNode hub = get();
    return hub.path("status").path("observedGeneration").asLong(-1)
        == hub.path("metadata").path("generation").asLong();
  }

  private boolean is(String type, String status) {
    Condition condition = conditions().get(type);
    return condition != null && condition.status().equals(status);
  }

  /** The events about the StudyHub. */
  List<Event> events() {
    return cluster
        .client()
        .v1()
        .events()
        .inNamespace(cluster.namespace())
        .list()
        .getItems()
        .stream()
        .filter(it -> "StudyHub".equals(it.getInvolvedObject().getKind()))
        .filter(it -> name.equals(it.getInvolvedObject().getName()))
        .toList();
  }

  /** The pods of a part, but for those that are about to end. */
  List<Pod> pods(String component) {
    return cluster
        .client()
        .pods()
        .inNamespace(cluster.namespace())
        .withLabel("sanadflow.io/hub", name)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(it -> it.getMetadata().getDeletionTimestamp() == null)
        .filter(it -> !it.getMetadata().getOwnerReferences().isEmpty())
        .toList();
  }

  /** The uids of the pods of a part, in order. */
  List<String> podUids(String component) {
    return pods(component).stream().map(it -> it.getMetadata().getUid()).sorted().toList();
  }

  /** A value of a Secret. */
  String secret(String secret, String key) {
    String encoded =
        cluster
            .client()
            .secrets()
            .inNamespace(cluster.namespace())
            .withName(secret)
            .require()
            .getData()
            .get(key);
    assertThat(encoded).as("%s in Secret %s", key, secret).isNotNull();
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  /** Where the app's Service is reached from the machine of the tests. */
  URI uri() {
    return cluster.service(name, 80);
  }

  /** Writes a note and returns the answer. */
  JsonNode write(String text) {
    return exchange(
        HttpRequest.newBuilder(URI.create(uri() + "/notes"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}")),
        201);
  }

  /** The answer of GET /notes: how many there are, and the newest. */
  JsonNode notes() {
    return exchange(HttpRequest.newBuilder(URI.create(uri() + "/notes")), 200);
  }

  /** How many notes there are. */
  int count() {
    return notes().path("count").asInt();
  }

  /** What the app says of itself: version, heap limit, size of its pool. */
  JsonNode env() {
    return exchange(HttpRequest.newBuilder(URI.create(uri() + "/env")), 200);
  }

  /** Requests to the app, ten a second: four times reading the notes, then writing one. */
  Load load() {
    Load.Request read = Load.Request.get("/notes");
    return Load.start(
        uri(),
        10,
        read,
        read,
        read,
        read,
        Load.Request.post("/notes", "{\"text\":\"under load\"}"));
  }

  private JsonNode exchange(HttpRequest.Builder request, int expected) {
    try {
      HttpResponse<String> answer =
          http.send(
              request.timeout(Duration.ofSeconds(15)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException wrong) {
      throw new AssertionError("the hub answered something else than JSON", wrong);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
