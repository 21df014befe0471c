package io.sanadflow.studyhub.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.sanadflow.studyhub.KeptYaml;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CustomResourceDefinition in the repository, and the one that the records ask for. */
final class CrdFile {

  /** Where the definition is kept; tests run in the directory of their module. */
  static final Path PATH = Path.of("../../crds/studyhubs.sanadflow.io.yaml");

  private static final ObjectMapper YAML = new ObjectMapper(KeptYaml.factory().build());

  private CrdFile() {}

  /**
   * What the records ask for.
   *
   * @param scratch an empty directory
   */
  static ObjectNode wanted(Path scratch) throws IOException {
    new CRDGenerator()
        .customResourceClasses(StudyHub.class)
        .inOutputDir(scratch.toFile())
        .generate();
    JsonNode raw = YAML.readTree(scratch.resolve("studyhubs.sanadflow.io-v1.yml").toFile());
    return CrdShape.refine((ObjectNode) raw);
  }

  static String text(JsonNode crd) throws IOException {
    return YAML.writeValueAsString(crd);
  }

  static JsonNode parse(String text) throws IOException {
    return YAML.readTree(text);
  }

  static JsonNode kept() throws IOException {
    return parse(Files.readString(PATH));
  }

  static void write(String text) throws IOException {
    Files.writeString(PATH, text);
  }
}
