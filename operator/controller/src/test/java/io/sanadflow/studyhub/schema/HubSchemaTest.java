package io.sanadflow.studyhub.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Facts;
import io.sanadflow.studyhub.model.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of valid/ is taken, every file of invalid/ is refused in the words beside it. */
class HubSchemaTest {

  private static final Path RESOURCES = Path.of("src/test/resources");

  private final HubSchema schema = new HubSchema();

  @ParameterizedTest
  @MethodSource
  void valid(Path file) throws Exception {
    assertThat(schema.read(Files.readString(file)))
        .isNotEmpty()
        .allSatisfy(
            hub -> {
              assertThat(hub.getMetadata().getNamespace()).isEqualTo("default");
              assertThat(Resolver.resolve(hub, Facts.NONE).problems()).isEmpty();
            });
  }

  static List<Path> valid() throws IOException {
    return files("valid", ".yaml");
  }

  @ParameterizedTest
  @MethodSource
  void invalid(Path file) throws IOException {
    Path expected = Path.of(file.toString().replace(".yaml", ".txt"));
    String yaml = Files.readString(file);
    InvalidHubException refused =
        catchThrowableOfType(InvalidHubException.class, () -> schema.read(yaml));
    assertThat(refused).as("refusal of %s", file).isNotNull();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, refused.getMessage() + "\n");
    }
    assertThat(refused.getMessage() + "\n")
        .as("-Dgolden.update=true writes " + expected)
        .isEqualTo(Files.exists(expected) ? Files.readString(expected) : "");
  }

  static List<Path> invalid() throws IOException {
    return files("invalid", ".yaml");
  }

  @Test
  void noFileIsLeftOver() throws IOException {
    assertThat(files("valid", "")).allMatch(it -> it.toString().endsWith(".yaml"));
    assertThat(files("invalid", ""))
        .allMatch(it -> it.toString().endsWith(".yaml") || it.toString().endsWith(".txt"))
        .allSatisfy(
            it -> assertThat(Path.of(it.toString().replace(".txt", ".yaml"))).isRegularFile());
  }

  @Test
  void aTypedHubGetsItsDefaults() throws Exception {
    StudyHub hub = schema.read(Files.readString(Path.of("../../examples/minimal.yaml"))).get(0);
    assertThat(schema.withDefaults(hub).getSpec()).isEqualTo(hub.getSpec());
    assertThat(hub.getSpec().app().media().enabled()).isTrue();
    assertThat(hub.getSpec().pooler().defaultPoolSize()).isEqualTo(10);
    assertThat(hub.getStatus().observedGeneration()).isEqualTo(-1);
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

  private static List<Path> files(String directory, String end) throws IOException {
    try (Stream<Path> all = Files.list(RESOURCES.resolve(directory))) {
      return all.filter(it -> it.toString().endsWith(end)).sorted().toList();
    }
  }
}
