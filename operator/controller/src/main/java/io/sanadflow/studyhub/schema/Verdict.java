package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.ValidationMessage;
import io.sanadflow.studyhub.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns a finding of the validator into words: the field, what is wrong, what would be right. */
final class Verdict {

  private static final Pattern CHOICE = Pattern.compile("\\^\\(([A-Za-z|-]+)\\)\\$");

  private Verdict() {}

  static Problem of(ValidationMessage found, JsonNode schema) {
    JsonNodePath location = found.getInstanceLocation();
    String field = path(location);
    JsonNode at = schemaAt(schema, location);
    JsonNode value = found.getInstanceNode();
    return switch (found.getType()) {
      case "required" -> {
        JsonNode absent = at.path("properties").path(found.getProperty());
        yield new Problem(
            join(field, found.getProperty()),
            "is missing" + description(absent).map(it -> " (" + it + ")").orElse(""));
      }
      case "additionalProperties" -> unknown(field, found.getProperty(), at);
      case "type" ->
          new Problem(
              field, (value.isNull() ? "" : value + " ") + "is " + kind(value) + "; " + wanted(at));
      case "enum" -> new Problem(field, value + " is not one of " + list(at.path("enum")));
      case "pattern" -> new Problem(field, value + " " + mismatch(at));
      case "minimum" ->
          new Problem(
              field, value + " is too small; at least " + at.path("minimum") + " would be right");
      case "maximum" ->
          new Problem(
              field, value + " is too large; at most " + at.path("maximum") + " would be right");
      default -> new Problem(field, found.getMessage());
    };
  }

  private static Problem unknown(String parent, String name, JsonNode schema) {
    List<String> known = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(known::add);
    String advice =
        nearest(name, known)
            .map(it -> "; was " + it + " meant?")
            .orElse("; the fields here are " + String.join(", ", known));
    return new Problem(join(parent, name), "is not a known field" + advice);
  }

  private static Optional<String> nearest(String name, List<String> known) {
    String lower = name.toLowerCase(Locale.ROOT);
    int best = Math.max(1, name.length() / 3) + 1;
    Optional<String> nearest = Optional.empty();
    for (String candidate : known) {
      int distance = distance(lower, candidate.toLowerCase(Locale.ROOT));
      if (distance < best) {
        best = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /** Levenshtein's distance: letters to add, drop or change. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  private static String mismatch(JsonNode schema) {
    String pattern = schema.path("pattern").asText();
    Matcher choice = CHOICE.matcher(pattern);
    if (choice.matches()) {
      return "is not one of " + choice.group(1).replace("|", ", ");
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return "is not a quantity; " + example(schema, "256Mi") + " would be right";
    }
    if (pattern.contains("(ms|s|m|h|d)")) {
      return "is not a duration; " + example(schema, "1h30m") + " would be right";
    }
    return "does not match "
        + pattern
        + (schema.has("default") ? "; " + example(schema, "") + " would be right" : "");
  }

  private static String example(JsonNode schema, String otherwise) {
    return schema.path("default").asText(otherwise);
  }

  private static String wanted(JsonNode schema) {
    String example =
        schema.path("default").isValueNode() ? " such as " + schema.path("default") : "";
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return "a quantity"
          + (example.isEmpty() ? " such as \"256Mi\"" : example)
          + " would be right";
    }
    return switch (schema.path("type").asText()) {
      case "integer" -> "a whole number" + example + " would be right";
      case "boolean" -> "true or false would be right";
      case "array" -> "a list would be right";
      case "object" -> "fields would be right: " + names(schema);
      default ->
          "a string" + example + " would be right (in quotes, if it looks like something else)";
    };
  }

  private static String names(JsonNode schema) {
    List<String> names = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    return names.isEmpty() ? "names with values" : String.join(", ", names);
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "a set of fields";
      case BOOLEAN -> "a boolean";
      case NUMBER -> "a number";
      case STRING -> "a string";
      default -> "empty";
    };
  }

  private static Optional<String> description(JsonNode schema) {
    return Optional.of(schema.path("description").asText(""))
        .filter(it -> !it.isEmpty())
        .map(it -> Character.toLowerCase(it.charAt(0)) + it.substring(1).replaceFirst("\\.$", ""));
  }

  private static String list(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(it -> texts.add(it.asText()));
    return String.join(", ", texts);
  }

  private static String join(String parent, String name) {
    return parent.isEmpty() ? name : parent + "." + name;
  }

  private static String path(JsonNodePath location) {
    String path = "";
    for (int i = 0; i < location.getNameCount(); i++) {
      Object element = location.getElement(i);
      path =
          element instanceof Integer ? path + "[" + element + "]" : join(path, element.toString());
    }
    return path;
  }

  private static JsonNode schemaAt(JsonNode root, JsonNodePath location) {
    JsonNode schema = root;
    for (int i = 0; i < location.getNameCount(); i++) {
      Object element = location.getElement(i);
      JsonNode named = schema.path("properties").path(element.toString());
      schema =
          element instanceof Integer
              ? schema.path("items")
              : named.isMissingNode() ? schema.path("additionalProperties") : named;
    }
    return schema;
  }
}
