package io.sanadflow.studyhub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What charts hold of other directories is what stands there. A chart must be whole by itself, and
 * links leave it where Flux or an archive takes it from the repository: hence copies, written here.
 */
class ChartFilesTest {

  private static final String UPDATE =
      "mvn -pl operator/controller test -Dtest=ChartFilesTest -Dchart.update=true";

  private static final Path ROOT = Path.of("../..");

  private static final Path OPERATOR = Helm.CHARTS.resolve("studyhub-operator");

  /** The copies of the operator's chart, by where they are in it. */
  static Map<String, Path> copies() throws IOException {
    Map<String, Path> copies = new TreeMap<>();
    copies.put("files/role.yaml", ROOT.resolve("manifests/rbac/role.yaml"));
    copies.put("files/user-roles.yaml", ROOT.resolve("manifests/operator/user-roles.yaml"));
    copies.put("files/logs-role.yaml", ROOT.resolve("manifests/operator/logs-role.yaml"));
    copies.put(
        "files/prometheusrule.yaml", ROOT.resolve("manifests/monitoring/prometheusrule.yaml"));
    copies.put("files/dashboard.json", ROOT.resolve("manifests/monitoring/dashboard.json"));
    try (Stream<Path> crds = Files.list(ROOT.resolve("crds"))) {
      crds.filter(it -> it.getFileName().toString().endsWith(".sanadflow.io.yaml"))
          .forEach(it -> copies.put("files/crds/" + it.getFileName(), it));
    }
    return copies;
  }

  static Stream<String> names() throws IOException {
    return copies().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theCopyIsUpToDate(String name) throws IOException {
    keep(OPERATOR.resolve(name), Files.readString(copies().get(name)));
  }

  @Test
  void noOtherFileIsCopied() throws IOException {
    try (Stream<Path> files = Files.walk(OPERATOR.resolve("files"))) {
      assertThat(files.filter(Files::isRegularFile).map(it -> OPERATOR.relativize(it).toString()))
          .containsExactlyInAnyOrderElementsOf(copies().keySet());
    }
  }

  @Test
  void theValuesOfAHubAreCheckedAsTheDefinitionChecksItsSpec() throws IOException {
    JsonNode crd =
        Helm.documents(Files.readString(ROOT.resolve("crds/studyhubs.sanadflow.io.yaml"))).get(0);
    JsonNode spec = crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    String text =
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(ValuesSchema.of(spec))
            + "\n";
    keep(Helm.CHARTS.resolve("studyhub/values.schema.json"), text);
  }

  @Test
  void eachValueThatIsTakenIsInTheFileThatExplainsThem() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(OPERATOR.resolve("values.schema.json").toFile());
    ((ObjectNode) schema.get("properties")).remove("global");
    assertThat(taken("", schema))
        .containsExactlyInAnyOrderElementsOf(
            given(
                "",
                schema,
                Helm.documents(Files.readString(OPERATOR.resolve("values.yaml"))).get(0)));
  }

  private static Set<String> taken(String path, JsonNode schema) {
    Set<String> names = new TreeSet<>();
    for (var it : schema.path("properties").properties()) {
      names.add(path + it.getKey());
      names.addAll(taken(path + it.getKey() + ".", resolved(it.getValue())));
    }
    return names;
  }

  /** Of the same depth: not what is in a map of the user's own. */
  private static Set<String> given(String path, JsonNode schema, JsonNode values) {
    Set<String> names = new TreeSet<>();
    if (schema.has("properties")) {
      for (var it : values.properties()) {
        names.add(path + it.getKey());
        names.addAll(
            given(
                path + it.getKey() + ".",
                resolved(schema.path("properties").path(it.getKey())),
                it.getValue()));
      }
    }
    return names;
  }

  private static JsonNode resolved(JsonNode schema) {
    if (!schema.has("$ref")) {
      return schema;
    }
    try {
      return new ObjectMapper()
          .readTree(OPERATOR.resolve("values.schema.json").toFile())
          .at(schema.get("$ref").asText().substring(1));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void keep(Path file, String wanted) throws IOException {
    if (Boolean.getBoolean("chart.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, wanted);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as(file + " is not up to date; make it so with: " + UPDATE)
        .isEqualTo(wanted);
  }
}
