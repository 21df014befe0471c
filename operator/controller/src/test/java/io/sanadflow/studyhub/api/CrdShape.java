package io.sanadflow.studyhub.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the generator cannot say, and what it says wrongly. */
final class CrdShape {

  /** Kubernetes' own form of quantities, without the minus that no field of ours has a use for. */
  private static final String QUANTITY =
      "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

  private static final Pattern ALTERNATIVES =
      Pattern.compile("^\\^\\(([\\w-]+(?:\\|[\\w-]+)+)\\)\\$$");

  // What Kubernetes requires of the types embedded here; the model classes do not tell.
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "configMapKeyRef", List.of("key", "name"),
          "secretKeyRef", List.of("key", "name"),
          "fieldRef", List.of("fieldPath"),
          "fileKeyRef", List.of("key", "path", "volumeName"),
          "resourceFieldRef", List.of("resource"),
          "configMapRef", List.of("name"),
          "secretRef", List.of("name"),
          "seccompProfile", List.of("type"),
          "appArmorProfile", List.of("type"));

  // Lists whose items have a name of their own, so that appliers can share them.
  private static final Map<String, String> LIST_KEYS =
      Map.of("env", "name", "imagePullSecrets", "name", "claims", "name", "conditions", "type");

  private static final ObjectMapper JSON = new ObjectMapper();

  private CrdShape() {}

  static ObjectNode refine(ObjectNode crd, Class<? extends CustomResource<?, ?>> type) {
    ((ObjectNode) crd.at("/spec/names")).put("listKind", type.getSimpleName() + "List");
    ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
    sortColumns((ArrayNode) version.get("additionalPrinterColumns"), type);
    ObjectNode root = (ObjectNode) version.at("/schema/openAPIV3Schema");
    Type[] both = ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments();
    Class<?> spec = (Class<?>) both[0];
    Class<?> status = (Class<?>) both[1];
    describe(root, type);
    describe((ObjectNode) root.at("/properties/spec"), spec);
    describe((ObjectNode) root.at("/properties/status"), status);
    ObjectNode properties = (ObjectNode) root.get("properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("type", "object");
    root.putArray("required").add("spec");
    likeItsRecord((ObjectNode) root.at("/properties/spec"), spec);
    likeItsRecord((ObjectNode) root.at("/properties/status"), status);
    // Without it one that nobody has looked at yet reads as settled.
    ((ObjectNode) root.at("/properties/status")).putObject("default").put("observedGeneration", -1);
    polish("", root);
    return crd;
  }

  private static void describe(ObjectNode schema, Class<?> type) {
    schema.put("description", type.getAnnotation(JsonClassDescription.class).value());
  }

  /** The columns in the order of the annotations, the wide ones last. */
  private static void sortColumns(ArrayNode columns, Class<?> type) {
    List<String> order =
        Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class))
            .sorted(Comparator.comparingInt(AdditionalPrinterColumn::priority))
            .map(AdditionalPrinterColumn::name)
            .toList();
    List<JsonNode> sorted = new ArrayList<>();
    columns.forEach(sorted::add);
    sorted.sort(Comparator.comparingInt(column -> order.indexOf(column.get("name").asText())));
    columns.removeAll().addAll(sorted);
  }

  /**
   * Takes from the record what the generator loses: the order of the fields, the width of the
   * integers, and defaults as they are written (a default of {} comes out with 0 and false for the
   * primitive components).
   */
  private static void likeItsRecord(ObjectNode schema, Class<?> type) {
    ObjectNode properties = (ObjectNode) schema.get("properties");
    for (RecordComponent component : type.getRecordComponents()) {
      String name = component.getName();
      // Put back at the end: after the last one they stand in the order of the record.
      ObjectNode property = (ObjectNode) properties.remove(name);
      properties.set(name, property);
      Default written = component.getAccessor().getAnnotation(Default.class);
      if (written != null && property.path("default").isObject()) {
        property.set("default", parsed(written.value()));
      }
      Class<?> raw = component.getType();
      if (raw == int.class || raw == Integer.class) {
        property.put("format", "int32");
      } else if (raw == long.class || raw == Long.class) {
        property.put("format", "int64");
      } else if (raw.isRecord()) {
        likeItsRecord(property, raw);
      } else if (component.getGenericType() instanceof ParameterizedType list) {
        Type item = list.getActualTypeArguments()[0];
        if (item instanceof Class<?> itemType && itemType.isRecord()) {
          likeItsRecord((ObjectNode) property.get("items"), itemType);
        }
      }
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException bad) {
      throw new IllegalStateException("a default is not JSON: " + json, bad);
    }
  }

  private static void polish(String name, ObjectNode schema) {
    wholeNumber(schema, "minimum");
    wholeNumber(schema, "maximum");
    Matcher alternatives = ALTERNATIVES.matcher(schema.path("pattern").asText());
    if (alternatives.matches()) {
      // As an enum it is told to people by `kubectl explain` and by the API server's error.
      schema.remove("pattern");
      ArrayNode values = schema.putArray("enum");
      Arrays.stream(alternatives.group(1).split("\\|")).forEach(values::add);
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      schema.put("pattern", QUANTITY);
    }
    if (REQUIRED.containsKey(name)) {
      ArrayNode required = schema.putArray("required");
      REQUIRED.get(name).forEach(required::add);
    }
    if (LIST_KEYS.containsKey(name) && schema.has("items")) {
      String key = LIST_KEYS.get(name);
      schema.put("x-kubernetes-list-type", "map").putArray("x-kubernetes-list-map-keys").add(key);
      require((ObjectNode) schema.get("items"), key);
    }
    withoutDoubles(schema);
    schema
        .path("properties")
        .properties()
        .forEach(it -> polish(it.getKey(), (ObjectNode) it.getValue()));
    if (schema.get("items") instanceof ObjectNode items) {
      polish("", items);
    }
    if (schema.get("additionalProperties") instanceof ObjectNode values) {
      polish("", values);
    }
  }

  private static void wholeNumber(ObjectNode schema, String keyword) {
    if (schema.path(keyword).isDouble()) {
      schema.put(keyword, schema.get(keyword).intValue());
    }
  }

  private static void require(ObjectNode schema, String property) {
    ArrayNode required =
        schema.get("required") instanceof ArrayNode there ? there : schema.putArray("required");
    for (JsonNode one : required) {
      if (one.asText().equals(property)) {
        return;
      }
    }
    required.add(property);
  }

  /** A rule on a record that is a component comes out once for the type and once for the field. */
  private static void withoutDoubles(ObjectNode schema) {
    if (schema.get("x-kubernetes-validations") instanceof ArrayNode rules) {
      Set<JsonNode> once = new LinkedHashSet<>();
      rules.forEach(once::add);
      rules.removeAll().addAll(once);
    }
  }
}
