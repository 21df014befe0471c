package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fills defaults in as the API server does: top down, so that a defaulted object gets its own. */
final class Defaults {

  private Defaults() {}

  /** Changes {@code value}; a null counts as absent where there is a default. */
  static void fill(JsonNode schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      schema.path("properties").properties().stream()
          .filter(it -> it.getValue().has("default"))
          .filter(
              it -> object.path(it.getKey()).isMissingNode() || object.get(it.getKey()).isNull())
          .forEach(it -> object.set(it.getKey(), it.getValue().get("default").deepCopy()));
      JsonNode others = schema.path("additionalProperties");
      object
          .properties()
          .forEach(it -> fill(schema.path("properties").path(it.getKey()), it.getValue()));
      if (others.isObject()) {
        object.properties().forEach(it -> fill(others, it.getValue()));
      }
    } else if (value.isArray()) {
      value.forEach(it -> fill(schema.path("items"), it));
    }
  }
}
