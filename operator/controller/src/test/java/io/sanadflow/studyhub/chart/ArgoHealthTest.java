package io.sanadflow.studyhub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * The health scripts for Argo CD give what their cases say. Argo CD's own evaluator does the same
 * in {@code manifests/gitops/test/argocd}, where there is Go.
 */
class ArgoHealthTest {

  private static final Path KINDS = Path.of("../../manifests/gitops/argocd/sanadflow.io");

  /** One case of a {@code health_test.yaml}. */
  record Case(Path directory, String input, String status, String message) {

    @Override
    public String toString() {
      return directory.getFileName() + "/" + input;
    }
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> kinds = Files.list(KINDS)) {
      for (Path kind : kinds.sorted().toList()) {
        JsonNode file = yaml(kind.resolve("health_test.yaml"));
        for (JsonNode it : file.get("tests")) {
          cases.add(
              new Case(
                  kind,
                  it.get("inputPath").asText(),
                  it.at("/healthStatus/status").asText(),
                  it.at("/healthStatus/message").asText()));
        }
      }
    }
    return cases;
  }

  private static JsonNode yaml(Path file) throws IOException {
    return Helm.documents(Files.readString(file)).get(0);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theHealthIsThatOfTheCase(Case it) throws IOException {
    Globals globals = JsePlatform.standardGlobals();
    globals.set("obj", lua(yaml(it.directory().resolve(it.input()))));
    LuaValue health =
        globals.load(Files.readString(it.directory().resolve("health.lua")), "health.lua").call();
    assertThat(health.get("status").tojstring()).isEqualTo(it.status());
    assertThat(health.get("message").tojstring()).isEqualTo(it.message());
  }

  @Test
  void eachKindHasCasesForAllThatItCanBe() throws IOException {
    List<Case> cases = cases();
    for (String kind : List.of("StudyHub", "StudyHubBackup", "StudyHubRestore")) {
      assertThat(cases)
          .filteredOn(it -> it.directory().endsWith(kind))
          .extracting(Case::status)
          .as(kind)
          .contains("Healthy", "Progressing", "Degraded");
    }
    assertThat(cases).extracting(Case::status).contains("Suspended");
  }

  @Test
  void theScriptNamesConditionsThatThereAre() throws IOException {
    String script = Files.readString(KINDS.resolve("StudyHub/health.lua"));
    for (ConditionType it : List.of(ConditionType.values())) {
      if (!it.text().endsWith("Ready") || it.text().equals("Ready")) {
        assertThat(script).contains("\"" + it.text() + "\"");
      }
    }
  }

  private static LuaValue lua(JsonNode json) {
    if (json.isObject()) {
      LuaTable table = new LuaTable();
      json.properties().forEach(it -> table.set(it.getKey(), lua(it.getValue())));
      return table;
    }
    if (json.isArray()) {
      LuaTable table = new LuaTable();
      for (int i = 0; i < json.size(); i++) {
        table.set(i + 1, lua(json.get(i)));
      }
      return table;
    }
    if (json.isNumber()) {
      return LuaValue.valueOf(json.asDouble());
    }
    if (json.isBoolean()) {
      return LuaValue.valueOf(json.asBoolean());
    }
    return json.isNull() ? LuaValue.NIL : LuaValue.valueOf(json.asText());
  }
}
