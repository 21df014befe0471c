package io.sanadflow.studyhub.backup;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a server's roles and of a database's settings a restore brings back. */
public final class Globals {

  private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[^\\s\";]+)";

  private static final Pattern ROLE =
      Pattern.compile("(?:CREATE|ALTER) ROLE " + NAME + "(?s:\\s.*)?");

  private static final Pattern CREATE = Pattern.compile("CREATE ROLE " + NAME);

  private static final Pattern COMMENT = Pattern.compile("COMMENT ON ROLE " + NAME + " IS (?s:.*)");

  private static final Pattern MEMBER =
      Pattern.compile("GRANT " + NAME + " TO " + NAME + "(?: WITH [A-Z ,]+?)?(?: GRANTED BY .*)?");

  private static final Pattern SETTING =
      Pattern.compile(
          "(ALTER (?:DATABASE|ROLE " + NAME + " IN DATABASE) )" + NAME + "( SET (?s:.*))");

  private static final Pattern RIGHT =
      Pattern.compile("((?:GRANT|REVOKE) [A-Z, ]+ ON DATABASE )" + NAME + "( (?:TO|FROM) (?s:.*))");

  private static final Pattern REMARK =
      Pattern.compile("(COMMENT ON DATABASE )" + NAME + "( IS (?s:.*))");

  private Globals() {}

  /**
   * The statements that make the roles that are missing: with their passwords, settings and
   * memberships. A role that is there already stays as it is.
   *
   * @param script of pg_dumpall --roles-only
   * @param present the roles that the target has
   */
  public static List<String> missingRoles(String script, Set<String> present) {
    List<String> all = SqlStatements.of(script);
    Set<String> missing = new LinkedHashSet<>();
    for (String statement : all) {
      Matcher create = CREATE.matcher(statement);
      if (create.matches() && !present.contains(unquoted(create.group(1)))) {
        missing.add(unquoted(create.group(1)));
      }
    }
    List<String> statements = new ArrayList<>();
    for (String statement : all) {
      about(statement).filter(missing::contains).ifPresent(it -> statements.add(plain(statement)));
    }
    return List.copyOf(statements);
  }

  /** The role that a statement changes; of a membership, the member. */
  private static Optional<String> about(String statement) {
    Matcher role = ROLE.matcher(statement);
    if (role.matches()) {
      return Optional.of(unquoted(role.group(1)));
    }
    Matcher comment = COMMENT.matcher(statement);
    if (comment.matches()) {
      return Optional.of(unquoted(comment.group(1)));
    }
    Matcher member = MEMBER.matcher(statement);
    return member.matches() ? Optional.of(unquoted(member.group(2))) : Optional.empty();
  }

  /** Without the grantor, who need not be there. */
  private static String plain(String statement) {
    return MEMBER.matcher(statement).matches()
        ? statement.replaceAll(" GRANTED BY .*$", "")
        : statement;
  }

  /**
   * The statements that give a database the settings, rights and comment of the one that was
   * dumped.
   *
   * @param script of pg_restore --create
   * @param database the one to give them to
   */
  public static List<String> databaseSettings(String script, String database) {
    List<String> statements = new ArrayList<>();
    for (String statement : SqlStatements.of(script)) {
      Matcher setting = SETTING.matcher(statement);
      Matcher right = RIGHT.matcher(statement);
      Matcher remark = REMARK.matcher(statement);
      if (setting.matches()) {
        statements.add(setting.group(1) + quoted(database) + setting.group(4));
      } else if (right.matches()) {
        statements.add(right.group(1) + quoted(database) + right.group(3));
      } else if (remark.matches()) {
        statements.add(remark.group(1) + quoted(database) + remark.group(3));
      }
    }
    return List.copyOf(statements);
  }

  /** A name as an identifier of SQL. */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String unquoted(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }
}
