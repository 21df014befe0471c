package io.sanadflow.studyhub.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The definitions in the repository are those that the records ask for. */
class CrdTest {

  private static final String UPDATE =
      "mvn -pl operator/controller test -Dtest=CrdTest -Dcrd.update=true";

  @TempDir Path scratch;

  private static List<CrdFile> files() {
    return CrdFile.ALL;
  }

  @ParameterizedTest
  @MethodSource("files")
  void theDefinitionIsUpToDate(CrdFile file) throws IOException {
    ObjectNode wanted = file.wanted(scratch);
    String text = CrdFile.text(wanted);
    assertThat(CrdFile.parse(text)).as("what was written reads back").isEqualTo(wanted);
    if (Boolean.getBoolean("crd.update")) {
      file.write(text);
    }
    assertThat(file.kept())
        .as(file.path() + " is not what the records say; make it so with: " + UPDATE)
        .isEqualTo(text);
  }

  @Test
  void allDefinitionsAreInstalled() throws IOException {
    JsonNode installed =
        CrdFile.parse(
            Files.readString(CrdFile.ALL.get(0).path().resolveSibling("kustomization.yaml")));
    assertThat(installed.get("resources"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(
            CrdFile.ALL.stream().map(it -> it.path().getFileName().toString()).toList());
  }

  @Test
  void noDefaultHoldsNullsOrTheZerosOfAnEmptyRecord() throws IOException {
    JsonNode spec =
        CrdFile.ALL
            .get(0)
            .wanted(scratch)
            .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    assertThat(spec.findValues("default")).noneMatch(it -> it.toString().contains("null"));
    assertThat(spec.at("/properties/pooler/default").toString()).isEqualTo("{}");
    assertThat(spec.at("/properties/app/properties/media/default").toString()).isEqualTo("{}");
  }

  @ParameterizedTest
  @MethodSource("files")
  void noRuleIsSaidTwice(CrdFile file) throws IOException {
    assertThat(file.wanted(scratch).findValues("x-kubernetes-validations"))
        .isNotEmpty()
        .allSatisfy(
            rules ->
                assertThat(StreamSupport.stream(rules.spliterator(), false).map(JsonNode::toString))
                    .doesNotHaveDuplicates());
  }
}
