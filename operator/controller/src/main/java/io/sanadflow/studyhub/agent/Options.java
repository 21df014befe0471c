package io.sanadflow.studyhub.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options of a command: {@code --name value}, and {@code --latest} alone. */
final class Options {

  private static final Set<String> VALUED = Set.of("database", "key", "at", "id");

  private static final Set<String> FLAGS = Set.of("latest");

  private final Map<String, String> values = new HashMap<>();

  private Options() {}

  /**
   * Reads them.
   *
   * @throws AgentException if one is unknown, stands twice, or lacks its value
   */
  static Options of(List<String> arguments) throws AgentException {
    Options options = new Options();
    for (int at = 0; at < arguments.size(); at++) {
      String argument = arguments.get(at);
      String name = argument.startsWith("--") ? argument.substring(2) : "";
      boolean valued = VALUED.contains(name);
      if (!valued && !FLAGS.contains(name)) {
        throw AgentException.usage(argument + ": there are " + VALUED + " and " + FLAGS);
      }
      if (valued && at + 1 == arguments.size()) {
        throw AgentException.usage(argument + ": its value is missing");
      }
      if (options.values.put(name, valued ? arguments.get(++at) : "") != null) {
        throw AgentException.usage(argument + ": given twice");
      }
    }
    return options;
  }

  /** Whether one was given. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value of one. */
  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The value of one that must be there. */
  String required(String name) throws AgentException {
    String value = values.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw AgentException.usage("--" + name + ": missing");
    }
    return value;
  }
}
