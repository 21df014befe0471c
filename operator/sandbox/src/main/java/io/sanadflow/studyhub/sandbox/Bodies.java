package io.sanadflow.studyhub.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.zjsonpatch.JsonPatch;

/** What clients send: objects and patches. */
final class Bodies {

  /** Reads YAML of any number of documents. */
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static final ObjectMapper JSON = new ObjectMapper();

  private Bodies() {}

  /** Reads an object, in JSON or YAML. */
  static ObjectNode parse(String text) {
    try {
      boolean json = text.stripLeading().startsWith("{");
      JsonNode tree = json ? JSON.readTree(text) : YAML.readTree(text);
      if (tree instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException unreadable) {
      throw ApiException.unreadable(String.valueOf(unreadable.getMessage()));
    }
    throw ApiException.unreadable("an object is expected");
  }

  /** Changes an object by a merge patch, as RFC 7386 says it. */
  static ObjectNode merged(ObjectNode target, ObjectNode patch) {
    patch
        .properties()
        .forEach(
            it -> {
              if (it.getValue().isNull()) {
                target.remove(it.getKey());
              } else if (it.getValue() instanceof ObjectNode map) {
                ObjectNode child =
                    target.get(it.getKey()) instanceof ObjectNode there
                        ? there
                        : target.putObject(it.getKey());
                merged(child, map);
              } else {
                target.set(it.getKey(), it.getValue());
              }
            });
    return target;
  }

  /** Changes an object by a JSON patch, RFC 6902. */
  static ObjectNode patched(ObjectNode target, String text) {
    try {
      JsonNode patch = JSON.readTree(text);
      return (ObjectNode) JsonPatch.apply(patch, target);
    } catch (JsonProcessingException | RuntimeException unreadable) {
      throw ApiException.invalid(String.valueOf(unreadable.getMessage()));
    }
  }
}
