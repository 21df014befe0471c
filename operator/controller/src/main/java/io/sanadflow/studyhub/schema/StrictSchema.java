package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The same schema in words that JSON Schema knows. */
final class StrictSchema {

  private StrictSchema() {}

  /** Unknown fields are refused, as kubectl does; Kubernetes' int-or-string is a type of two. */
  static JsonNode of(JsonNode kubernetes) {
    JsonNode strict = kubernetes.deepCopy();
    refuseUnknown(strict);
    return strict;
  }

  private static void refuseUnknown(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      if (object.path("x-kubernetes-int-or-string").asBoolean()) {
        object.remove("anyOf");
        object.putArray("type").add("integer").add("string");
      }
      if (object.path("properties").isObject() && object.path("type").isTextual()) {
        object.put("additionalProperties", false);
      }
      // The validator warns of keywords that it does not know.
      object.properties().removeIf(it -> it.getKey().startsWith("x-kubernetes-"));
    }
    schema.forEach(StrictSchema::refuseUnknown);
  }
}
