package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema of StudyHubs as it is shipped. It says what the API server would say, but for the CEL
 * rules, which {@link io.sanadflow.studyhub.model.Resolver} has in its checks.
 */
public final class HubSchema {

  private static final String RESOURCE = "/crds/studyhubs.sanadflow.io.yaml";
  private static final String API_VERSION = StudyHub.GROUP + "/" + StudyHub.VERSION;

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true);

  private final KubernetesSerialization serialization = new KubernetesSerialization();
  private final JsonNode schema;
  private final JsonSchema validator;

  /** Loads the bundled schema. */
  public HubSchema() {
    try (InputStream crd = HubSchema.class.getResourceAsStream(RESOURCE)) {
      schema = YAML.readTree(crd).at("/spec/versions/0/schema/openAPIV3Schema");
    } catch (IOException broken) {
      throw new UncheckedIOException("the bundled " + RESOURCE + " cannot be read", broken);
    }
    validator =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(StrictSchema.of(schema));
  }

  /**
   * Reads the StudyHubs of a YAML text of any number of documents, with defaults filled in; other
   * kinds are passed over.
   *
   * @throws InvalidHubException if the text is not YAML or one of its StudyHubs is not valid; it
   *     has the problems of all of them
   */
  public List<StudyHub> read(String yaml) throws InvalidHubException {
    List<Problem> problems = new ArrayList<>();
    List<StudyHub> hubs = new ArrayList<>();
    for (JsonNode document : documents(yaml)) {
      if (!isHub(document, problems)) {
        continue;
      }
      JsonNode full = withDefaults(document);
      List<Problem> found = problems(full);
      problems.addAll(found);
      if (found.isEmpty()) {
        StudyHub hub = typed(full);
        if (hub.getMetadata().getNamespace() == null) {
          hub.getMetadata().setNamespace("default");
        }
        hubs.add(hub);
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidHubException(problems);
    }
    return List.copyOf(hubs);
  }

  /**
   * A copy with the defaults of what is absent. A primitive field of a record is never absent, so
   * this completes hubs whose records were read from a text, not ones with zeros in them.
   */
  public StudyHub withDefaults(StudyHub hub) {
    ObjectNode tree = serialization.convertValue(hub, ObjectNode.class);
    return typed(withDefaults(withoutNulls(tree)));
  }

  /** A copy with the defaults of what is absent. */
  public JsonNode withDefaults(JsonNode hub) {
    JsonNode full = hub.deepCopy();
    Defaults.fill(schema, full);
    return full;
  }

  private StudyHub typed(JsonNode tree) {
    return serialization.convertValue(tree, StudyHub.class);
  }

  private List<Problem> problems(JsonNode hub) {
    List<Problem> problems = new ArrayList<>();
    if (hub.path("metadata").path("name").asText("").isEmpty()) {
      problems.add(new Problem("metadata.name", "is missing; give the hub a name such as pilot"));
    }
    validator.validate(hub).stream()
        .map(it -> Verdict.of(it, schema))
        .sorted((a, b) -> a.field().compareTo(b.field()))
        .forEach(problems::add);
    problems.addAll(ListKeys.problems(schema, hub, ""));
    return problems;
  }

  private static List<JsonNode> documents(String yaml) throws InvalidHubException {
    List<JsonNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      while (all.hasNextValue()) {
        JsonNode document = all.nextValue();
        if (document != null && !document.isNull() && !document.isMissingNode()) {
          documents.add(document);
        }
      }
      return documents;
    } catch (JsonProcessingException bad) {
      String place =
          bad.getLocation() == null
              ? "YAML"
              : "line "
                  + bad.getLocation().getLineNr()
                  + ", column "
                  + bad.getLocation().getColumnNr();
      // Snakeyaml says where it was first and what it found last, each before an indented extract.
      String said =
          bad.getOriginalMessage()
              .lines()
              .filter(line -> !line.startsWith(" "))
              .reduce("", (first, last) -> last);
      throw new InvalidHubException(List.of(new Problem(place, "cannot be read as YAML: " + said)));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static boolean isHub(JsonNode document, List<Problem> problems) {
    String kind = document.path("kind").asText("");
    String version = document.path("apiVersion").asText("");
    if (kind.isEmpty()) {
      problems.add(new Problem("kind", "is missing; a hub has kind StudyHub"));
      return false;
    }
    boolean ours = version.isEmpty() || version.startsWith(StudyHub.GROUP + "/");
    if (ours && !kind.equals("StudyHub")) {
      problems.add(new Problem("kind", "\"" + kind + "\" is not known; StudyHub would be right"));
      return false;
    }
    if (kind.equals("StudyHub") && !version.equals(API_VERSION)) {
      problems.add(
          new Problem(
              "apiVersion",
              "\"" + version + "\" is not known; " + API_VERSION + " would be right"));
      return false;
    }
    return kind.equals("StudyHub");
  }

  private static ObjectNode withoutNulls(ObjectNode tree) {
    tree.properties().removeIf(it -> it.getValue().isNull());
    tree.forEach(
        child -> {
          if (child instanceof ObjectNode object) {
            withoutNulls(object);
          }
        });
    return tree;
  }
}
