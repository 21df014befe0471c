package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PostgreSQL and PgBouncer are set to. */
class SettingsTest {

  private static final long MIB = 1024 * 1024;

  @ParameterizedTest
  @CsvSource({
    "64, 16MB, 32MB, 1MB, 8MB",
    "256, 64MB, 128MB, 1MB, 16MB",
    "1024, 256MB, 512MB, 4MB, 64MB"
  })
  void postgresIsSizedFromItsMemory(
      long mib, String buffers, String cache, String workMem, String maintenance) {
    assertThat(PostgresSettings.of(mib * MIB, Map.of(), false))
        .containsEntry("shared_buffers", buffers)
        .containsEntry("effective_cache_size", cache)
        .containsEntry("work_mem", workMem)
        .containsEntry("maintenance_work_mem", maintenance)
        .containsEntry("autovacuum_work_mem", maintenance);
  }

  @Test
  void theUserWinsOverSizesButNotOverWhatTheOperatorNeeds() {
    assertThat(
            PostgresSettings.of(
                256 * MIB, Map.of("work_mem", "2MB", "ssl", "off", "huge_pages", "on"), false))
        .containsEntry("work_mem", "2MB")
        .containsEntry("ssl", "on")
        .containsEntry("huge_pages", "off");
  }

  @Test
  void theCaseOfANameDoesNotMatter() {
    var hub =
        Hubs.resolved(
            Hubs.withSpec(
                "app: {image: hub}\n"
                    + "database: {parameters: {Max_Connections: \"60\", TimeZone: Asia/Singapore}}"));
    assertThat(hub.database().maxConnections()).isEqualTo(60);
    assertThat(hub.database().parameters())
        .containsEntry("max_connections", "60")
        .containsEntry("timezone", "Asia/Singapore")
        .doesNotContainKeys("Max_Connections", "TimeZone");
  }

  @Test
  void whatThePoolerReadsAtItsStartRollsThePods() {
    var settings = pooler("{parameters: {pkt_buf: \"8192\", query_timeout: \"5\"}}");
    assertThat(PoolerSettings.fixedAtStart(settings))
        .containsOnlyKeys("pool_mode", "max_prepared_statements", "pkt_buf");
    assertThat(PoolerSettings.reloadable(settings))
        .containsKey("query_timeout")
        .doesNotContainKey("pkt_buf");
  }

  @Test
  void whatTheOperatorSetsLastIsReserved() {
    var plain = PostgresSettings.of(256 * MIB, Map.of(), false);
    Map<String, String> all = new java.util.HashMap<>();
    plain.keySet().forEach(it -> all.put(it, "the user's"));
    PostgresSettings.of(256 * MIB, all, false)
        .forEach(
            (name, value) ->
                assertThat(PostgresSettings.reserved(name))
                    .as(name)
                    .isEqualTo(!value.equals("the user's")));
  }

  @Test
  void postgresSpeaksTls13AndScramOnly() {
    assertThat(PostgresSettings.of(256 * MIB, Map.of(), false))
        .containsEntry("ssl", "on")
        .containsEntry("ssl_min_protocol_version", "TLSv1.3")
        .containsEntry("password_encryption", "scram-sha-256");
  }

  @ParameterizedTest
  @CsvSource({"Session, session, 50", "Transaction, transaction, 100"})
  void thePoolerFollowsItsMode(String mode, String poolMode, String clients) {
    assertThat(pooler("{mode: " + mode + "}"))
        .containsEntry("pool_mode", poolMode)
        .containsEntry("max_client_conn", clients);
    assertThat(pooler("{maxClientConnections: 7}")).containsEntry("max_client_conn", "7");
  }

  @Test
  void thePoolersDurationsAreSeconds() {
    assertThat(pooler("{serverIdleTimeout: 1m30s, serverLifetime: 1h}"))
        .containsEntry("server_idle_timeout", "90")
        .containsEntry("server_lifetime", "3600");
  }

  @Test
  void thePoolerSpeaksTls13OnBothSides() {
    assertThat(pooler("{}"))
        .containsEntry("client_tls_sslmode", "require")
        .containsEntry("client_tls_protocols", "tlsv1.3")
        .containsEntry("server_tls_protocols", "tlsv1.3")
        .containsEntry("server_tls_sslmode", "verify-full")
        .containsEntry("auth_type", "scram-sha-256");
  }

  @Test
  void aServerWithoutAPrivateAuthorityIsVerifiedByPublicOnes() {
    var hub =
        Hubs.resolved(
            Hubs.withSpec(
                "app: {image: hub}\n"
                    + "database: {external: {host: db, credentialsSecret: {name: a}}}"));
    assertThat(hub.pooler().settings())
        .containsEntry("server_tls_sslmode", "verify-full")
        .containsEntry("server_tls_ca_file", PoolerSettings.PUBLIC_AUTHORITIES);
  }

  @Test
  void theUsersSettingsOfThePoolerWinOverTheUsualOnes() {
    assertThat(pooler("{parameters: {query_wait_timeout: \"5\"}}"))
        .containsEntry("query_wait_timeout", "5");
  }

  private static java.util.SortedMap<String, String> pooler(String spec) {
    return Hubs.resolved(Hubs.withSpec("app: {image: hub}\npooler: " + spec)).pooler().settings();
  }
}
