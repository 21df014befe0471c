package io.sanadflow.studyhub.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts and the dashboard name figures that there are, and the alerts do as they say. */
class MonitoringManifestsTest {

  private static final Path MONITORING = Path.of("../../manifests/monitoring");

  private static final Pattern NAME = Pattern.compile("\\bstudyhub_[a-z0-9_]+");

  private static Set<String> known() {
    return new TreeSet<>(new Metrics(new Watched()).names());
  }

  private static Set<String> named(List<String> queries) {
    Set<String> names = new TreeSet<>();
    for (String query : queries) {
      for (Matcher found = NAME.matcher(query); found.find(); ) {
        names.add(found.group().replaceAll("(?<=duration_seconds)_(bucket|count|sum)$", ""));
      }
    }
    return names;
  }

  private static JsonNode rules() throws IOException {
    return Serialization.unmarshal(
        Files.readString(MONITORING.resolve("prometheusrule.yaml")), JsonNode.class);
  }

  @Test
  void theDashboardNamesFiguresThatThereAre() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(MONITORING.resolve("dashboard.json").toFile());
    List<String> queries = new ArrayList<>(dashboard.findValuesAsText("expr"));
    dashboard.path("templating").path("list").forEach(it -> queries.add(it.path("query").asText()));
    assertThat(queries).hasSizeGreaterThan(15);
    assertThat(known()).containsAll(named(queries));
  }

  @Test
  void theAlertsNameFiguresThatThereAre() throws IOException {
    assertThat(named(rules().findValuesAsText("expr"))).isNotEmpty().isSubsetOf(known());
  }

  @Test
  void eachAlertIsTested() throws IOException {
    String tests = Files.readString(MONITORING.resolve("alerts.test.yaml"));
    assertThat(rules().findValuesAsText("alert"))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(tests).contains("alertname: " + it + "\n"));
  }

  @Test
  void theAlertsDoAsTheySay(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("alerts.yaml"), Serialization.asYaml(rules().path("spec")));
    Files.copy(MONITORING.resolve("alerts.test.yaml"), directory.resolve("alerts.test.yaml"));
    assertThat(Promtool.run(directory, "", "check", "rules", "alerts.yaml")).contains("SUCCESS");
    assertThat(Promtool.run(directory, "", "test", "rules", "alerts.test.yaml"))
        .contains("SUCCESS");
  }
}
