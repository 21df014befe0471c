package io.sanadflow.studyhub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sanadflow.studyhub.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart of a hub makes a StudyHub of its values, and refuses what is no field of one. */
class HubChartTest {

  private static final Path EXAMPLES = Path.of("../../examples");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void lintFindsNoFault() throws Exception {
    Helm.lint("studyhub", "--values=studyhub/ci/minimal-values.yaml").orFail();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theValuesAreTheSpec(Path example) throws Exception {
    JsonNode hub =
        Helm.documents(Files.readString(example)).stream()
            .filter(it -> it.path("kind").asText().equals("StudyHub"))
            .findFirst()
            .orElseThrow();

    List<JsonNode> rendered =
        Helm.documents(Helm.template("studyhub", "physics", hub.get("spec").toString()).orFail());

    assertThat(rendered).hasSize(1);
    assertThat(rendered.get(0).get("spec")).isEqualTo(hub.get("spec"));
    assertThat(rendered.get(0).get("apiVersion")).isEqualTo(hub.get("apiVersion"));
    assertThat(rendered.get(0).at("/metadata/name").asText()).isEqualTo("physics");
  }

  @Test
  void aNumberStaysAWholeNumber() throws Exception {
    String hub =
        Helm.template(
                "studyhub", "pilot", "{app: {image: a:1}, budget: {classBOperations: 25000000}}")
            .orFail();
    assertThat(hub).contains("classBOperations: 25000000\n");
  }

  @Test
  void aFieldThatThereIsNotIsNamed() throws Exception {
    Program.Result result =
        Helm.template("studyhub", "pilot", "{app: {image: a:1, replcias: 2}, databse: {}}");
    assertThat(result.code()).isNotZero();
    assertThat(result.err()).contains("/app", "'replcias'", "'databse'");
  }

  @Test
  void aHubWithoutAnImageIsRefused() throws Exception {
    Program.Result result = Helm.template("studyhub", "pilot", "{}");
    assertThat(result.code()).isNotZero();
    assertThat(result.err()).contains("app");
  }
}
