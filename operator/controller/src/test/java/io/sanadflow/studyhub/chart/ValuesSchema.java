package io.sanadflow.studyhub.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * The schema of a definition as JSON Schema for the values of a chart. It is stricter in one thing:
 * a field that there is not is refused, where the API server would drop it.
 */
final class ValuesSchema {

  /** What both know; rules in CEL and list types are the API server's alone. */
  private static final Set<String> SHARED =
      Set.of(
          "description",
          "type",
          "properties",
          "items",
          "additionalProperties",
          "required",
          "enum",
          "pattern",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "anyOf");

  private ValuesSchema() {}

  /**
   * @param spec the schema of {@code spec}, whose fields are the values
   */
  static ObjectNode of(JsonNode spec) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "Values of the chart studyhub: the spec of a StudyHub");
    schema.setAll(node(spec));
    schema
        .withObject("/properties")
        .set("global", JsonNodeFactory.instance.objectNode().put("type", "object"));
    return schema;
  }

  private static ObjectNode node(JsonNode crd) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    for (var field : crd.properties()) {
      JsonNode value = field.getValue();
      switch (field.getKey()) {
        case "properties" -> {
          ObjectNode properties = schema.putObject("properties");
          value.properties().forEach(it -> properties.set(it.getKey(), node(it.getValue())));
        }
        case "items" -> schema.set("items", node(value));
        case "additionalProperties" ->
            schema.set("additionalProperties", value.isObject() ? node(value) : value);
        default -> {
          if (SHARED.contains(field.getKey())) {
            schema.set(field.getKey(), value);
          }
        }
      }
    }
    if (schema.has("properties")
        && !schema.has("additionalProperties")
        && !crd.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      schema.put("additionalProperties", false);
    }
    return schema;
  }
}
