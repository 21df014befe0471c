package io.sanadflow.studyhub.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sanadflow.studyhub.KeptYaml;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of the golden cases: what is there as input, and objects as text. */
final class GoldenFiles {

  /** Tests run in the directory of their module; the sources are what an update writes. */
  static final Path ROOT = Path.of("src/test/resources/golden");

  private static final ObjectMapper YAML =
      new ObjectMapper(KeptYaml.factory().enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE).build())
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

  private GoldenFiles() {}

  static List<String> cases() throws IOException {
    try (Stream<Path> directories = Files.list(ROOT)) {
      return directories.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  /** The kept outputs of a case by file name; a file of no known name is an error. */
  static SortedMap<String, String> outputs(Path directory) throws IOException {
    SortedMap<String, String> outputs = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith("out-")) {
          outputs.put(name, Files.readString(file));
        } else if (!Set.of("in-StudyHub.yaml", "in-observed.yaml").contains(name)) {
          throw new AssertionError("nothing reads " + file);
        }
      }
    }
    return outputs;
  }

  static void replace(Path directory, Map<String, String> outputs) throws IOException {
    for (String name : outputs(directory).keySet()) {
      Files.delete(directory.resolve(name));
    }
    for (Map.Entry<String, String> output : outputs.entrySet()) {
      Files.writeString(directory.resolve(output.getKey()), output.getValue());
    }
  }

  /**
   * An object as YAML. Jackson keeps the order of fields and sorts maps; the content of a Secret is
   * shown as stringData, for who reads it.
   */
  static String text(HasMetadata object) throws IOException {
    ObjectNode tree = YAML.valueToTree(YAML.convertValue(object, Map.class));
    if (object.getKind().equals("Secret") && tree.remove("data") instanceof ObjectNode data) {
      ObjectNode shown = tree.putObject("stringData");
      data.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(it -> shown.put(it.getKey(), decoded(it.getValue().asText())));
    }
    return YAML.writeValueAsString(YAML.treeToValue(tree, Object.class));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  /** What in-observed.yaml says is there: apis, database (its answer), objects as cached, pods. */
  static Observed observed(Path directory) throws IOException {
    Path file = directory.resolve("in-observed.yaml");
    JsonNode given = Files.exists(file) ? YAML.readTree(file.toFile()) : YAML.createObjectNode();
    Set<String> apis = new HashSet<>();
    given.path("apis").forEach(it -> apis.add(it.asText()));
    Map<ObjectKey, HasMetadata> objects = new HashMap<>();
    List<Pod> pods = new ArrayList<>();
    List<StudyHubBackup> backups = new ArrayList<>();
    for (JsonNode node : given.path("objects")) {
      HasMetadata object = KUBERNETES.unmarshal(node.toString());
      if (object instanceof Pod pod) {
        pods.add(pod);
      } else if (object instanceof StudyHubBackup backup) {
        backups.add(backup);
      } else {
        objects.put(ObjectKey.of(object), object);
      }
    }
    return new Observed(
        objects,
        pods,
        new ProbeReport(
            database(given),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            ProbeReport.Restart.valueOf(given.path("restart").asText("NONE"))),
        apis,
        given.path("secretsDigest").asText(""),
        given.path("storeDigest").asText(""),
        "studyhub-system",
        Observed.RELEASED_IMAGE,
        backups,
        Instant.parse(given.path("now").asText("2026-11-24T18:00:00Z")));
  }

  private static Optional<Answer<DatabaseFacts>> database(JsonNode given) {
    JsonNode database = given.path("database");
    if (database.isMissingNode()) {
      return Optional.empty();
    }
    List<String> pending = new ArrayList<>();
    database.path("pendingRestart").forEach(it -> pending.add(it.asText()));
    return Optional.of(
        Answer.of(
            new DatabaseFacts(
                database.path("version").asText(),
                Optional.ofNullable(database.path("configHash").asText(null)),
                pending,
                Map.of(),
                Map.of(),
                Duration.ofMillis(2),
                Optional.empty(),
                4,
                Optional.empty())));
  }
}
