package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.model.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The shipped schema of StudyHub, for use without a cluster: it reads YAML, fills in the defaults
 * and finds what an API server would refuse. The schema's CEL rules are not run here; {@code
 * io.sanadflow.studyhub.model} repeats them in Java.
 */
public final class HubSchema {

  private static final String API_VERSION = StudyHub.GROUP + "/" + StudyHub.VERSION;

  private static final String KIND = "StudyHub";

  private final ObjectNode schema;
  private final JsonSchema validator;
  private final ObjectMapper json = new ObjectMapper();
  private final KubernetesSerialization types = new KubernetesSerialization(json, false);

  /**
   * Loads the schema that this program was built with.
   *
   * @throws IllegalStateException if the program was put together without it
   */
  public HubSchema() {
    schema = BundledSchema.load();
    validator =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(BundledSchema.plain(schema));
  }

  /**
   * The hubs of a file of YAML, with their defaults, in namespace default unless they name another.
   * Documents of other kinds are passed over.
   *
   * @throws InvalidHubException with everything that is wrong, if anything is
   */
  public List<StudyHub> read(String yaml) throws InvalidHubException {
    return readFile(yaml).hubs();
  }

  /**
   * The same as {@link #read}, and how many documents were passed over.
   *
   * @throws InvalidHubException with everything that is wrong, if anything is
   */
  public HubFile readFile(String yaml) throws InvalidHubException {
    List<JsonNode> documents = new ArrayList<>();
    YamlDocuments.of(yaml).forEach(it -> flatten(it, documents));
    List<ObjectNode> hubs = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (JsonNode document : documents) {
      if (document.path("kind").isMissingNode()) {
        problems.add(new Problem("kind", "is missing; " + KIND + " would work"));
      } else if (isOurs(document)) {
        hubs.add((ObjectNode) document);
      }
    }
    for (int i = 0; i < hubs.size(); i++) {
      // One file may hold many hubs: then a field alone does not say where.
      String name = hubs.get(i).at("/metadata/name").asText("");
      String where =
          hubs.size() == 1 ? "" : (name.isEmpty() ? "hub number " + (i + 1) : name) + " ";
      check(hubs.get(i)).forEach(it -> problems.add(new Problem(where + it.field(), it.message())));
    }
    if (!problems.isEmpty()) {
      throw new InvalidHubException(problems);
    }
    return new HubFile(hubs.stream().map(this::typed).toList(), documents.size() - hubs.size());
  }

  /**
   * The hub as an API server would hand it out. A component that the record cannot leave open, such
   * as an int, keeps its value.
   */
  public StudyHub withDefaults(StudyHub hub) {
    return types.convertValue(withDefaults(json.valueToTree(hub)), StudyHub.class);
  }

  /** A copy of a hub in JSON, as an API server would hand it out. */
  public JsonNode withDefaults(JsonNode hub) {
    JsonNode filled = hub.deepCopy();
    Defaults.fill(filled, schema);
    return filled;
  }

  private StudyHub typed(ObjectNode hub) {
    StudyHub typed = types.convertValue(hub, StudyHub.class);
    if (typed.getMetadata().getNamespace() == null) {
      typed.getMetadata().setNamespace("default");
    }
    return typed;
  }

  private static void flatten(JsonNode document, List<JsonNode> documents) {
    if (document.path("kind").asText().equals("List") && document.path("items").isArray()) {
      document.path("items").forEach(it -> flatten(it, documents));
    } else {
      documents.add(document);
    }
  }

  private static boolean isOurs(JsonNode document) {
    String apiVersion = document.path("apiVersion").asText();
    return document.isObject()
        && (apiVersion.equals(StudyHub.GROUP)
            || apiVersion.startsWith(StudyHub.GROUP + "/")
            || (apiVersion.isEmpty() && document.path("kind").asText().equals(KIND)));
  }

  /** Fills in the defaults, and tells what is wrong. */
  private List<Problem> check(ObjectNode hub) {
    List<Problem> problems = new ArrayList<>();
    is(hub, "apiVersion", API_VERSION, problems);
    is(hub, "kind", KIND, problems);
    if (!problems.isEmpty()) {
      return problems;
    }
    // An API server takes the status from nobody who applies a hub.
    hub.remove("status");
    Defaults.fill(hub, schema);
    problems.addAll(Structure.check(hub, schema));
    Set<ValidationMessage> found = validator.validate(hub);
    Set<JsonNodePath> ofWrongType =
        found.stream()
            .filter(it -> it.getType().equals("type"))
            .map(ValidationMessage::getInstanceLocation)
            .collect(Collectors.toSet());
    found.stream()
        // What is of the wrong type need not be called too small as well.
        .filter(
            it -> it.getType().equals("type") || !ofWrongType.contains(it.getInstanceLocation()))
        .map(it -> Wording.of(it, schema))
        .forEach(problems::add);
    problems.sort(Comparator.comparing(Problem::field));
    return problems;
  }

  private static void is(ObjectNode hub, String field, String wanted, List<Problem> problems) {
    JsonNode value = hub.path(field);
    if (!value.asText().equals(wanted)) {
      problems.add(
          new Problem(
              field,
              value.isMissingNode()
                  ? "is missing; " + wanted + " would work"
                  : value + " is not known; " + wanted + " would work"));
    }
  }

  /**
   * The paths of every field of the spec, such as {@code spec.app.image}; not what is inside of
   * Kubernetes' own types, which have no descriptions here.
   */
  TreeSet<String> fields() {
    TreeSet<String> fields = new TreeSet<>();
    collect("spec", schema.at("/properties/spec"), fields);
    return fields;
  }

  private static void collect(String path, JsonNode here, TreeSet<String> fields) {
    for (var property : here.path("properties").properties()) {
      if (property.getValue().has("description")) {
        String field = path + "." + property.getKey();
        fields.add(field);
        collect(field, property.getValue(), fields);
      }
    }
  }
}
