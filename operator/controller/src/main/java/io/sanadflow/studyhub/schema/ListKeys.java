package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.sanadflow.studyhub.model.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The lists that Kubernetes takes for maps: each key once. */
final class ListKeys {

  private ListKeys() {}

  static List<Problem> problems(JsonNode schema, JsonNode value, String path) {
    List<Problem> problems = new ArrayList<>();
    value
        .properties()
        .forEach(
            it ->
                problems.addAll(
                    problems(
                        schema.path("properties").path(it.getKey()),
                        it.getValue(),
                        path.isEmpty() ? it.getKey() : path + "." + it.getKey())));
    String key = schema.path("x-kubernetes-list-map-keys").path(0).asText("");
    if (value.isArray() && !key.isEmpty()) {
      Set<JsonNode> seen = new HashSet<>();
      for (int i = 0; i < value.size(); i++) {
        JsonNode name = value.get(i).path(key);
        if (!name.isMissingNode() && !seen.add(name)) {
          problems.add(
              new Problem(
                  path + "[" + i + "]." + key,
                  name + " is there already; each " + key + " can be given once"));
        }
      }
    }
    return problems;
  }
}
