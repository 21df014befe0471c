package io.sanadflow.studyhub.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.sanadflow.studyhub.model.Facts;
import io.sanadflow.studyhub.model.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples are hubs that can be made. */
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("../../examples");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Kubernetes' own types, whose fields are documented there. */
  private static final Set<String> EMBEDDED =
      Set.of(
          "spec.app.env",
          "spec.app.envFrom",
          "spec.app.imagePullSecrets",
          "spec.app.securityContext",
          "spec.app.resources",
          "spec.database.resources",
          "spec.pooler.resources",
          "spec.redis.resources");

  /**
   * What stands in place of something else in the example, or needs what a cluster may not have.
   */
  private static final Set<String> ALTERNATIVES =
      Set.of(
          "spec.app.ingress.tls",
          "spec.certificates.issuerRef",
          "spec.database.bootstrap",
          "spec.database.external",
          "spec.objectStore.caSecret",
          "spec.objectStore.cloudflareAccountId");

  @ParameterizedTest
  @MethodSource
  void examples(Path file) throws Exception {
    assertThat(new HubSchema().read(Files.readString(file)))
        .hasSize(1)
        .allSatisfy(it -> assertThat(Resolver.resolve(it, Facts.NONE).problems()).isEmpty());
  }

  static List<Path> examples() throws IOException {
    try (Stream<Path> all = Files.list(EXAMPLES)) {
      return all.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void completeHasEveryField() throws IOException {
    JsonNode spec =
        YAML.readTree(Path.of("../../crds/studyhubs.sanadflow.io.yaml").toFile())
            .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    List<String> absent = new ArrayList<>();
    absent(spec, hub().path("spec"), "spec", absent);
    assertThat(absent)
        .as("fields of spec that examples/complete.yaml does not show")
        .containsExactlyInAnyOrderElementsOf(ALTERNATIVES);
  }

  private static JsonNode hub() throws IOException {
    try (var documents =
        YAML.readerFor(JsonNode.class)
            .<JsonNode>readValues(EXAMPLES.resolve("complete.yaml").toFile())) {
      return documents.readAll().stream()
          .filter(it -> "StudyHub".equals(it.path("kind").asText()))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void absent(JsonNode schema, JsonNode value, String path, List<String> absent) {
    if (value.isMissingNode()) {
      absent.add(path);
    } else if (!EMBEDDED.contains(path)) {
      schema
          .path("properties")
          .properties()
          .forEach(
              it ->
                  absent(it.getValue(), value.path(it.getKey()), path + "." + it.getKey(), absent));
    }
  }
}
