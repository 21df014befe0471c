package io.sanadflow.studyhub.logs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists and texts, of which a few fields are read. */
record Tree(@Nullable Object value) {

  /** Reads the value at the current token, to its last token. */
  static Tree read(JsonParser json) throws IOException {
    return new Tree(value(json));
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          fields.put(name, value(json));
        }
        return fields;
      }
      case START_ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(json));
        }
        return items;
      }
      default -> {
        return json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText();
      }
    }
  }

  /** A field, or one of a field; of what is not there all fields are absent. */
  Tree at(String... path) {
    Object found = value;
    for (String name : path) {
      found = found instanceof Map<?, ?> fields ? fields.get(name) : null;
    }
    return new Tree(found);
  }

  boolean absent() {
    return value == null;
  }

  /** The text of a text, number or boolean; nothing for anything else. */
  String text() {
    return value instanceof String text ? text : "";
  }

  /** The items of a list, and none of anything else. */
  Stream<Tree> items() {
    return value instanceof List<?> items ? items.stream().map(it -> new Tree(it)) : Stream.of();
  }
}
