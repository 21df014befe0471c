package io.sanadflow.studyhub.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Facts;
import io.sanadflow.studyhub.model.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of valid/ is taken, and what comes of it stands beside it; every file of invalid/ is
 * refused in the words beside it. With -Dgolden.update=true what is wanted is written anew, to be
 * looked at before it is committed.
 */
class HubSchemaTest {

  private static final Path RESOURCES = Path.of("src/test/resources");

  private final HubSchema schema = new HubSchema();
  private final KubernetesSerialization yaml = new KubernetesSerialization();

  static List<Path> valid() throws IOException {
    return inputs("valid");
  }

  static List<Path> invalid() throws IOException {
    return inputs("invalid");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aValidHubGetsItsDefaults(Path input) throws Exception {
    List<StudyHub> read = schema.read(Files.readString(input));
    assertThat(read)
        .isNotEmpty()
        .allSatisfy(it -> assertThat(Resolver.resolve(it, Facts.NONE).problems()).isEmpty());
    String hubs = read.stream().map(yaml::asYaml).collect(Collectors.joining());
    Path wanted = sibling(input, ".expected.yaml");
    update(wanted, hubs);
    assertThat(hubs).isEqualTo(Files.readString(wanted));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void anInvalidHubIsToldWhatIsWrongAndWhatWouldWork(Path input) throws IOException {
    String text = Files.readString(input);
    InvalidHubException refused =
        catchThrowableOfType(InvalidHubException.class, () -> schema.read(text));
    assertThat(refused).as("%s is refused", input).isNotNull();
    Path wanted = sibling(input, ".txt");
    update(wanted, refused.getMessage() + "\n");
    assertThat(refused.getMessage() + "\n").isEqualTo(Files.readString(wanted));
    assertThat(refused.problems()).isNotEmpty();
  }

  @Test
  void everyFileIsUsed() throws IOException {
    Set<Path> unused = new TreeSet<>();
    for (String directory : List.of("valid", "invalid")) {
      try (Stream<Path> files = Files.list(RESOURCES.resolve(directory))) {
        unused.addAll(files.toList());
      }
      String suffix = directory.equals("valid") ? ".expected.yaml" : ".txt";
      for (Path input : inputs(directory)) {
        unused.remove(input);
        unused.remove(sibling(input, suffix));
      }
    }
    assertThat(unused).isEmpty();
  }

  @Test
  void otherKindsAreCounted() throws Exception {
    HubFile file =
        schema.readFile(Files.readString(RESOURCES.resolve("valid/many-documents.yaml")));
    assertThat(file.hubs())
        .extracting(it -> it.getMetadata().getName())
        .containsExactly("one", "two");
    assertThat(file.others()).isEqualTo(1);
    assertThat(schema.readFile("")).isEqualTo(new HubFile(List.of(), 0));
  }

  @Test
  void defaultsAreFilledIntoATypedHub() throws IOException {
    StudyHub bare =
        yaml.unmarshal(
            Files.readString(RESOURCES.resolve("valid/three-lines.yaml")), StudyHub.class);
    assertThat(bare.getSpec().database()).isNull();
    StudyHub filled = schema.withDefaults(bare);
    assertThat(filled.getSpec().database().storage()).isEqualTo(Quantity.parse("3Gi"));
    assertThat(filled.getStatus().observedGeneration()).isEqualTo(-1);
    assertThat(yaml.asYaml(schema.withDefaults(filled))).isEqualTo(yaml.asYaml(filled));
  }

  @Test
  void fillingChangesACopy() throws IOException {
    JsonNode given = new ObjectMapper().readTree("{\"spec\": {\"app\": {\"image\": \"a:1\"}}}");
    JsonNode before = given.deepCopy();
    JsonNode full = schema.withDefaults(given);
    assertThat(given).isEqualTo(before);
    assertThat(schema.withDefaults(full)).as("filling twice").isEqualTo(full);
    assertThat(full.at("/spec/redis/resources/limits/memory").asText()).isEqualTo("48Mi");
  }

  @Test
  void everyPatternOfTheSchemaHasWords() {
    List<JsonNode> patterns = BundledSchema.load().at("/properties/spec").findValues("pattern");
    assertThat(patterns).isNotEmpty();
    assertThat(Wording.PATTERNS.keySet())
        .containsExactlyInAnyOrderElementsOf(
            patterns.stream().map(JsonNode::asText).collect(Collectors.toSet()));
  }

  private static List<Path> inputs(String directory) throws IOException {
    try (Stream<Path> files = Files.list(RESOURCES.resolve(directory))) {
      return files
          .filter(it -> it.toString().endsWith(".yaml"))
          .filter(it -> !it.toString().endsWith(".expected.yaml"))
          .sorted()
          .toList();
    }
  }

  private static Path sibling(Path input, String suffix) {
    return input.resolveSibling(input.getFileName().toString().replaceFirst("\\.yaml$", suffix));
  }

  private static void update(Path wanted, String text) throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(wanted, text);
    }
  }
}
