package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogsTest {

  private static final Facts LOGS_SECRET =
      new Facts() {
        @Override
        public Optional<Set<String>> secretKeys(String secret) {
          return secret.equals("logs") ? Optional.of(Set.of("other")) : Optional.empty();
        }

        @Override
        public Optional<Volume> volume(String claim) {
          return Optional.empty();
        }
      };

  private static String spec(String endpoint, String more) {
    return "app: {image: hub}\nmonitoring: {logs: {endpoint: \"" + endpoint + "\"" + more + "}}";
  }

  @ParameterizedTest
  @CsvSource({
    "https://in.logs.example.org, https://in.logs.example.org/v1/logs, 443",
    "https://in.logs.example.org/, https://in.logs.example.org/v1/logs, 443",
    "https://in.logs.example.org:4318/otlp?x=1, https://in.logs.example.org:4318/otlp?x=1, 4318",
    "http://collector.observability.svc:4318, http://collector.observability.svc:4318/v1/logs, 4318",
    "http://collector.observability.svc.cluster.local, http://collector.observability.svc.cluster.local/v1/logs, 80"
  })
  void linesGoToThePathOfOtlpUnlessAnotherIsNamed(String endpoint, String url, int port) {
    Logs logs = Hubs.resolved(Hubs.withSpec(spec(endpoint, ""))).monitoring().logs().orElseThrow();
    assertThat(logs.url()).isEqualTo(url);
    assertThat(logs.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "http://logs.example.org, is of http",
    "http://10.0.0.1:9100/logs, is of http",
    "https://me:secret@logs.example.org, tokenSecret",
    "logs.example.org, is not a URL of https",
    "ftp://logs.example.org, is not a URL of https",
    "https://logs.example.org:99999, is not a URL of https",
    "https://logs.example.org/${file:/etc/passwd}, is not a URL of https"
  })
  void endpointsThatCannotBeUsedAreToldWithWhatWould(String endpoint, String said) {
    List<Problem> problems = Hubs.problems(spec(endpoint, ""), Facts.NONE);
    assertThat(problems)
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.field()).isEqualTo("spec.monitoring.logs.endpoint");
              assertThat(it.message()).contains(said).doesNotContain("me:secret");
            });
  }

  @Test
  void secretsMustBeThere() {
    assertThat(
            Hubs.problems(
                spec(
                    "https://logs.example.org",
                    ", tokenSecret: {name: logs, key: token}, caSecret: {name: campus}"),
                LOGS_SECRET))
        .extracting(Problem::field, Problem::message)
        .anySatisfy(
            it ->
                assertThat(it.toList())
                    .containsExactly(
                        "spec.monitoring.logs.tokenSecret",
                        "the Secret logs has no key token; add it"))
        .anySatisfy(
            it ->
                assertThat(it.toList().toString())
                    .contains("spec.monitoring.logs.caSecret", "there is no Secret campus"));
  }

  @Test
  void itsMemoryCountsAgainstTheBudget() {
    Hub without = Hubs.resolved(Hubs.withSpec("app: {image: hub}"));
    Hub with = Hubs.resolved(Hubs.withSpec(spec("https://logs.example.org", "")));
    assertThat(with.memory() - without.memory()).isEqualTo(144L << 20);
    assertThat(
            Hubs.problems(
                spec("https://logs.example.org", "") + "\nbudget: {memory: 700Mi}", Facts.NONE))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("732Mi", "+ logs 144"));
  }

  @Test
  void theImageIsChecked() {
    assertThat(Hubs.problems(spec("https://logs.example.org", ", image: \"NO image\""), Facts.NONE))
        .extracting(Problem::field)
        .containsExactly("spec.monitoring.logs.image");
  }
}
