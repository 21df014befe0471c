package io.sanadflow.studyhub.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Server-side apply, with one simplification: a list belongs as a whole to who applied it last,
 * whereas a cluster merges some lists by keys. Only what was applied is recorded, not what was
 * written otherwise.
 */
final class ServerSideApply {

  /** Fields of the metadata that the API itself sets, or that name the object. */
  private static final Set<String> OF_THE_API =
      Set.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "managedFields",
          "selfLink");

  private ServerSideApply() {}

  /**
   * What an object is after an apply. Fields that the manager applied before and no longer does are
   * removed unless somebody else applies them too.
   *
   * @param live the object as it is; it is left alone
   * @param applied what the manager wants
   * @param manager who
   * @param subresource {@code status}, or empty for the object itself
   * @param force whether to take over fields that others applied with other values
   * @throws ApiException if others applied other values and force is not given
   */
  static ObjectNode apply(
      ObjectNode live, ObjectNode applied, String manager, String subresource, boolean force) {
    ObjectNode result = live.deepCopy();
    ObjectNode wanted = scope(applied, subresource);
    Set<List<String>> now = leaves(wanted);
    Set<List<String>> before = new LinkedHashSet<>();
    Set<List<String>> others = new HashSet<>();
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    for (JsonNode entry : live.path("metadata").path("managedFields")) {
      Set<List<String>> owned = owned(entry.path("fieldsV1"));
      if (manager.equals(entry.path("manager").asText())
          && subresource.equals(entry.path("subresource").asText())) {
        before.addAll(owned);
        continue;
      }
      Set<List<String>> lost = taken(owned, now, live, wanted);
      if (!lost.isEmpty() && !force) {
        throw ApiException.conflict(
            "conflict with %s: %s"
                .formatted(
                    entry.path("manager").asText(),
                    lost.stream().map(it -> "." + String.join(".", it)).sorted().toList()));
      }
      owned.removeAll(lost);
      others.addAll(owned);
      if (!owned.isEmpty()) {
        entries.add(entry(entry, owned));
      }
    }
    before.stream()
        .filter(it -> !now.contains(it) && !others.contains(it))
        .forEach(it -> remove(result, it));
    merge(result, wanted);
    if (!now.isEmpty()) {
      ObjectNode entry = JsonNodeFactory.instance.objectNode();
      entry.put("manager", manager).put("operation", "Apply");
      entry.set("apiVersion", live.path("apiVersion"));
      entry.put("fieldsType", "FieldsV1");
      if (!subresource.isEmpty()) {
        entry.put("subresource", subresource);
      }
      entries.add(entry(entry, now));
    }
    result.withObject("/metadata").set("managedFields", sorted(entries));
    return result;
  }

  /** Keeps the order of managers stable, so that equal applies give equal objects. */
  private static ArrayNode sorted(ArrayNode entries) {
    List<JsonNode> list = new ArrayList<>();
    entries.forEach(list::add);
    list.sort(
        Comparator.comparing(
            it -> it.path("manager").asText() + "/" + it.path("subresource").asText()));
    return JsonNodeFactory.instance.arrayNode().addAll(list);
  }

  private static ObjectNode scope(ObjectNode applied, String subresource) {
    ObjectNode scoped = JsonNodeFactory.instance.objectNode();
    applied.properties().stream()
        .filter(it -> !Set.of("apiVersion", "kind").contains(it.getKey()))
        .filter(it -> subresource.isEmpty() || subresource.equals(it.getKey()))
        .forEach(it -> scoped.set(it.getKey(), it.getValue().deepCopy()));
    if (scoped.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(OF_THE_API);
    }
    return scoped;
  }

  private static Set<List<String>> leaves(ObjectNode node) {
    Set<List<String>> leaves = new LinkedHashSet<>();
    leaves(node, List.of(), leaves);
    return leaves;
  }

  private static void leaves(JsonNode node, List<String> path, Set<List<String>> into) {
    if (node.isObject() && !(node.isEmpty() && !path.isEmpty())) {
      node.properties().forEach(it -> leaves(it.getValue(), below(path, it.getKey()), into));
    } else if (!node.isNull() && path.size() + node.size() > 0 && !isMetadata(node, path)) {
      into.add(path);
    }
  }

  private static boolean isMetadata(JsonNode node, List<String> path) {
    return node.isObject() && path.equals(List.of("metadata"));
  }

  private static List<String> below(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return List.copyOf(longer);
  }

  private static Set<List<String>> owned(JsonNode fields) {
    Set<List<String>> owned = new LinkedHashSet<>();
    owned(fields, List.of(), owned);
    return owned;
  }

  private static void owned(JsonNode fields, List<String> path, Set<List<String>> into) {
    if (fields.isEmpty() && !path.isEmpty()) {
      into.add(path);
    }
    fields
        .properties()
        .forEach(
            it -> owned(it.getValue(), below(path, it.getKey().substring("f:".length())), into));
  }

  private static ObjectNode entry(JsonNode of, Set<List<String>> leaves) {
    ObjectNode entry = of.deepCopy();
    ObjectNode fields = entry.putObject("fieldsV1");
    for (List<String> leaf : leaves) {
      ObjectNode node = fields;
      for (String name : leaf) {
        String key = "f:" + name;
        node = node.get(key) instanceof ObjectNode there ? there : node.putObject(key);
      }
    }
    return entry;
  }

  /** What is applied now with another value than the other manager's. */
  private static Set<List<String>> taken(
      Set<List<String>> owned, Set<List<String>> now, JsonNode live, JsonNode wanted) {
    Set<List<String>> taken = new HashSet<>();
    for (List<String> path : owned) {
      if (now.contains(path) && !get(live, path).equals(get(wanted, path))) {
        taken.add(path);
      }
    }
    return taken;
  }

  private static JsonNode get(JsonNode node, List<String> path) {
    JsonNode found = node;
    for (String name : path) {
      found = found.path(name);
    }
    return found;
  }

  /** Removes a field, and the maps around it that are empty then. */
  private static void remove(ObjectNode node, List<String> path) {
    if (path.size() == 1) {
      node.remove(path.get(0));
    } else if (node.get(path.get(0)) instanceof ObjectNode child) {
      remove(child, path.subList(1, path.size()));
      if (child.isEmpty()) {
        node.remove(path.get(0));
      }
    }
  }

  private static void merge(ObjectNode into, ObjectNode wanted) {
    wanted
        .properties()
        .forEach(
            it -> {
              if (it.getValue() instanceof ObjectNode map
                  && into.get(it.getKey()) instanceof ObjectNode there) {
                merge(there, map);
              } else if (it.getValue() instanceof ObjectNode map) {
                merge(into.putObject(it.getKey()), map);
              } else if (!it.getValue().isNull()) {
                into.set(it.getKey(), it.getValue().deepCopy());
              }
            });
  }
}
