package io.sanadflow.studyhub.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.sanadflow.studyhub.schema.HubSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An in-process Kubernetes API: fabric8's mock server, to which server-side apply and the defaults
 * of the StudyHub's schema are added. It validates nothing beyond that.
 */
final class SandboxApi implements AutoCloseable {

  private static final String APPLY = "application/apply-patch+yaml";

  // The mock server tells every request; kept here, since loggers are held weakly.
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");

  static {
    REQUESTS.setLevel(Level.WARNING);
  }

  private final KubernetesMockServer server;
  private final KubernetesClient client;

  private SandboxApi(KubernetesMockServer server) {
    this.server = server;
    this.client = server.createClient();
  }

  /** Starts it, with the StudyHub's definition installed. */
  static SandboxApi start() {
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(Serialization.jsonMapper()),
            new MockWebServer(),
            new HashMap<>(),
            new Dispatcher(),
            false);
    server.init();
    SandboxApi api = new SandboxApi(server);
    try (InputStream crd =
        HubSchema.class.getResourceAsStream("/crds/studyhubs.sanadflow.io.yaml")) {
      api.client.load(crd).create();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return api;
  }

  /** A client of it; closed with it. */
  KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }

  /** Turns an apply into the create or update that it comes to. */
  private static final class Dispatcher extends KubernetesCrudDispatcher {

    private final ObjectMapper mapper = Serialization.jsonMapper();
    private final HubSchema schema = new HubSchema();

    @Override
    public synchronized MockResponse handleCreate(RecordedRequest request) {
      ObjectNode object = read(request.getBody().readUtf8());
      return super.handleCreate(as(request, HttpMethod.POST, path(request), defaulted(object)));
    }

    @Override
    public synchronized MockResponse handleUpdate(RecordedRequest request) {
      return super.handleUpdate(request);
    }

    @Override
    public synchronized MockResponse handlePatch(RecordedRequest request) {
      String type = String.valueOf(request.getHeader("Content-Type"));
      return type.startsWith(APPLY) ? apply(request) : super.handlePatch(request);
    }

    private MockResponse apply(RecordedRequest request) {
      String path = path(request);
      boolean status = path.endsWith("/status");
      String subresource = status ? "status" : "";
      ObjectNode applied = read(request.getBody().readUtf8());
      Map.Entry<?, String> found = findResource(getKey(path));
      if (found == null && status) {
        return new MockResponse().setResponseCode(404);
      }
      ObjectNode live = found == null ? fresh(applied) : read(found.getValue());
      ObjectNode merged =
          defaulted(ServerSideApply.apply(live, applied, manager(request), subresource, true));
      if (found == null) {
        String collection = path.substring(0, path.lastIndexOf('/'));
        return super.handleCreate(as(request, HttpMethod.POST, collection, merged));
      }
      if (merged.equals(live)) {
        return new MockResponse().setResponseCode(200).setBody(found.getValue());
      }
      ((ObjectNode) merged.path("metadata")).remove("resourceVersion");
      return super.handleUpdate(as(request, HttpMethod.PUT, path, merged));
    }

    private ObjectNode fresh(ObjectNode applied) {
      ObjectNode fresh = mapper.createObjectNode();
      fresh.set("apiVersion", applied.path("apiVersion"));
      fresh.set("kind", applied.path("kind"));
      ObjectNode metadata = fresh.putObject("metadata");
      metadata.set("name", applied.path("metadata").path("name"));
      metadata.set("namespace", applied.path("metadata").path("namespace"));
      return fresh;
    }

    private ObjectNode defaulted(ObjectNode object) {
      return object.path("kind").asText().equals("StudyHub")
          ? (ObjectNode) schema.withDefaults((JsonNode) object)
          : object;
    }

    private static String path(RecordedRequest request) {
      String path = request.getPath();
      int query = path.indexOf('?');
      return query < 0 ? path : path.substring(0, query);
    }

    private static String manager(RecordedRequest request) {
      String path = request.getPath();
      int start = path.indexOf("fieldManager=");
      return start < 0 ? "unknown" : path.substring(start + "fieldManager=".length()).split("&")[0];
    }

    private RecordedRequest as(
        RecordedRequest request, HttpMethod method, String path, JsonNode body) {
      return new RecordedRequest(
          request.getHttpVersion(),
          method,
          path,
          request.getHeaders(),
          new Buffer(body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private ObjectNode read(String text) {
      try {
        return (ObjectNode) mapper.readTree(text);
      } catch (JsonProcessingException bad) {
        throw new IllegalArgumentException("not an object of the API: " + bad.getMessage(), bad);
      }
    }
  }
}
