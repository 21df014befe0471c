package io.sanadflow.studyhub.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Facts;
import io.sanadflow.studyhub.model.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples can be applied as they are, and one of them shows every field. */
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("../../examples");

  private final HubSchema schema = new HubSchema();

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsAHubWithoutProblems(Path example) throws Exception {
    List<StudyHub> hubs = schema.read(Files.readString(example));
    assertThat(hubs).hasSize(1);
    assertThat(Resolver.resolve(hubs.get(0), Facts.NONE).problems()).isEmpty();
  }

  @Test
  void theMinimalExampleSaysOnlyTheImage() throws Exception {
    JsonNode spec =
        YamlDocuments.of(Files.readString(EXAMPLES.resolve("minimal.yaml"))).get(0).get("spec");
    assertThat(spec.toString()).isEqualTo("{\"app\":{\"image\":\"ghcr.io/sanadflow/hub:1\"}}");
  }

  @Test
  void theCompleteExampleShowsEveryField() throws Exception {
    String text = Files.readString(EXAMPLES.resolve("complete.yaml"));
    // Choices that exclude each other stand there as YAML behind a #; prose has one space after it.
    String all = text.replaceAll("(?m)^( *)#(?=\\w|  )", "$1");
    schema.read(all);
    TreeSet<String> shown = new TreeSet<>();
    for (JsonNode document : YamlDocuments.of(all)) {
      if (document.path("kind").asText().equals("StudyHub")) {
        collect("spec", document.get("spec"), shown);
      }
    }
    assertThat(shown).containsAll(schema.fields());
  }

  private static void collect(String path, JsonNode value, TreeSet<String> fields) {
    for (var field : value.properties()) {
      String name = path + "." + field.getKey();
      fields.add(name);
      collect(name, field.getValue(), fields);
    }
  }
}
