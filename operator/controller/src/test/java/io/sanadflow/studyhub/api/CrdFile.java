package io.sanadflow.studyhub.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.client.CustomResource;
import io.sanadflow.studyhub.KeptYaml;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A CustomResourceDefinition in the repository, and the one that the records ask for.
 *
 * @param type of the resource
 */
record CrdFile(Class<? extends CustomResource<?, ?>> type) {

  /** All kinds of the group. */
  static final List<CrdFile> ALL =
      List.of(
          new CrdFile(StudyHub.class),
          new CrdFile(StudyHubBackup.class),
          new CrdFile(StudyHubRestore.class));

  /** Where the definitions are kept; tests run in the directory of their module. */
  private static final Path DIRECTORY = Path.of("../../crds");

  private static final ObjectMapper YAML = new ObjectMapper(KeptYaml.factory().build());

  String name() {
    return type.getSimpleName().toLowerCase(Locale.ROOT) + "s.sanadflow.io";
  }

  Path path() {
    return DIRECTORY.resolve(name() + ".yaml");
  }

  /**
   * What the records ask for.
   *
   * @param scratch an empty directory
   */
  ObjectNode wanted(Path scratch) throws IOException {
    new CRDGenerator().customResourceClasses(type).inOutputDir(scratch.toFile()).generate();
    JsonNode raw = YAML.readTree(scratch.resolve(name() + "-v1.yml").toFile());
    return CrdShape.refine((ObjectNode) raw, type);
  }

  static String text(JsonNode crd) throws IOException {
    return YAML.writeValueAsString(crd);
  }

  static JsonNode parse(String text) throws IOException {
    return YAML.readTree(text);
  }

  String kept() throws IOException {
    return Files.exists(path()) ? Files.readString(path()) : "";
  }

  void write(String text) throws IOException {
    Files.writeString(path(), text);
  }

  @Override
  public String toString() {
    return name();
  }
}
