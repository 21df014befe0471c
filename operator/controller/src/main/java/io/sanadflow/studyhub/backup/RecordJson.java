package io.sanadflow.studyhub.backup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records of backups as JSON: components by their names without those that are null, times and days
 * as RFC 3339, constants as CutOver for CUT_OVER. What is read may have fields that are not known,
 * and may lack some, which are then null, 0 or false.
 *
 * <p>On the streaming half of Jackson alone, since its data binding takes 5 MB of an agent's
 * memory.
 */
final class RecordJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private RecordJson() {}

  /** A record, or a map of texts or numbers, on one line. */
  static String write(Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator to = FACTORY.createGenerator(text)) {
      write(value, to);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void write(Object value, JsonGenerator to) throws IOException {
    if (value instanceof Record) {
      to.writeStartObject();
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        Object part = part(value, component);
        if (part != null) {
          to.writeFieldName(component.getName());
          write(part, to);
        }
      }
      to.writeEndObject();
    } else if (value instanceof Map<?, ?> map) {
      to.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        to.writeFieldName(String.valueOf(entry.getKey()));
        write(entry.getValue(), to);
      }
      to.writeEndObject();
    } else if (value instanceof List<?> list) {
      to.writeStartArray();
      for (Object one : list) {
        write(one, to);
      }
      to.writeEndArray();
    } else if (value instanceof Boolean flag) {
      to.writeBoolean(flag);
    } else if (value instanceof Long || value instanceof Integer) {
      to.writeNumber(((Number) value).longValue());
    } else if (value instanceof Enum<?> constant) {
      to.writeString(word(constant));
    } else if (value instanceof String || value instanceof Instant || value instanceof LocalDate) {
      to.writeString(value.toString());
    } else {
      throw new IllegalArgumentException("cannot be JSON: " + value.getClass());
    }
  }

  private static @Nullable Object part(Object record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String word(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_"))
        .map(it -> it.charAt(0) + it.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  /**
   * Reads a record.
   *
   * @return null for the JSON null
   * @throws IOException if it is not JSON, or not such a record
   */
  static <T extends Record> @Nullable T read(String text, Class<T> type) throws IOException {
    try (JsonParser from = FACTORY.createParser(text)) {
      from.nextToken();
      return type.cast(value(from, type));
    }
  }

  private static @Nullable Object value(JsonParser from, Type type) throws IOException {
    if (from.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      return generic.getRawType() == List.class ? list(from, of[0]) : map(from, of[1]);
    }
    if (type instanceof Class<?> plain) {
      if (plain.isRecord()) {
        return record(from, plain);
      }
      if (plain == boolean.class || plain == Boolean.class) {
        return from.getBooleanValue();
      }
      if (plain == int.class) {
        return from.getIntValue();
      }
      if (plain == long.class || plain == Long.class) {
        return from.getLongValue();
      }
      return constant(from, plain);
    }
    throw new IllegalArgumentException("cannot be read from JSON: " + type);
  }

  private static Object constant(JsonParser from, Class<?> type) throws IOException {
    expect(from, JsonToken.VALUE_STRING);
    String text = from.getText();
    if (type == String.class) {
      return text;
    }
    try {
      if (type == Instant.class) {
        return Instant.parse(text);
      }
      if (type == LocalDate.class) {
        return LocalDate.parse(text);
      }
      return Arrays.stream(type.getEnumConstants())
          .filter(it -> word((Enum<?>) it).equals(text))
          .findFirst()
          .orElseThrow(() -> new DateTimeException("no such constant"));
    } catch (DateTimeException bad) {
      throw new JsonParseException(from, "not a " + type.getSimpleName() + ": " + text, bad);
    }
  }

  private static List<Object> list(JsonParser from, Type type) throws IOException {
    expect(from, JsonToken.START_ARRAY);
    List<Object> all = new ArrayList<>();
    while (from.nextToken() != JsonToken.END_ARRAY) {
      Object one = value(from, type);
      if (one != null) {
        all.add(one);
      }
    }
    return List.copyOf(all);
  }

  private static Map<String, Object> map(JsonParser from, Type type) throws IOException {
    expect(from, JsonToken.START_OBJECT);
    Map<String, Object> all = new TreeMap<>();
    while (from.nextToken() != JsonToken.END_OBJECT) {
      String name = from.currentName();
      from.nextToken();
      Object one = value(from, type);
      if (one != null) {
        all.put(name, one);
      }
    }
    return all;
  }

  private static Object record(JsonParser from, Class<?> type) throws IOException {
    expect(from, JsonToken.START_OBJECT);
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] parts = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int at = 0; at < components.length; at++) {
      types[at] = components[at].getType();
      parts[at] = absent(types[at]);
    }
    while (from.nextToken() != JsonToken.END_OBJECT) {
      String name = from.currentName();
      from.nextToken();
      int at = 0;
      while (at < components.length && !components[at].getName().equals(name)) {
        at++;
      }
      if (at == components.length) {
        from.skipChildren();
      } else if (from.currentToken() != JsonToken.VALUE_NULL) {
        parts[at] = value(from, components[at].getGenericType());
      }
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(parts);
    } catch (ReflectiveOperationException refused) {
      throw new JsonParseException(from, "not a " + type.getSimpleName(), refused);
    }
  }

  private static @Nullable Object absent(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    return type == long.class ? 0L : null;
  }

  private static void expect(JsonParser from, JsonToken token) throws IOException {
    if (from.currentToken() != token) {
      throw new JsonParseException(from, "there is " + from.currentToken() + ", not " + token);
    }
  }
}
