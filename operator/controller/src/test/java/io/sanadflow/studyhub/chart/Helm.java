package io.sanadflow.studyhub.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.sanadflow.studyhub.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Charts of the repository, as Helm reads them; tests are skipped where there is no Helm. */
final class Helm {

  static final Path CHARTS = Path.of("../../charts");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Helm() {}

  static Program.Result lint(String chart, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("lint", "--strict", chart));
    command.addAll(List.of(arguments));
    return Program.run("helm", CHARTS, "", command.toArray(String[]::new));
  }

  /**
   * Renders a chart without a cluster, in the namespace that the manifests install to.
   *
   * @param values YAML
   */
  static Program.Result template(String chart, String release, String values) throws Exception {
    return Program.run(
        "helm",
        CHARTS,
        values,
        "template",
        release,
        chart,
        "--namespace=studyhub-system",
        // Without a cluster Helm takes a version of its own for the cluster's.
        "--kube-version=1.30.0",
        "--values=-");
  }

  /** The documents of a YAML text that hold something. */
  static List<JsonNode> documents(String yaml) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (var read = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      read.forEachRemaining(documents::add);
    }
    documents.removeIf(it -> !it.isObject());
    return documents;
  }

  /** Objects by {@code Kind/namespace/name}. */
  static Map<String, JsonNode> byName(List<JsonNode> objects) {
    Map<String, JsonNode> named = new TreeMap<>();
    for (JsonNode it : objects) {
      String name =
          it.path("kind").asText()
              + "/"
              + it.at("/metadata/namespace").asText()
              + "/"
              + it.at("/metadata/name").asText();
      if (named.put(name, it) != null) {
        throw new AssertionError("there are two of " + name);
      }
    }
    return named;
  }
}
