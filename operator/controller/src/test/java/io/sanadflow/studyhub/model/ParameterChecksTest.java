package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that are passed through: what the operator owns and what cannot be are refused. */
class ParameterChecksTest {

  private static List<Problem> postgres(String name, String value) {
    return problems("database", name, value);
  }

  private static List<Problem> pooler(String name, String value) {
    return problems("pooler", name, value);
  }

  private static List<Problem> problems(String part, String name, String value) {
    return Hubs.problems(
        "app: {image: hub}\n%s: {parameters: {\"%s\": \"%s\"}}".formatted(part, name, value),
        Facts.NONE);
  }

  private static Problem postgresProblem(String name, String message) {
    return new Problem("spec.database.parameters." + name, message);
  }

  private static Problem poolerProblem(String name, String message) {
    return new Problem("spec.pooler.parameters." + name, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "listen_addresses",
        "PORT",
        "hba_file",
        "ssl",
        "ssl_ca_file",
        "archive_command",
        "include",
        "recovery_target_time",
        "studyhub.config_hash",
        "fsync",
        "session_preload_libraries"
      })
  void whatTheOperatorOwnsOfPostgresIsRefused(String name) {
    assertThat(postgres(name, "x"))
        .contains(postgresProblem(name, "is set by the operator and cannot be changed; remove it"));
  }

  @Test
  void aNameOfPostgresLooksLikeOne() {
    assertThat(postgres("work mem", "1MB"))
        .containsExactly(
            postgresProblem("work mem", "is not the name of a setting; one looks like work_mem"));
    assertThat(postgres("work_mem", "1MB")).isEmpty();
    assertThat(postgres("auto_explain.log_min_duration", "1s")).isEmpty();
  }

  @Test
  void aValueIsOneLine() {
    assertThat(postgres("work_mem", "1MB\\nssl = off"))
        .containsExactly(
            postgresProblem(
                "work_mem", "has a line break or control character; write it on one line"));
    assertThat(pooler("server_reset_query", "a\\nb"))
        .containsExactly(
            poolerProblem(
                "server_reset_query",
                "has a line break or control character; write it on one line"));
  }

  @ParameterizedTest
  @CsvSource({"9, 9", "1001, 1001"})
  void connectionsAreWithinBounds(String value, int shown) {
    assertThat(postgres("max_connections", value))
        .contains(
            postgresProblem(
                "max_connections", shown + " is not between 10 and 1000; 50 is the default"));
    assertThat(postgres("max_connections", "50")).isEmpty();
  }

  @Test
  void connectionsAreANumber() {
    assertThat(postgres("max_connections", "many"))
        .containsExactly(
            postgresProblem("max_connections", "many is not a whole number; 50 is the default"));
  }

