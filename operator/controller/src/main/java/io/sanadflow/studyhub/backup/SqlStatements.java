package io.sanadflow.studyhub.backup;

import java.util.ArrayList;
import java.util.List;

/** Takes a script that pg_dumpall or pg_restore wrote apart. */
public final class SqlStatements {

  private SqlStatements() {}

  /**
   * The statements of a script, without the semicolon. Comments and psql's own lines, which start
   * with a backslash, are left out; quotes of all kinds are kept together.
   */
  public static List<String> of(String script) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    int at = 0;
    while (at < script.length()) {
      char next = script.charAt(at);
      boolean fresh = statement.toString().isBlank();
      if (next == ';') {
        add(statements, statement);
        at++;
      } else if (script.startsWith("--", at) || next == '\\' && fresh) {
        at = end(script, script.indexOf('\n', at));
      } else {
        int end = quoted(script, at, statement);
        statement.append(script, at, end);
        at = end;
      }
    }
    add(statements, statement);
    return List.copyOf(statements);
  }

  private static void add(List<String> statements, StringBuilder statement) {
    if (!statement.toString().isBlank()) {
      statements.add(statement.toString().strip());
    }
    statement.setLength(0);
  }

  /** Where what starts here ends: a quoted text or one character. */
  private static int quoted(String script, int at, StringBuilder before) {
    char next = script.charAt(at);
    if (next == '\'' || next == '"') {
      boolean escapes =
          next == '\'' && before.length() > 0 && before.charAt(before.length() - 1) == 'E';
      int end = at + 1;
      while (end < script.length() && script.charAt(end) != next) {
        end += escapes && script.charAt(end) == '\\' ? 2 : 1;
      }
      return Math.min(end + 1, script.length());
    }
    if (next == '$') {
      int close = script.indexOf('$', at + 1);
      String tag = close < 0 ? "" : script.substring(at, close + 1);
      if (tag.matches("\\$\\w*\\$")) {
        int end = script.indexOf(tag, close + 1);
        return end < 0 ? script.length() : end + tag.length();
      }
    }
    return at + 1;
  }

  private static int end(String script, int found) {
    return found < 0 ? script.length() : found;
  }
}
