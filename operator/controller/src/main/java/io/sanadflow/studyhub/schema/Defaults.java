package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fills in a schema's defaults with the API server's rules. */
final class Defaults {

  private Defaults() {}

  /**
   * Changes the value in place: a field that is absent or null gets its default, and a null without
   * one goes, as does one in a map. Defaults inside defaults, lists and maps are filled as well.
   */
  static void fill(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      for (var property : schema.path("properties").properties()) {
        JsonNode present = object.get(property.getKey());
        if (present == null || present.isNull()) {
          JsonNode preset = property.getValue().get("default");
          if (preset == null) {
            object.remove(property.getKey());
          } else {
            object.set(property.getKey(), preset.deepCopy());
          }
        }
      }
      if (schema.path("additionalProperties").isObject()) {
        object.properties().removeIf(it -> it.getValue().isNull());
      }
      for (var field : object.properties()) {
        JsonNode property = schema.path("properties").get(field.getKey());
        fill(field.getValue(), property == null ? schema.path("additionalProperties") : property);
      }
    } else if (value instanceof ArrayNode list) {
      list.forEach(item -> fill(item, schema.path("items")));
    }
  }
}