  @ParameterizedTest
  @CsvSource({
    "129MB, 258, ''",
    "20000, 313, ''",
    "200000kB, 391, ''",
    "1GB, 2048, 2380",
    "1TB, 2097152, 2097484"
  })
  void sharedBuffersLeaveRoomForBackends(String value, String limit, String budget) {
    assertThat(postgres("shared_buffers", value))
        .containsExactly(
            postgresProblem(
                "shared_buffers",
                value
                    + " is more than half of the memory limit of 256Mi, which leaves too little for"
                    + " the backends; at most 128MB would work, or"
                    + " spec.database.resources.limits.memory of "
                    + limit
                    + "Mi"
                    + (budget.isEmpty() ? "" : " with spec.budget.memory of " + budget + "Mi")));
    assertThat(postgres("shared_buffers", "128MB")).isEmpty();
    String larger =
        "app: {image: hub}\ndatabase: {resources: {limits: {memory: "
            + limit
            + "Mi}}, parameters: {shared_buffers: \""
            + value
            + "\"}}\n"
            + (budget.isEmpty() ? "" : "budget: {memory: " + budget + "Mi}");
    assertThat(Hubs.problems(larger, Facts.NONE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999TB", "999999999999999999999999MB", "1024TB"})
  void sharedBuffersOfNoMachineAreAProblem(String value) {
    assertThat(postgres("shared_buffers", value))
        .containsExactly(
            postgresProblem(
                "shared_buffers",
                value
                    + " is more than half of the memory limit of 256Mi, which leaves too little for"
                    + " the backends; at most 128MB would work"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "15", "16kB", "127kB"})
  void sharedBuffersAreEnoughToStart(String value) {
    assertThat(postgres("shared_buffers", value))
        .containsExactly(
            postgresProblem(
                "shared_buffers",
                value
                    + " is less than the 128kB without which PostgreSQL does not start; 64MB would"
                    + " work"));
    assertThat(postgres("shared_buffers", "64MB")).isEmpty();
    assertThat(postgres("shared_buffers", "128kB")).isEmpty();
  }

  @Test
  void theCaseOfANameDoesNotMatter() {
    assertThat(postgres("Max_Connections", "9"))
        .contains(
            postgresProblem("Max_Connections", "9 is not between 10 and 1000; 50 is the default"));
    assertThat(postgres("Max_Connections", "many"))
        .containsExactly(
            postgresProblem("Max_Connections", "many is not a whole number; 50 is the default"));
    assertThat(postgres("Shared_Buffers", "half"))
        .containsExactly(postgresProblem("Shared_Buffers", "half is not a size such as 64MB"));
    assertThat(
            Hubs.problems(
                "app: {image: hub}\n" + "database: {parameters: {work_mem: 1MB, Work_Mem: 2MB}}",
                Facts.NONE))
        .containsExactly(
            postgresProblem("work_mem", "is the same setting as Work_Mem; keep one of them"));
  }

  @Test
  void sharedBuffersAreASize() {
    assertThat(postgres("shared_buffers", "half"))
        .containsExactly(postgresProblem("shared_buffers", "half is not a size such as 64MB"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "listen_addr",
        "auth_file",
        "admin_users",
        "client_tls_sslmode",
        "server_tls_ciphers",
        "%include",
        "peer_id"
      })
  void whatTheOperatorOwnsOfThePoolerIsRefused(String name) {
    assertThat(pooler(name, "x"))
        .containsExactly(
            poolerProblem(name, "is set by the operator and cannot be changed; remove it"));
  }

  @ParameterizedTest
  @CsvSource({
    "pool_mode, spec.pooler.mode",
    "max_client_conn, spec.pooler.maxClientConnections",
    "default_pool_size, spec.pooler.defaultPoolSize",
    "min_pool_size, spec.pooler.minPoolSize",
    "reserve_pool_size, spec.pooler.reservePoolSize",
    "max_db_connections, spec.pooler.maxDbConnections",
    "server_idle_timeout, spec.pooler.serverIdleTimeout",
    "server_lifetime, spec.pooler.serverLifetime"
  })
  void whatHasAFieldIsSetThere(String name, String field) {
    assertThat(pooler(name, "1"))
        .containsExactly(poolerProblem(name, "has a field of its own; set " + field + " instead"));
  }

  @ParameterizedTest
  @CsvSource({
    "max_prepared_statements, 1.5, a whole number, 100",
    "query_timeout, 30s, a number of seconds, 30",
    "query_timeout, 30s, a number of seconds, 0.5",
    "server_fast_close, maybe, 0 or 1, 1"
  })
  void aValueOfThePoolerHasItsForm(String name, String value, String what, String works) {
    assertThat(pooler(name, value))
        .containsExactly(poolerProblem(name, "\"" + value + "\" is not " + what));
    assertThat(pooler(name, works)).isEmpty();
  }

  @Test
  void aNumberOfThePoolerFitsAnInt() {
    assertThat(pooler("max_packet_size", "2147483648"))
        .containsExactly(
            poolerProblem(
                "max_packet_size",
                "2147483648 is out of bounds; 2147483647 is the most that works"));
    assertThat(pooler("max_packet_size", "2147483647")).isEmpty();
  }

  @Test
  void aSettingThatThePoolerDoesNotKnowIsRefused() {
    assertThat(pooler("Query_Timeout", "1"))
        .containsExactly(
            poolerProblem(
                "Query_Timeout", "is no setting of PgBouncer (there is query_timeout); remove it"));
    assertThat(pooler("query_timeouts", "1"))
        .containsExactly(
            poolerProblem(
                "query_timeouts",
                "is no setting of PgBouncer (there is query_timeout); remove it"));
    assertThat(pooler("wibble", "1"))
        .containsExactly(poolerProblem("wibble", "is no setting of PgBouncer; remove it"));
  }
}
