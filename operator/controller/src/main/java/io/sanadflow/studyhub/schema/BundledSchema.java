package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The schema inside the shipped CRD, and the part of it that JSON Schema understands. */
final class BundledSchema {

  private static final String RESOURCE = "/crds/studyhubs.sanadflow.io.yaml";

  /** The CRD leaves metadata to the API server, which knows it; here it must be said. */
  private static final String METADATA =
      """
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1}
        namespace: {type: string}
        labels: {type: object, additionalProperties: {type: string}}
        annotations: {type: object, additionalProperties: {type: string}}
        finalizers: {type: array, items: {type: string}}
        generateName: {}
        creationTimestamp: {}
        deletionGracePeriodSeconds: {}
        deletionTimestamp: {}
        generation: {}
        managedFields: {}
        ownerReferences: {}
        resourceVersion: {}
        selfLink: {}
        uid: {}
      """;

  private BundledSchema() {}

  static ObjectNode load() {
    JsonNode crd = document(text());
    ObjectNode schema = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
    ((ObjectNode) schema.get("properties")).set("metadata", document(METADATA));
    ((ArrayNode) schema.get("required")).add("metadata");
    return schema;
  }

  private static JsonNode document(String yaml) {
    try {
      return YamlDocuments.of(yaml).get(0);
    } catch (InvalidHubException broken) {
      throw new IllegalStateException("the bundled schema is not YAML", broken);
    }
  }

  private static String text() {
    try (InputStream file = BundledSchema.class.getResourceAsStream(RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException("not on the classpath: " + RESOURCE);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Without the words that are Kubernetes' own, which a validator would complain of. */
  static ObjectNode plain(ObjectNode schema) {
    ObjectNode plain = schema.deepCopy();
    strip(plain);
    return plain;
  }

  private static void strip(ObjectNode schema) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      // One type error in place of the three that anyOf gives.
      schema.remove("anyOf");
      schema.putArray("type").add("integer").add("string");
    }
    for (String word : List.of("format", "default", "description")) {
      schema.remove(word);
    }
    String pattern = schema.path("pattern").asText();
    if (pattern.endsWith("$")) {
      // In Java a line break may follow $; in the API server nothing may.
      schema.put("pattern", pattern.substring(0, pattern.length() - 1) + "\\z");
    }
    schema.properties().removeIf(it -> it.getKey().startsWith("x-kubernetes-"));
    schema.path("properties").forEach(it -> strip((ObjectNode) it));
    if (schema.get("items") instanceof ObjectNode items) {
      strip(items);
    }
    if (schema.get("additionalProperties") instanceof ObjectNode values) {
      strip(values);
    }
  }
}
