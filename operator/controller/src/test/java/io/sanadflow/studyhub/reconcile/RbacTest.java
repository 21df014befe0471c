package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.Pluralize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shipped role allows what the operator does to the kinds that it watches and makes. */
class RbacTest {

  private static final Path ROLE = Path.of("../../manifests/rbac/role.yaml");

  private static final Path LOGS_ROLE = Path.of("../../manifests/operator/logs-role.yaml");

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  /** Kinds of optional APIs are listed by label when they are wanted, not watched. */
  private static final List<String> NOT_WATCHED = List.of("traefik.io", "cert-manager.io");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static ClusterRole role() throws IOException {
    return new KubernetesSerialization().unmarshal(Files.readString(ROLE), ClusterRole.class);
  }

  /** A kind of the API server as a rule names it. */
  private record Kind(String group, String resources) implements Comparable<Kind> {

    static Kind of(String apiVersion, String kind) {
      int slash = apiVersion.indexOf('/');
      return new Kind(
          slash < 0 ? "" : apiVersion.substring(0, slash),
          Pluralize.toPlural(kind.toLowerCase(Locale.ROOT)));
    }

    @Override
    public int compareTo(Kind other) {
      return toString().compareTo(other.toString());
    }
  }

  private static TreeSet<Kind> desired() throws IOException {
    TreeSet<Kind> kinds = new TreeSet<>();
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      for (Path file :
          files.filter(it -> it.getFileName().toString().startsWith("out-")).toList()) {
        JsonNode object = YAML.readTree(file.toFile());
        kinds.add(Kind.of(object.path("apiVersion").asText(), object.path("kind").asText()));
      }
    }
    assertThat(kinds).as("the golden cases have every kind").hasSizeGreaterThan(12);
    return kinds;
  }

  private static TreeSet<Kind> watched() throws ReflectiveOperationException {
    TreeSet<Kind> kinds = new TreeSet<>();
    kinds.add(Kind.of("v1", "Secret"));
    var own = Watches.class.getDeclaredField("OWN");
    own.setAccessible(true);
    for (Object type : (List<?>) own.get(null)) {
      Class<? extends HasMetadata> watched = ((Class<?>) type).asSubclass(HasMetadata.class);
      kinds.add(Kind.of(HasMetadata.getApiVersion(watched), HasMetadata.getKind(watched)));
    }
    return kinds;
  }

  private static boolean allowed(PolicyRule rule, Kind kind, String verb) {
    return rule.getApiGroups().contains(kind.group())
        && rule.getResources().contains(kind.resources())
        && (rule.getResourceNames() == null || rule.getResourceNames().isEmpty())
        && rule.getVerbs().contains(verb);
  }

  private static void assertAllowed(Map<Kind, TreeSet<String>> needed) throws IOException {
    ClusterRole role = role();
    StringBuilder missing = new StringBuilder();
    needed.forEach(
        (kind, verbs) -> {
          List<String> lacking =
              verbs.stream()
                  .filter(verb -> role.getRules().stream().noneMatch(it -> allowed(it, kind, verb)))
                  .toList();
          if (!lacking.isEmpty()) {
            missing.append(
                "\n  - apiGroups: [%s]\n    resources: [%s]\n    verbs: [%s]"
                    .formatted(
                        kind.group().isEmpty() ? "\"\"" : kind.group(),
                        kind.resources(),
                        String.join(", ", lacking)));
          }
        });
    assertThat(missing.toString()).as("rules that manifests/rbac/role.yaml lacks").isEmpty();
  }

  @Test
  void whatIsWantedMayBeMade() throws IOException {
    Map<Kind, TreeSet<String>> needed = new TreeMap<>();
    for (Kind kind : desired()) {
      TreeSet<String> verbs = new TreeSet<>(List.of("get", "list", "create", "patch", "delete"));
      if (!NOT_WATCHED.contains(kind.group())) {
        verbs.add("watch");
      }
      needed.put(kind, verbs);
    }
    assertAllowed(needed);
  }

  @Test
  void whatIsWatchedMayBeWatched() throws Exception {
    Map<Kind, TreeSet<String>> needed = new TreeMap<>();
    watched().forEach(it -> needed.put(it, new TreeSet<>(List.of("get", "list", "watch"))));
    needed.put(
        new Kind("sanadflow.io", "studyhubs"), new TreeSet<>(List.of("get", "list", "watch")));
    needed.put(new Kind("sanadflow.io", "studyhubs/status"), new TreeSet<>(List.of("patch")));
    needed.put(new Kind("events.k8s.io", "events"), new TreeSet<>(List.of("create", "patch")));
    assertAllowed(needed);
  }

  @Test
  void whatIsWantedIsWatched() throws Exception {
    TreeSet<Kind> unseen = desired();
    unseen.removeAll(watched());
    unseen.removeIf(it -> NOT_WATCHED.contains(it.group()));
    assertThat(unseen).as("kinds that drift unseen: reconcile/Watches").isEmpty();
  }

  @Test
  void nothingIsAllowedOfEverything() throws IOException {
    assertThat(role().getRules())
        .allSatisfy(
            it -> {
              assertThat(it.getApiGroups()).doesNotContain("*");
              assertThat(it.getResources()).doesNotContain("*", "pods/exec");
              assertThat(it.getVerbs()).doesNotContain("*", "escalate", "impersonate");
            });
  }

  @Test
  void noRightIsHandedOutButToReadLogs() throws IOException {
    assertThat(role().getRules())
        .filteredOn(it -> it.getVerbs().contains("bind"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getVerbs()).containsExactly("bind");
              assertThat(it.getResources()).containsExactly("clusterroles");
              assertThat(it.getResourceNames()).containsExactly("studyhub-logs");
            });
    assertThat(
            new KubernetesSerialization()
                .unmarshal(Files.readString(LOGS_ROLE), ClusterRole.class)
                .getRules())
        .allSatisfy(it -> assertThat(it.getResources()).hasSize(1))
        .extracting(it -> it.getResources().get(0), PolicyRule::getVerbs)
        .containsExactly(
            tuple("pods", List.of("list", "watch")), tuple("pods/log", List.of("get")));
  }
}
