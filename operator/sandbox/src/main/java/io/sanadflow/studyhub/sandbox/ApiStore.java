package io.sanadflow.studyhub.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.MockResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The mock server's objects, of which dependents go with their owner. */
abstract class ApiStore extends KubernetesCrudDispatcher {

  private final AtomicLong changes = new AtomicLong();

  /** The mock server's own, so that its readers and watchers see whole changes. */
  private @Nullable Lock writing;

  /** Whether the deletion under way leaves the dependents; guarded by {@link #writing}. */
  private boolean orphan;

  ApiStore() {
    // The lock is private to the parent but is shown to locked(); a deletion takes it for writing.
    super.handleDelete("/api/v1/namespaces/none/configmaps/none");
  }

  @Override
  protected void locked(Lock lock) {
    if (writing == null) {
      writing = lock;
    }
  }

  /** How many changes were stored so far. */
  long changes() {
    return changes.get();
  }

  /** Does something while nobody else reads or writes. */
  <T> T exclusively(Supplier<T> action) {
    Lock lock = Objects.requireNonNull(writing);
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Deletes what is at an address, and its dependents unless they are to be kept. */
  MockResponse delete(String path, boolean keepDependents) {
    return exclusively(
        () -> {
          orphan = keepDependents;
          try {
            return handleDelete(path);
          } finally {
            orphan = false;
          }
        });
  }

  @Override
  public void processEvent(
      String path,
      AttributeSet pathAttributes,
      @Nullable AttributeSet oldAttributes,
      @Nullable GenericKubernetesResource resource,
      @Nullable String newState) {
    changes.incrementAndGet();
    String before = oldAttributes == null ? null : map.get(oldAttributes);
    super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
    if (newState == null && before != null) {
      collect(Bodies.parse(before).at("/metadata/uid").asText());
    }
  }

  /** Deletes what has no owner left, or only forgets the owner where the deletion says so. */
  private void collect(String owner) {
    for (Map.Entry<AttributeSet, String> entry : new ArrayList<>(map.entrySet())) {
      if (!entry.getValue().contains(owner) || !map.containsKey(entry.getKey())) {
        continue;
      }
      ObjectNode object = Bodies.parse(entry.getValue());
      ObjectNode metadata = object.withObject("/metadata");
      List<JsonNode> others = new ArrayList<>();
      metadata.path("ownerReferences").forEach(others::add);
      if (!others.removeIf(it -> it.path("uid").asText().equals(owner))) {
        continue;
      }
      if (!others.isEmpty() || orphan) {
        metadata.putArray("ownerReferences").addAll(others);
      } else if (metadata.path("finalizers").isEmpty()) {
        processEvent("", entry.getKey(), entry.getKey(), null, null);
        continue;
      } else if (!metadata.has("deletionTimestamp")) {
        metadata.put("deletionTimestamp", now());
      }
      metadata.put("resourceVersion", String.valueOf(requestResourceVersion()));
      processEvent("", entry.getKey(), entry.getKey(), null, object.toString());
    }
  }

  /** Deletes an object that was made for an owner that is gone already. */
  void collectIfOrphaned(AttributeSet key) {
    Map.Entry<AttributeSet, String> made = findResource(key);
    JsonNode owners = Bodies.parse(made.getValue()).at("/metadata/ownerReferences");
    boolean owned = owners.isEmpty();
    for (JsonNode owner : owners) {
      String uid = "\"uid\":\"" + owner.path("uid").asText() + "\"";
      owned |=
          map.entrySet().stream()
              .filter(it -> !it.getKey().equals(made.getKey()) && it.getValue().contains(uid))
              .anyMatch(
                  it -> Bodies.parse(it.getValue()).at("/metadata/uid").equals(owner.path("uid")));
    }
    if (!owned) {
      processEvent("", made.getKey(), made.getKey(), null, null);
    }
  }

  /** The time as objects have it. */
  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
