package io.sanadflow.studyhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.component.Component;
import io.sanadflow.studyhub.component.IngressComponent;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.fixture.Fixed;
import io.sanadflow.studyhub.fixture.Hubs;
import io.sanadflow.studyhub.model.Facts;
import io.sanadflow.studyhub.model.Resolver;
import io.sanadflow.studyhub.model.Resolver.Resolution;
import io.sanadflow.studyhub.schema.HubSchema;
import io.sanadflow.studyhub.schema.InvalidHubException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Nothing that a user can write makes the operator throw: what it cannot use is a problem, and a
 * hub without problems has objects. The schema refuses much of this before; an older one, or one
 * that somebody changed, does not.
 */
class HostileSpecTest {

  private static final int ROUNDS = 1500;

  private static final Path EXAMPLE = Path.of("../../examples/complete.yaml");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "+5",
          "null",
          "\u0000",
          "a\nb",
          "\\",
          "'",
          "\"; DROP",
          "$(HOME)",
          "\ud800",
          "\u202e\ud83d\ude00",
          "%s%n%1$s",
          "/",
          "//",
          "/..",
          "/tmp/x/",
          ":",
          "http://[",
          "http://a:99999",
          "99999999999999999999s",
          "9999999999999999d",
          "9223372036854775807ms9223372036854775807d",
          "500ms",
          "0s",
          "1s".repeat(8000),
          "a/".repeat(8000),
          "a-".repeat(8000) + "!",
          "9".repeat(3000),
          "9".repeat(3000) + "Gi",
          "99999999TB",
          "999999999999999999999999MB",
          "1e99999999999",
          "1e999999999",
          "1e-999999999",
          "1e2147483647",
          "99999999999999999999999Ti",
          "8E",
          "1n",
          ".5",
          "5.",
          "61 2 * * *",
          "* * 32 * *",
          "*/0 * * * *",
          "@every 1h",
          "99999999999999999999 * * * *",
          "0 0 31 2 *",
          "GMT+8",
          "Etc/../../passwd");

  private final ObjectMapper json = new ObjectMapper();
  private final KubernetesSerialization types = new KubernetesSerialization(json, false);
  private final HubSchema schema = new HubSchema();
  private final Set<String> mistyped = new TreeSet<>();
  private int accepted;

  @Test
  void oneHostileValueInEachFieldThrowsNothing() throws IOException {
    Set<List<Object>> seen = new HashSet<>();
    for (ObjectNode hub : hubs()) {
      for (List<Object> leaf : leaves(hub.get("spec"))) {
        if (!seen.add(leaf)) {
          continue;
        }
        for (String value : HOSTILE) {
          ObjectNode changed = hub.deepCopy();
          set(changed.get("spec"), leaf, NODES.textNode(value));
          resolve(changed, leaf + " = " + head(value), true);
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(100);
    assertThat(accepted).as("values that turned out to be harmless").isPositive();
  }

  @Test
  void manyHostileValuesAtOnceThrowNothing() throws IOException {
    Random random = new Random(20260301);
    List<ObjectNode> hubs = hubs();
    for (int round = 0; round < ROUNDS; round++) {
      ObjectNode changed = hubs.get(random.nextInt(hubs.size())).deepCopy();
      List<List<Object>> leaves = leaves(changed.get("spec"));
      int changes = 1 + random.nextInt(4);
      StringBuilder what = new StringBuilder("round " + round + ":");
      for (int i = 0; i < changes; i++) {
        List<Object> leaf = leaves.get(random.nextInt(leaves.size()));
        JsonNode value = random(random);
        set(changed.get("spec"), leaf, value);
        what.append(' ').append(leaf).append(" = ").append(head(value.asText()));
      }
      resolve(changed, what.toString(), false);
    }
    assertThat(accepted).as("specs that turned out to be harmless").isGreaterThan(20);
  }

  /** Every field that can be written is in one of these. */
  private List<ObjectNode> hubs() throws IOException {
    ObjectNode complete = json.valueToTree(Hubs.read(Files.readString(EXAMPLE)));
    ObjectNode elsewhere =
        json.valueToTree(
            Hubs.withSpec(
                """
                app:
                  image: hub
                  command: [a]
                  args: [b]
                  env: [{name: A, value: b}, {name: B, valueFrom: {configMapKeyRef: {name: c, key: d}}}]
                  imagePullSecrets: [{name: a}]
                  ingress: {host: a.example.org, tls: {issuerRef: {name: a}}}
                database:
                  parameters: {work_mem: 1MB, shared_buffers: 64MB, max_connections: "50"}
                  external: {host: db, database: app, credentialsSecret: {name: a}, caSecret: {name: b}}
                pooler:
                  parameters: {query_timeout: "1", pkt_buf: "8192", server_fast_close: "1"}
                objectStore: {bucket: hub-backups, endpoint: "https://s3:9000", credentialsSecret: {name: a}}
                """));
    ObjectNode cluster =
        json.valueToTree(
            Hubs.withSpec(
                "app: {image: hub}\ndatabase: {external: {cloudNativePG: {name: campus}}}"));
    ObjectNode own =
        json.valueToTree(
            Hubs.withSpec(
                """
                app: {image: hub}
                database:
                  parameters: {work_mem: 1MB, shared_buffers: 64MB, max_connections: "50"}
                redis: {placement: Sidecar}
                """));
    return List.of(complete, elsewhere, cluster, own);
  }

  private void resolve(ObjectNode text, String what, boolean alone) {
    StudyHub hub;
    try {
      hub = types.convertValue(text, StudyHub.class);
    } catch (IllegalArgumentException mistype) {
      // Never comes this far: the API server refuses it by the schema, as this must show.
      if (alone && mistyped.add(what.substring(0, what.indexOf(" = ")))) {
        assertThatThrownBy(() -> schema.read(text.toString()))
            .as(what)
            .isInstanceOf(InvalidHubException.class);
      }
      return;
    }
    try {
      Resolution resolution = Resolver.resolve(hub, Facts.NONE);
      assertThat(resolution.problems())
          .as(what)
          .allSatisfy(it -> assertThat(it.toString().length()).isLessThan(1000));
      if (resolution.problems().isEmpty()) {
        accepted++;
      }
      // The objects take most of the time, so a part of the specs must do.
      if (resolution.problems().isEmpty() && !alone) {
        Observed observed = Observed.nothing(Set.of(IngressComponent.TRAEFIK), "studyhub-system");
        for (Component component : Component.ALL) {
          component.desired(resolution.hub(), Fixed.material(resolution.hub()), observed);
          component.health(resolution.hub(), observed);
        }
      }
    } catch (RuntimeException | StackOverflowError thrown) {
      throw new AssertionError(what, thrown);
    }
  }

  private static JsonNode random(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> NODES.numberNode(new BigInteger(1 + random.nextInt(80), random));
      case 1 -> {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
          text.append("0123456789.eE+-smhdKMGTiB*/,: \\\n\u0000a".charAt(random.nextInt(34)));
        }
        yield NODES.textNode(text.toString());
      }
      default -> NODES.textNode(HOSTILE.get(random.nextInt(HOSTILE.size())));
    };
  }

  private static String head(String value) {
    return value.length() <= 60 ? value : value.substring(0, 60) + "... of " + value.length();
  }

  /** The paths of all that is not an object or a list. */
  private static List<List<Object>> leaves(JsonNode node) {
    List<List<Object>> leaves = new ArrayList<>();
    collect(node, List.of(), leaves);
    return leaves;
  }

  private static void collect(JsonNode node, List<Object> path, List<List<Object>> leaves) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(it -> collect(it.getValue(), with(path, it.getKey()), leaves));
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        collect(list.get(i), with(path, i), leaves);
      }
    } else if (node.isTextual() || node.isNumber()) {
      leaves.add(path);
    }
  }

  private static List<Object> with(List<Object> path, Object last) {
    List<Object> longer = new ArrayList<>(path);
    longer.add(last);
    return longer;
  }

  private static void set(JsonNode root, List<Object> path, JsonNode value) {
    JsonNode parent = root;
    for (Object step : path.subList(0, path.size() - 1)) {
      parent = step instanceof Integer index ? parent.get(index) : parent.get((String) step);
    }
    Object last = path.get(path.size() - 1);
    if (parent instanceof ArrayNode list) {
      list.set((Integer) last, value);
    } else {
      ((ObjectNode) parent).set((String) last, value);
    }
  }
}
