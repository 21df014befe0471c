package io.sanadflow.studyhub.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor;
import io.fabric8.mockwebserver.crud.Attribute;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.HttpUrl;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The requests to the API. Reading, watching and deleting are the mock server's; writing is done
 * here, as a cluster does it: server-side apply, defaults, a status that is a subresource for every
 * kind, versions that move only when something changed, and dependents that go with their owner.
 */
final class ApiDispatcher extends ApiStore {

  /** What a client cannot change of an object that is there. */
  private static final List<String> FIXED =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "generation",
          "resourceVersion");

  private final Admission admission;

  /** A request that writes. */
  private record Write(
      String path, Map<String, String> address, String query, String body, String contentType) {

    boolean toStatus() {
      // Not an object that is called status.
      return path.endsWith(
          address.get(KubernetesAttributesExtractor.PLURAL)
              + "/"
              + address.get(KubernetesAttributesExtractor.NAME)
              + "/status");
    }

    String what() {
      return address.get(KubernetesAttributesExtractor.PLURAL)
          + " \""
          + address.get(KubernetesAttributesExtractor.NAME)
          + "\"";
    }
  }

  ApiDispatcher(Admission admission) {
    this.admission = admission;
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String path = request.getPath().replaceAll("\\?.*", "");
    if (request.getMethod().equals("GET") && Discovery.asks(path)) {
      return Discovery.answer(path)
          .map(it -> json(200, it))
          .orElseGet(() -> ApiException.notFound(path).response());
    }
    if (request.getMethod().equals("DELETE")) {
      boolean keep = body(request).contains("\"Orphan\"");
      return delete(request.getPath(), keep);
    }
    MockResponse response = super.dispatch(request);
    return response == null
        ? ApiException.unreadable(request.getRequestLine()).response()
        : response;
  }

  @Override
  public MockResponse handleCreate(RecordedRequest request) {
    return write(request, it -> json(201, create(it, read(it)).toString()));
  }

  @Override
  public MockResponse handleUpdate(RecordedRequest request) {
    return write(request, it -> json(200, replace(it, live(it), read(it), false).toString()));
  }

  @Override
  public MockResponse handlePatch(RecordedRequest request) {
    return write(
        request,
        it -> {
          String type = it.contentType().replaceAll(";.*", "");
          return switch (type) {
            case "application/apply-patch+yaml" -> apply(it);
            case "application/merge-patch+json" ->
                json(
                    200,
                    replace(it, live(it), Bodies.merged(tree(live(it)), read(it)), false)
                        .toString());
            case "application/json-patch+json" ->
                json(
                    200,
                    replace(it, live(it), Bodies.patched(tree(live(it)), it.body()), false)
                        .toString());
            default -> throw ApiException.mediaType(type);
          };
        });
  }

  private MockResponse write(RecordedRequest request, Function<Write, MockResponse> handler) {
    String whole = request.getPath();
    String path = whole.replaceAll("\\?.*", "");
    Map<String, String> address =
        ((KubernetesAttributesExtractor) attributeExtractor).fromKubernetesPath(path);
    Write write =
        new Write(
            path,
            address,
            whole,
            body(request),
            Optional.ofNullable(request.getHeader("Content-Type")).orElse(""));
    return exclusively(
        () -> {
          try {
            return handler.apply(write);
          } catch (ApiException refused) {
            return refused.response();
          }
        });
  }

  private ObjectNode create(Write write, ObjectNode object) {
    ObjectNode metadata = object.withObject("/metadata");
    if (metadata.path("name").asText().isEmpty()) {
      String prefix = metadata.path("generateName").asText();
      if (prefix.isEmpty()) {
        throw ApiException.invalid("metadata.name: Required value: name or generateName");
      }
      metadata.put("name", prefix + UUID.randomUUID().toString().substring(0, 5));
    }
    String name = metadata.path("name").asText();
    String namespace = write.address().get(KubernetesAttributesExtractor.NAMESPACE);
    if (namespace != null) {
      if (!metadata.path("namespace").asText(namespace).equals(namespace)) {
        throw ApiException.unreadable(
            "the namespace of the object does not match the namespace of the address");
      }
      metadata.put("namespace", namespace);
    }
    AttributeSet key =
        getKey(write.path()).add(new Attribute(KubernetesAttributesExtractor.NAME, name));
    if (findResource(key) != null) {
      throw ApiException.exists(object.path("kind").asText() + " \"" + name + "\"");
    }
    metadata.remove("deletionTimestamp");
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", now());
    metadata.put("generation", 1);
    metadata.put("resourceVersion", String.valueOf(requestResourceVersion()));
    object.remove("status");
    admission.complete(object);
    processEvent(write.path(), key, null, null, object.toString());
    collectIfOrphaned(key);
    return object;
  }

  private MockResponse apply(Write write) {
    HttpUrl url = HttpUrl.parse("http://localhost" + write.query());
    String manager = Optional.ofNullable(url.queryParameter("fieldManager")).orElse("");
    if (manager.isEmpty()) {
      throw ApiException.unreadable("fieldManager is required for apply patch");
    }
    boolean force = "true".equals(url.queryParameter("force"));
    ObjectNode wanted = read(write);
    if (!write.toStatus()) {
      wanted.remove("status");
    }
    Map.Entry<AttributeSet, String> live = findResource(getKey(write.path()));
    if (live != null) {
      ObjectNode result =
          ServerSideApply.apply(
              tree(live), wanted, manager, write.toStatus() ? "status" : "", force);
      for (String precondition : List.of("resourceVersion", "uid")) {
        JsonNode given = wanted.path("metadata").path(precondition);
        if (given.isTextual()) {
          result.withObject("/metadata").set(precondition, given);
        }
      }
      return json(200, replace(write, live, result, true).toString());
    }
    if (write.toStatus() || wanted.path("metadata").has("resourceVersion")) {
      throw ApiException.notFound(write.what());
    }
    ObjectNode empty = JsonNodeFactory.instance.objectNode();
    empty.set("apiVersion", wanted.path("apiVersion"));
    empty.set("kind", wanted.path("kind"));
    empty.putObject("metadata").put("name", write.address().get("name"));
    return json(
        201, create(write, ServerSideApply.apply(empty, wanted, manager, "", force)).toString());
  }

  /** Stores an object in place of what is there, as far as the address allows it. */
  private ObjectNode replace(
      Write write, Map.Entry<AttributeSet, String> there, ObjectNode wanted, boolean applied) {
    ObjectNode live = tree(there);
    JsonNode before = live.path("metadata");
    JsonNode after = wanted.path("metadata");
    if (!after.path("resourceVersion").asText().isEmpty()
        && !after.path("resourceVersion").equals(before.path("resourceVersion"))) {
      throw ApiException.conflict(
          "Operation cannot be fulfilled on "
              + write.what()
              + ": the object has been modified; please apply your changes to the latest version"
              + " and try again");
    }
    if (!after.path("uid").asText().isEmpty() && !after.path("uid").equals(before.path("uid"))) {
      throw ApiException.conflict("the object of that uid is gone: " + write.what());
    }
    ObjectNode result = write.toStatus() ? live.deepCopy() : wanted.deepCopy();
    copy(write.toStatus() ? wanted : live, result, "status");
    ObjectNode metadata = result.withObject("/metadata");
    FIXED.forEach(it -> copy(before, metadata, it));
    copy(applied ? after : before, metadata, "managedFields");
    admission.complete(result);
    if (result.equals(live)) {
      return live;
    }
    if (!content(result).equals(content(live))) {
      metadata.put("generation", before.path("generation").asLong() + 1);
    }
    metadata.put("resourceVersion", String.valueOf(requestResourceVersion()));
    boolean gone = metadata.has("deletionTimestamp") && metadata.path("finalizers").isEmpty();
    processEvent(
        write.path(), getKey(write.path()), there.getKey(), null, gone ? null : result.toString());
    return result;
  }

  private static void copy(JsonNode from, ObjectNode to, String field) {
    JsonNode value = from.get(field);
    if (value == null || value.isNull()) {
      to.remove(field);
    } else {
      to.set(field, value.deepCopy());
    }
  }

  /** What a generation is about. */
  private static ObjectNode content(ObjectNode object) {
    return object.deepCopy().remove(Set.of("metadata", "status"));
  }

  private Map.Entry<AttributeSet, String> live(Write write) {
    Map.Entry<AttributeSet, String> live = findResource(getKey(write.path()));
    if (live == null) {
      throw ApiException.notFound(write.what());
    }
    return live;
  }

  private static ObjectNode tree(Map.Entry<AttributeSet, String> entry) {
    return Bodies.parse(entry.getValue());
  }

  private static ObjectNode read(Write write) {
    ObjectNode object = Bodies.parse(write.body());
    if (object.path("kind").asText().isEmpty() && write.contentType().contains("apply")) {
      throw ApiException.invalid("kind: Required value");
    }
    return object;
  }

  private static MockResponse json(int code, String body) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(body);
  }

  private static String body(RecordedRequest request) {
    return Optional.ofNullable(request.getUtf8Body()).orElse("");
  }
}
