package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sanadflow.studyhub.model.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What JSON Schema has no word for and an API server refuses: fields that do not exist, and two
 * items of one name in a list that is keyed by name.
 */
final class Structure {

  private final JsonNode schema;
  private final List<Problem> problems = new ArrayList<>();

  private Structure(JsonNode schema) {
    this.schema = schema;
  }

  static List<Problem> check(JsonNode hub, JsonNode schema) {
    Structure check = new Structure(schema);
    check.visit(Path.ROOT, hub, schema);
    return check.problems;
  }

  private void visit(Path path, JsonNode value, JsonNode here) {
    if (value instanceof ObjectNode object && here.has("properties")) {
      for (var field : object.properties()) {
        Path at = path.to(field.getKey());
        JsonNode property = here.path("properties").get(field.getKey());
        if (property == null) {
          problems.add(new Problem(at.toString(), unknown(path, field.getKey(), here)));
        } else {
          visit(at, field.getValue(), property);
        }
      }
    } else if (value instanceof ObjectNode map) {
      for (var entry : map.properties()) {
        visit(path.to(entry.getKey()), entry.getValue(), here.path("additionalProperties"));
      }
    } else if (value instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        visit(path.to(i), list.get(i), here.path("items"));
      }
      here.path("x-kubernetes-list-map-keys").forEach(key -> once(path, list, key.asText()));
    }
  }

  private void once(Path path, ArrayNode list, String key) {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      String name = list.get(i).path(key).asText("");
      Integer before = name.isEmpty() ? null : seen.putIfAbsent(name, i);
      if (before != null) {
        problems.add(
            new Problem(
                path.to(i).to(key).toString(),
                "\"" + name + "\" is in the list already, as " + path.to(before) + "; keep one"));
      }
    }
  }

  private String unknown(Path parent, String name, JsonNode here) {
    TreeSet<String> known = new TreeSet<>();
    here.path("properties").fieldNames().forEachRemaining(known::add);
    return "there is no such field; "
        + Similar.to(name, known)
            .map(it -> parent.to(it).toString())
            .or(() -> elsewhere(name))
            .map(it -> it + " was probably meant")
            .orElseGet(
                () ->
                    (parent.parts().isEmpty() ? "a hub" : parent.toString())
                        + " has "
                        + String.join(", ", known));
  }

  /** A field that exists, but not here, as when app: was forgotten. */
  private Optional<String> elsewhere(String name) {
    List<String> places = new ArrayList<>();
    find(name, Path.ROOT.to("spec"), schema.path("properties").path("spec"), places);
    return places.size() == 1 ? Optional.of(places.get(0)) : Optional.empty();
  }

  private static void find(String name, Path path, JsonNode here, List<String> places) {
    for (var property : here.path("properties").properties()) {
      Path at = path.to(property.getKey());
      if (property.getKey().equals(name)) {
        places.add(at.toString());
      }
      find(name, at, property.getValue(), places);
    }
  }
}
