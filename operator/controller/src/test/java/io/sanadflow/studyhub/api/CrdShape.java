package io.sanadflow.studyhub.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Default;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the generator cannot say, and what it says wrongly. */
final class CrdShape {

  private static final List<String> COLUMNS =
      List.of("Ready", "Health", "Backup", "Age", "Version", "Object store", "RTO");

  private static final String QUANTITY =
      "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

  /** Fields of Kubernetes' own types that its API server requires, and fabric8's classes do not. */
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "app/env/items", List.of("name"),
          "app/imagePullSecrets/items", List.of("name"),
          "app/env/items/valueFrom/configMapKeyRef", List.of("key", "name"),
          "app/env/items/valueFrom/secretKeyRef", List.of("key", "name"),
          "app/env/items/valueFrom/fieldRef", List.of("fieldPath"),
          "app/env/items/valueFrom/resourceFieldRef", List.of("resource"),
          "app/envFrom/items/configMapRef", List.of("name"),
          "app/envFrom/items/secretRef", List.of("name"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private CrdShape() {}

  static ObjectNode refine(ObjectNode crd) {
    ((ObjectNode) crd.at("/spec/names")).put("listKind", "StudyHubList");
    ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
    version.set("additionalPrinterColumns", columns(version.path("additionalPrinterColumns")));
    ObjectNode root = (ObjectNode) version.at("/schema/openAPIV3Schema");
    ObjectNode spec = property(root, "spec");
    annotatedDefaults(spec, StudyHubSpec.class);
    walk(root);
    root(root);
    spec.put("description", "What a person wants of the hub. Only app.image must be given.");
    status(property(root, "status"));
    REQUIRED.forEach(
        (path, names) -> {
          ArrayNode required = at(spec, path).putArray("required");
          names.forEach(required::add);
        });
    mapBy("name", at(spec, "app/env"));
    mapBy("name", at(spec, "app/imagePullSecrets"));
    keepsStorageClass(spec, "database");
    keepsStorageClass(spec, "app/media");
    keepsStorageClass(spec, "redis");
    return crd;
  }

  private static void root(ObjectNode root) {
    root.put(
        "description",
        "A study hub: an app with its database, pooler and Redis, run by the StudyHub operator.");
    ObjectNode properties = (ObjectNode) root.path("properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("type", "object");
    root.putArray("required").add("spec");
    rule(
        root,
        "size(self.metadata.name) <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        "metadata.name: the names of the hub's Services are made from it, so it must be at most 40 characters of a-z, 0-9 and -, start with a letter and end with a letter or digit");
  }

  private static void status(ObjectNode status) {
    status.put("description", "What the operator observed of the hub.");
    // Who waits for observedGeneration to reach generation must not take "no status yet" for done.
    status.putObject("default").put("observedGeneration", -1);
    mapBy("type", property(status, "conditions"));
  }

  private static void mapBy(String key, ObjectNode list) {
    list.put("x-kubernetes-list-type", "map");
    list.putArray("x-kubernetes-list-map-keys").add(key);
  }

  private static void keepsStorageClass(ObjectNode spec, String path) {
    rule(
            at(spec, path),
            "!has(oldSelf.storageClassName) || (has(self.storageClassName) && self.storageClassName == oldSelf.storageClassName)",
            "a volume stays in its storage class, so storageClassName cannot be changed or removed once it is set")
        .put("fieldPath", ".storageClassName");
  }

  private static ObjectNode rule(ObjectNode schema, String rule, String message) {
    return schema
        .withArray("x-kubernetes-validations")
        .addObject()
        .put("rule", rule)
        .put("message", message);
  }

  /** The generator reads {} into a record and writes the zeros that it finds there. */
  private static void annotatedDefaults(ObjectNode schema, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      ObjectNode property = property(schema, component.getName());
      Default annotation = component.getAccessor().getAnnotation(Default.class);
      if (annotation != null && property.path("default").isObject()) {
        property.set("default", json(annotation.value()));
      }
      if (component.getType().isRecord()) {
        annotatedDefaults(property, component.getType());
      }
    }
  }

  private static void walk(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String bound : List.of("minimum", "maximum")) {
        if (object.path(bound).isDouble()) {
          object.set(bound, IntNode.valueOf(object.path(bound).intValue()));
        }
      }
      if (object.path("x-kubernetes-int-or-string").asBoolean()) {
        object.put("pattern", QUANTITY);
      }
      if (object.get("x-kubernetes-validations") instanceof ArrayNode rules) {
        Set<JsonNode> once = new LinkedHashSet<>();
        rules.forEach(once::add);
        rules.removeAll();
        rules.addAll(once);
      }
    }
    node.forEach(CrdShape::walk);
  }

  private static ArrayNode columns(JsonNode generated) {
    List<JsonNode> columns = new ArrayList<>();
    generated.forEach(columns::add);
    columns.sort((a, b) -> Integer.compare(place(a), place(b)));
    return JSON.createArrayNode().addAll(columns);
  }

  private static int place(JsonNode column) {
    return COLUMNS.indexOf(column.path("name").asText());
  }

  /** The schema at a path of property names; {@code items} is the schema of a list's elements. */
  private static ObjectNode at(ObjectNode schema, String path) {
    ObjectNode found = schema;
    for (String name : path.split("/")) {
      found = "items".equals(name) ? (ObjectNode) found.path("items") : property(found, name);
    }
    return found;
  }

  private static ObjectNode property(ObjectNode schema, String name) {
    return (ObjectNode) schema.path("properties").path(name);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException bad) {
      throw new IllegalStateException("a default is not JSON: " + text, bad);
    }
  }
}
