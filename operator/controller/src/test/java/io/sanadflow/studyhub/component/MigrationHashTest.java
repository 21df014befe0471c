package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A migration runs anew when what it runs changes, and at nothing else. */
class MigrationHashTest {

  private static String hash(String app, String rest) {
    return MigrationComponent.hash(
        Hubs.resolved(Hubs.withSpec("app: {image: hub" + app + "}\n" + rest)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", migration: {command: [node, up.mjs]}",
        ", migration: {command: ['node, migrate.mjs']}",
        ", env: [{name: A, value: b}]",
        ", envFrom: [{secretRef: {name: a}}]"
      })
  void whatIsRunCounts(String app) {
    assertThat(hash(app, "")).isNotEqualTo(hash("", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "', replicas: 2', ''",
    "', migration: {timeout: 1h}', ''",
    "'', 'pooler: {mode: Transaction}'"
  })
  void whatDoesNotTouchTheSchemaDoesNot(String app, String rest) {
    assertThat(hash(app, rest)).isEqualTo(hash("", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"host: db2", "host: db, port: 6000", "host: db, database: other"})
  void anotherDatabaseMustBeMigratedToo(String where) {
    String external = "database: {external: {%s, credentialsSecret: {name: a}}}";
    assertThat(hash("", external.formatted(where)))
        .isNotEqualTo(hash("", external.formatted("host: db")));
  }
}
