package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import io.sanadflow.studyhub.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says what a validator found in words that name the field and a value that would work. */
final class Wording {

  /** What the patterns of the schema admit, each with an example. */
  static final Map<String, String> PATTERNS =
      Map.ofEntries(
          Map.entry("^([0-9]+(ms|s|m|h|d))+$", "a duration such as 30s, 10m or 1h30m"),
          Map.entry(
              "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
              "a quantity such as 256Mi, 3Gi or 50m"),
          Map.entry("^[^\\s]+$", "an image reference such as ghcr.io/sanadflow/hub:1"),
          Map.entry("^/[^\\s]*$", "a path such as /api/health"),
          Map.entry("^/[^\\s:]+$", "an absolute path such as /data/media"),
          Map.entry(
              "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
              "a host name in lower case such as hub.example.org"),
          Map.entry(
              "^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$",
              "a host name or address such as db.example.org"),
          Map.entry("^[a-z_][a-z0-9_-]*$", "the name of an extension such as pg_trgm"),
          Map.entry("^https?://[^\\s]+$", "a URL such as https://s3.example.org"),
          Map.entry("^(100|[0-9]{1,2}(\\.[0-9]+)?)$", "a percentage such as 99.5"));

  private static final Map<String, String> EXAMPLES =
      Map.of(
          "spec", "{app: {image: ghcr.io/sanadflow/hub:1}}",
          "spec.app", "{image: ghcr.io/sanadflow/hub:1}",
          "spec.app.image", "ghcr.io/sanadflow/hub:1",
          "spec.app.ingress.host", "hub.example.org",
          "spec.objectStore.bucket", "hub-backups",
          "metadata", "{name: pilot}",
          "metadata.name", "pilot");

  private Wording() {}

  static Problem of(ValidationMessage found, JsonNode schema) {
    Path path = Path.of(found.getInstanceLocation());
    if (found.getType().equals("required")) {
      return missing(path.to(found.getProperty()), schema);
    }
    JsonNode here = path.in(schema);
    JsonNode value = found.getInstanceNode();
    String message =
        switch (found.getType()) {
          case "type" -> type(value, here);
          case "enum" -> choice(value, here.path("enum"));
          case "pattern" -> quoted(value) + " is not " + pattern(here.path("pattern").asText());
          case "minimum" -> value + " is too small; " + range(here) + " would work";
          case "maximum" -> value + " is too large; " + range(here) + " would work";
          case "minLength" ->
              value.asText().isEmpty()
                  ? "is empty" + description(here)
                  : quoted(value) + " is shorter than " + here.path("minLength") + " characters";
          case "maxLength" -> "is longer than " + here.path("maxLength") + " characters";
          default -> found.getError();
        };
    return new Problem(path.toString(), message);
  }

  private static Problem missing(Path path, JsonNode schema) {
    String field = path.toString();
    String example = EXAMPLES.get(field);
    return new Problem(
        field,
        "is missing"
            + description(path.in(schema))
            + (example == null ? "" : "; " + example + " would work"));
  }

  private static String description(JsonNode here) {
    String text = here.path("description").asText();
    if (text.isEmpty()) {
      return "";
    }
    boolean name = text.length() > 1 && Character.isUpperCase(text.charAt(1));
    String first = text.substring(0, 1);
    return " ("
        + (name ? first : first.toLowerCase(Locale.ROOT))
        + text.substring(1, text.length() - (text.endsWith(".") ? 1 : 0))
        + ")";
  }

  private static String type(JsonNode value, JsonNode here) {
    String preset =
        here.has("default") ? "; " + here.get("default").asText() + " is the default" : "";
    if (value.isNull()) {
      return "is empty; give it a value or leave it out";
    }
    if (here.path("x-kubernetes-int-or-string").asBoolean()) {
      return value.isNumber()
          ? value + " is a fraction, which must stand in quotes: \"" + value.asText() + "\""
          : quoted(value) + " is not a quantity such as 256Mi, 3Gi or 50m";
    }
    return switch (here.path("type").asText()) {
      case "integer" -> quoted(value) + " is not a whole number" + preset;
      case "boolean" -> quoted(value) + " is not true or false" + preset;
      case "array" ->
          quoted(value)
              + " is not a list"
              + (value.isValueNode() ? "; [" + quoted(value) + "] is" : "");
      case "object" -> quoted(value) + " is not a map of fields" + fields(here);
      case "string" -> text(value);
      default -> quoted(value) + " is not of type " + here.path("type").asText();
    };
  }

  private static String text(JsonNode value) {
    if (value.isBoolean()) {
      return value
          + " is not text; on, off, yes, no, true and false must stand in quotes, such as \""
          + (value.asBoolean() ? "on" : "off")
          + "\"";
    }
    return value.isNumber()
        ? value + " is a number and not text; in quotes it is: \"" + value.asText() + "\""
        : quoted(value) + " is not text";
  }

  private static String fields(JsonNode here) {
    List<String> names = new ArrayList<>();
    here.path("properties").fieldNames().forEachRemaining(names::add);
    return names.isEmpty() ? "" : "; it has " + String.join(", ", names);
  }

  private static String choice(JsonNode value, JsonNode allowed) {
    List<String> choices = new ArrayList<>();
    allowed.forEach(it -> choices.add(it.asText()));
    return quoted(value)
        + " is not one of "
        + String.join(", ", choices)
        + Similar.to(value.asText(), choices)
            .map(it -> "; " + it + " was probably meant")
            .orElse("");
  }

  private static String pattern(String pattern) {
    return PATTERNS.getOrDefault(pattern, "of the form " + pattern);
  }

  private static String range(JsonNode here) {
    JsonNode least = here.path("minimum");
    JsonNode most = here.path("maximum");
    if (most.isMissingNode()) {
      return least + " or more";
    }
    return least.isMissingNode() ? most + " or less" : least + " to " + most;
  }

  private static String quoted(JsonNode value) {
    if (value.isObject()) {
      return "a map of fields";
    }
    return value.isArray() ? "a list" : value.toString();
  }
}
