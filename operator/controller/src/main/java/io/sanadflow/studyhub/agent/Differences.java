package io.sanadflow.studyhub.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares the rows of tables with what they should be. */
final class Differences {

  private static final int MOST_NAMED = 5;

  private Differences() {}

  /**
   * Fails unless every table has the rows that it should have.
   *
   * @param source for people: where the rows should be from
   * @throws AgentException CountsDiffer with the first tables that differ
   */
  static void check(Map<String, Long> expected, Map<String, Long> found, String source)
      throws AgentException {
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (table, rows) -> {
          Long has = found.get(table);
          if (has == null) {
            differences.add(table + " is missing");
          } else if (!has.equals(rows)) {
            differences.add("%s has %d rows, not %d".formatted(table, has, rows));
          }
        });
    if (!differences.isEmpty()) {
      throw new AgentException(
          "CountsDiffer",
          "what was restored is not what %s holds: %s%s. The hub's data are as they were. Restore another backup"
              .formatted(
                  source,
                  String.join(
                      "; ", differences.subList(0, Math.min(MOST_NAMED, differences.size()))),
                  differences.size() > MOST_NAMED
                      ? " and %d more".formatted(differences.size() - MOST_NAMED)
                      : ""));
    }
  }
}
