package io.sanadflow.studyhub.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code kubectl apply -k} makes of the manifests, as far as they use kustomize. */
final class Manifests {

  private static final Path ROOT = Path.of("../../manifests");

  private Manifests() {}

  /** {@code manifests}: the operator for all namespaces; without its own namespace. */
  static Map<String, JsonNode> cluster() throws IOException {
    List<JsonNode> objects = operator();
    objects.addAll(base("cluster/binding.yaml", ""));
    objects.addAll(base("rbac/role.yaml", ""));
    return Helm.byName(objects);
  }

  /** {@code manifests/namespaced}: the same rules as a Role, and the variable that names it. */
  static Map<String, JsonNode> namespaced() throws IOException {
    List<JsonNode> objects = operator();
    objects.addAll(base("namespaced/watched/binding.yaml", "hubs"));
    for (JsonNode role : base("rbac/role.yaml", "hubs")) {
      objects.add(((ObjectNode) role).put("kind", "Role"));
    }
    for (JsonNode variable :
        Helm.byName(objects)
            .get("Deployment/studyhub-system/studyhub-operator")
            .at("/spec/template/spec/containers/0/env")) {
      if (variable.path("name").asText().equals("WATCH_NAMESPACES")) {
        ((ObjectNode) variable).put("value", "hubs");
      }
    }
    return Helm.byName(objects);
  }

  /** One file, without kustomization. */
  static JsonNode read(String file) throws IOException {
    return Helm.documents(Files.readString(ROOT.resolve(file))).get(0);
  }

  private static List<JsonNode> operator() throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    JsonNode kustomization = read("operator/kustomization.yaml");
    for (JsonNode file : kustomization.get("resources")) {
      if (!file.asText().equals("namespace.yaml")) {
        objects.addAll(base("operator/" + file.asText(), ""));
      }
    }
    JsonNode image = kustomization.at("/images/0");
    for (JsonNode it : objects) {
      if (it.at("/spec/template/spec/containers/0") instanceof ObjectNode container) {
        container.put("image", image.get("name").asText() + ":" + image.get("newTag").asText());
      }
    }
    for (JsonNode file : read("../crds/kustomization.yaml").get("resources")) {
      objects.addAll(Helm.documents(Files.readString(ROOT.resolve("../crds/" + file.asText()))));
    }
    return objects;
  }

  private static List<JsonNode> base(String file, String namespace) throws IOException {
    List<JsonNode> objects = Helm.documents(Files.readString(ROOT.resolve(file)));
    JsonNode labels = read("operator/kustomization.yaml").at("/labels/0/pairs");
    for (JsonNode it : objects) {
      ObjectNode metadata = (ObjectNode) it.get("metadata");
      metadata.withObject("/labels").setAll((ObjectNode) labels);
      if (!namespace.isEmpty()) {
        metadata.put("namespace", namespace);
      }
    }
    return objects;
  }
}
