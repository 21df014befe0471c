package io.sanadflow.studyhub.agent;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tables whose rows are counted: once in the snapshot of a dump, once in what was restored from
 * it. One query for both, or the counts would differ where nothing does.
 */
final class Tables {

  /**
   * Ordinary tables and partitions, without temporary ones and those that belong to extensions: of
   * these a dump holds no rows, or some.
   */
  private static final String TABLES =
      """
      SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't'
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
          AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1""";

  private Tables() {}

  /** Their names, as SQL has them. */
  static List<String> of(Connection connection) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  /** How many rows each of them has. */
  static SortedMap<String, Long> rows(Connection connection) throws SQLException {
    return rows(connection, of(connection));
  }

  /** How many rows some have. */
  static SortedMap<String, Long> rows(Connection connection, List<String> tables)
      throws SQLException {
    SortedMap<String, Long> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement()) {
      for (String table : tables) {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM ONLY " + table)) {
          row.next();
          rows.put(table, row.getLong(1));
        }
      }
    }
    return rows;
  }
}
