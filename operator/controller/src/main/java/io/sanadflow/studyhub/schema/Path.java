package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import java.util.ArrayList;
import java.util.List;

/**
 * Where in a hub: names of fields, and numbers of list items.
 *
 * @param parts a String for a field or a key, an Integer for an item
 */
record Path(List<Object> parts) {

  static final Path ROOT = new Path(List.of());

  static Path of(JsonNodePath location) {
    List<Object> parts = new ArrayList<>();
    for (int i = 0; i < location.getNameCount(); i++) {
      parts.add(location.getElement(i));
    }
    return new Path(List.copyOf(parts));
  }

  Path to(Object part) {
    List<Object> longer = new ArrayList<>(parts);
    longer.add(part);
    return new Path(List.copyOf(longer));
  }

  /** The schema of what is there; missing where the schema has nothing to say. */
  JsonNode in(JsonNode schema) {
    JsonNode found = schema;
    for (Object part : parts) {
      if (part instanceof Integer) {
        found = found.path("items");
      } else {
        JsonNode property = found.path("properties").get((String) part);
        found = property == null ? found.path("additionalProperties") : property;
      }
    }
    return found;
  }

  /** As the API server writes it, such as {@code spec.app.env[0].name}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      if (part instanceof Integer) {
        text.append('[').append(part).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(part);
      }
    }
    return text.toString();
  }
}
