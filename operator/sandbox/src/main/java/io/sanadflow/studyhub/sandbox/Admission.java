package io.sanadflow.studyhub.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sanadflow.studyhub.schema.HubSchema;
import io.sanadflow.studyhub.schema.InvalidHubException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/** What the API makes of an object before it stores it: defaults of the schema, encoded Secrets. */
final class Admission {

  private final HubSchema studyHubs = new HubSchema();

  /**
   * Completes an object in place.
   *
   * @throws ApiException if it is a StudyHub that its schema refuses
   */
  void complete(ObjectNode object) {
    switch (object.path("kind").asText()) {
      case "StudyHub" -> complete(object, studyHubs);
      case "Secret" -> encode(object);
      default -> {}
    }
  }

  private static void complete(ObjectNode hub, HubSchema schema) {
    ObjectNode written = hub.deepCopy().retain("apiVersion", "kind", "metadata", "spec");
    written.withObject("/metadata").retain(Set.of("name", "namespace"));
    try {
      schema.read(written.toString());
    } catch (InvalidHubException invalid) {
      throw ApiException.invalid(
          "StudyHub \"%s\" is invalid: %s"
              .formatted(hub.at("/metadata/name").asText(), invalid.getMessage()));
    }
    ObjectNode full = (ObjectNode) schema.withDefaults(hub);
    // The metadata stay the very same, since whoever called is not done with them.
    hub.setAll(full.<ObjectNode>without("metadata"));
  }

  private static void encode(ObjectNode secret) {
    JsonNode plain = secret.remove("stringData");
    if (plain != null) {
      ObjectNode data = secret.withObject("/data");
      plain
          .properties()
          .forEach(
              it ->
                  data.put(
                      it.getKey(),
                      Base64.getEncoder()
                          .encodeToString(
                              it.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
  }
}
