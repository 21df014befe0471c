package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.sanadflow.studyhub.fixture.Fixed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every object that the parts of a hub want, case by case: in-StudyHub.yaml, and in-observed.yaml
 * for what is there already, give out-Kind-name.yaml. With {@code -Dgolden.update=true} the outputs
 * are written instead; read the difference before it is committed.
 */
class GoldenTest {

  static Stream<String> cases() throws IOException {
    return GoldenFiles.cases().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void wantsWhatIsWrittenDown(String name) throws IOException {
    Path directory = GoldenFiles.ROOT.resolve(name);
    Map<String, String> wanted = outputs(directory);
    if (Boolean.getBoolean("golden.update")) {
      GoldenFiles.replace(directory, wanted);
      return;
    }
    Map<String, String> kept = GoldenFiles.outputs(directory);
    assertThat(kept.keySet())
        .as("the outputs of %s: -Dgolden.update=true writes them", name)
        .isEqualTo(wanted.keySet());
    wanted.forEach(
        (file, text) -> assertThat(kept.get(file)).as(name + "/" + file).isEqualTo(text));
  }

  private static Map<String, String> outputs(Path directory) throws IOException {
    Hub hub = Hubs.resolved(Hubs.read(Files.readString(directory.resolve("in-StudyHub.yaml"))));
    Material material = Fixed.material(hub);
    Observed observed = GoldenFiles.observed(directory);
    SortedMap<String, String> outputs = new TreeMap<>();
    for (Component component : Component.ALL) {
      for (HasMetadata object : component.desired(hub, material, observed)) {
        ObjectKey key = ObjectKey.of(object);
        String file = "out-" + key.kind() + "-" + key.name() + ".yaml";
        if (outputs.put(file, GoldenFiles.text(object)) != null) {
          fail("two parts want " + key);
        }
      }
    }
    return outputs;
  }
}
