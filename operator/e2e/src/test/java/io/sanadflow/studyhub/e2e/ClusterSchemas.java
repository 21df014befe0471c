package io.sanadflow.studyhub.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The kinds of the cluster, its own and those of definitions, as kubeconform reads them: one file a
 * kind, named as those that it would download. A field that there is not is refused.
 */
final class ClusterSchemas {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ClusterSchemas() {}

  /**
   * Writes the schemas of all kinds.
   *
   * @param directory which is there
   * @return what kubeconform takes as {@code -schema-location}
   */
  static String write(Cluster cluster, Path directory) throws IOException {
    JsonNode definitions = JSON.readTree(cluster.client().raw("/openapi/v2")).get("definitions");
    definitions.forEach(ClusterSchemas::refuseUnknown);
    ObjectNode all = JSON.createObjectNode();
    all.set("definitions", definitions);
    JSON.writeValue(directory.resolve("_definitions.json").toFile(), all);
    for (var definition : definitions.properties()) {
      JsonNode kinds = definition.getValue().path("x-kubernetes-group-version-kind");
      if (kinds.size() == 1) {
        Files.writeString(
            directory.resolve(name(kinds.get(0)) + ".json"),
            "{\"$ref\": \"_definitions.json#/definitions/" + definition.getKey() + "\"}");
      }
    }
    return directory.toAbsolutePath() + "/{{.ResourceKind}}{{.KindSuffix}}.json";
  }

  /** kind-group-version, with the first part of the group alone. */
  private static String name(JsonNode kind) {
    String group = kind.path("group").asText().split("\\.", 2)[0];
    return (kind.path("kind").asText()
            + (group.isEmpty() ? "" : "-" + group)
            + "-"
            + kind.path("version").asText())
        .toLowerCase(Locale.ROOT);
  }

  private static void refuseUnknown(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      if ("int-or-string".equals(object.path("format").asText())
          || object.path("x-kubernetes-int-or-string").asBoolean()) {
        object.removeAll();
        object.putArray("type").add("integer").add("string");
      } else if (object.path("properties").isObject()
          && !object.has("additionalProperties")
          && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
        object.put("additionalProperties", false);
      }
    }
    schema.forEach(ClusterSchemas::refuseUnknown);
  }
}
