package io.sanadflow.studyhub.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Roles and settings that a restore brings back. */
class GlobalsTest {

  private static final String ROLES =
      """
      --
      -- Roles; not a statement
      --
      \\restrict abc

      SET default_transaction_read_only = off;
      CREATE ROLE hub_owner;
      ALTER ROLE hub_owner WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:x;y';
      CREATE ROLE "report;er";
      ALTER ROLE "report;er" WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:a''b';
      COMMENT ON ROLE "report;er" IS 'reads -- all';
      CREATE ROLE readers;
      ALTER ROLE "report;er" SET search_path TO 'a', 'b';
      GRANT pg_monitor TO hub_owner WITH INHERIT TRUE GRANTED BY postgres;
      GRANT readers TO "report;er" WITH INHERIT TRUE GRANTED BY postgres;
      """;

  @Test
  void onlyMissingRolesAreMade() {
    assertThat(Globals.missingRoles(ROLES, Set.of("postgres", "hub_owner", "readers")))
        .containsExactly(
            "CREATE ROLE \"report;er\"",
            "ALTER ROLE \"report;er\" WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:a''b'",
            "COMMENT ON ROLE \"report;er\" IS 'reads -- all'",
            "ALTER ROLE \"report;er\" SET search_path TO 'a', 'b'",
            "GRANT readers TO \"report;er\" WITH INHERIT TRUE");
  }

  @Test
  void settingsGoToTheOtherDatabase() {
    assertThat(
            Globals.databaseSettings(
                """
                CREATE DATABASE hub WITH TEMPLATE = template0;
                ALTER DATABASE hub OWNER TO hub_owner;
                COMMENT ON DATABASE hub IS 'all; notes';
                ALTER DATABASE hub SET search_path TO 'a''; DROP TABLE x', 'b';
                ALTER ROLE hub_app IN DATABASE hub SET statement_timeout TO '5s';
                \\connect hub
                REVOKE CONNECT,TEMPORARY ON DATABASE hub FROM PUBLIC;
                CREATE FUNCTION f() RETURNS text AS $x$ ALTER DATABASE hub SET a TO 'b'; $x$;
                """,
                "hub_restore_1"))
        .containsExactly(
            "COMMENT ON DATABASE \"hub_restore_1\" IS 'all; notes'",
            "ALTER DATABASE \"hub_restore_1\" SET search_path TO 'a''; DROP TABLE x', 'b'",
            "ALTER ROLE hub_app IN DATABASE \"hub_restore_1\" SET statement_timeout TO '5s'",
            "REVOKE CONNECT,TEMPORARY ON DATABASE \"hub_restore_1\" FROM PUBLIC");
  }
}
