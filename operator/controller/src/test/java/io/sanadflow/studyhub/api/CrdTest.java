package io.sanadflow.studyhub.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The definition in the repository is the one that the records ask for. */
class CrdTest {

  private static final String UPDATE =
      "mvn -pl operator/controller test -Dtest=CrdTest -Dcrd.update=true";

  @TempDir Path scratch;

  @Test
  void theDefinitionIsUpToDate() throws IOException {
    ObjectNode wanted = CrdFile.wanted(scratch);
    String text = CrdFile.text(wanted);
    assertThat(CrdFile.parse(text)).as("what was written reads back").isEqualTo(wanted);
    if (Boolean.getBoolean("crd.update")) {
      CrdFile.write(text);
    }
    assertThat(Files.exists(CrdFile.PATH) ? Files.readString(CrdFile.PATH) : "")
        .as(CrdFile.PATH + " is not what the records say; make it so with: " + UPDATE)
        .isEqualTo(text);
  }

  @Test
  void noDefaultHoldsNullsOrTheZerosOfAnEmptyRecord() throws IOException {
    JsonNode spec =
        CrdFile.wanted(scratch).at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    assertThat(spec.findValues("default")).noneMatch(it -> it.toString().contains("null"));
    assertThat(spec.at("/properties/pooler/default").toString()).isEqualTo("{}");
    assertThat(spec.at("/properties/app/properties/media/default").toString()).isEqualTo("{}");
  }

  @Test
  void noRuleIsSaidTwice() throws IOException {
    assertThat(CrdFile.wanted(scratch).findValues("x-kubernetes-validations"))
        .isNotEmpty()
        .allSatisfy(
            rules ->
                assertThat(StreamSupport.stream(rules.spliterator(), false).map(JsonNode::toString))
                    .doesNotHaveDuplicates());
  }
}
