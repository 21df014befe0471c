package io.sanadflow.studyhub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
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
