package io.sanadflow.studyhub.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sanadflow.studyhub.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads YAML as kubectl does, so that what is accepted here is accepted there. */
final class YamlDocuments {

  private static final ObjectMapper JSON = new ObjectMapper();

  private YamlDocuments() {}

  /**
   * The documents of a file; those that are empty are left out.
   *
   * @throws InvalidHubException if it is no YAML; the problem's field is the line and column
   */
  static List<JsonNode> of(String yaml) throws InvalidHubException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    DumperOptions unused = new DumperOptions();
    Yaml parser =
        new Yaml(
            new KubectlConstructor(options),
            new Representer(unused),
            unused,
            options,
            new KubectlResolver());
    List<JsonNode> documents = new ArrayList<>();
    try {
      for (Object document : parser.loadAll(yaml)) {
        if (document != null) {
          documents.add(JSON.valueToTree(document));
        }
      }
    } catch (MarkedYAMLException bad) {
      Mark mark = bad.getProblemMark();
      String where =
          mark == null
              ? "yaml"
              : "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
      throw new InvalidHubException(List.of(new Problem(where, text(bad))));
    } catch (YAMLException | IllegalArgumentException bad) {
      throw new InvalidHubException(List.of(new Problem("yaml", String.valueOf(bad.getMessage()))));
    }
    return documents;
  }

  private static String text(MarkedYAMLException bad) {
    String problem = String.valueOf(bad.getProblem());
    if (problem.contains("TAB")) {
      return "a tab cannot indent YAML; use spaces";
    }
    return "cannot be read as YAML: "
        + (bad.getContext() == null ? problem : problem + " (" + bad.getContext() + ")");
  }

  /**
   * Which plain scalars are not text: as in Go's YAML, where 1:30 and 2026-01-01 are text and 1e3
   * is a number.
   */
  private static final class KubectlResolver extends Resolver {

    private static final Pattern WHOLE =
        Pattern.compile("^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$");
    private static final Pattern DECIMAL =
        Pattern.compile("^[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$");

    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
      addImplicitResolver(Tag.INT, WHOLE, "-+0123456789");
      addImplicitResolver(Tag.FLOAT, DECIMAL, "-+0123456789.");
      addImplicitResolver(Tag.MERGE, MERGE, "<");
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY, null);
    }
  }

  /** 1e3 is the whole number 1000 once it is JSON. */
  private static final class KubectlConstructor extends SafeConstructor {

    KubectlConstructor(LoaderOptions options) {
      super(options);
      yamlConstructors.put(
          Tag.FLOAT,
          new ConstructYamlFloat() {
            @Override
            public Object construct(Node node) {
              double value = (Double) super.construct(node);
              return value == Math.rint(value) && Math.abs(value) < 1e15
                  ? (Object) (long) value
                  : (Object) value;
            }
          });
    }
  }
}
