package io.sanadflow.studyhub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's chart installs what the manifests install, and what its values add to it. */
class OperatorChartTest {

  private static final String DEPLOYMENT = "Deployment/studyhub-system/studyhub-operator";

  private static Map<String, JsonNode> render(String values) throws Exception {
    return Helm.byName(
        Helm.documents(Helm.template("studyhub-operator", "studyhub", values).orFail()));
  }

  /** Without the labels and annotations that only Helm's objects have. */
  private static Map<String, JsonNode> comparable(
      Map<String, JsonNode> rendered, Map<String, JsonNode> like) {
    Map<String, JsonNode> same = new TreeMap<>();
    rendered.forEach(
        (name, object) -> {
          ObjectNode copy = object.deepCopy();
          ObjectNode metadata = (ObjectNode) copy.get("metadata");
          JsonNode wanted = like.getOrDefault(name, copy).at("/metadata/labels");
          if (wanted.isMissingNode()) {
            metadata.remove("labels");
          } else {
            metadata.withObject("/labels").properties().removeIf(it -> !wanted.has(it.getKey()));
          }
          if (copy.path("kind").asText().equals("CustomResourceDefinition")) {
            metadata.remove("annotations");
          }
          same.put(name, copy);
        });
    return same;
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{watchNamespaces: [physics, chemistry], crds: {install: false}}"})
  void lintFindsNoFault(String values) throws Exception {
    Path file = Files.createTempFile("values", ".yaml");
    try {
      Files.writeString(file, values);
      Helm.lint("studyhub-operator", "--values=" + file).orFail();
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void byDefaultItIsWhatTheManifestsInstall() throws Exception {
    Map<String, JsonNode> manifests = Manifests.cluster();
    Map<String, JsonNode> rendered = comparable(render("{}"), manifests);
    assertThat(rendered.keySet()).isEqualTo(manifests.keySet());
    manifests.forEach((name, it) -> assertThat(rendered.get(name)).as(name).isEqualTo(it));
  }

  @Test
  void forOneNamespaceItIsWhatTheNamespacedManifestsInstall() throws Exception {
    Map<String, JsonNode> manifests = Manifests.namespaced();
    Map<String, JsonNode> rendered = comparable(render("{watchNamespaces: [hubs]}"), manifests);
    assertThat(rendered.keySet()).isEqualTo(manifests.keySet());
    manifests.forEach((name, it) -> assertThat(rendered.get(name)).as(name).isEqualTo(it));
  }

  @Test
  void forSeveralNamespacesNothingIsAllowedElsewhere() throws Exception {
    Map<String, JsonNode> rendered = render("{watchNamespaces: [physics, chemistry]}");
    assertThat(rendered.keySet())
        .contains(
            "Role/physics/studyhub-operator",
            "Role/chemistry/studyhub-operator",
            "RoleBinding/physics/studyhub-operator",
            "RoleBinding/chemistry/studyhub-operator")
        .noneMatch(it -> it.startsWith("ClusterRoleBinding/"))
        .doesNotContain("ClusterRole//studyhub-operator");
    assertThat(rendered.get(DEPLOYMENT).toString())
        .contains("{\"name\":\"WATCH_NAMESPACES\",\"value\":\"physics,chemistry\"}");
  }

  @Test
  void definitionsOutliveTheReleaseAndAPrune() throws Exception {
    Map<String, JsonNode> rendered = render("{}");
    assertThat(rendered).hasSizeGreaterThan(3);
    rendered.forEach(
        (name, it) -> {
          JsonNode annotations = it.at("/metadata/annotations");
          boolean definition = name.startsWith("CustomResourceDefinition/");
          assertThat(annotations.path("helm.sh/resource-policy").asText().equals("keep"))
              .as(name)
              .isEqualTo(definition);
          assertThat(
                  annotations
                      .path("argocd.argoproj.io/sync-options")
                      .asText()
                      .contains("Prune=false"))
              .as(name)
              .isEqualTo(definition);
        });
  }

  @Test
  void aSecondOperatorMakesNothingOfTheWholeCluster() throws Exception {
    String values = "{watchNamespaces: [a], crds: {install: false}, rbac: {userRoles: false}}";
    assertThat(render(values).values())
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it.at("/metadata").has("namespace")).isTrue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {repository: r.example/op}                              | r.example/op:0.1.0
          {repository: r.example:5000/op, tag: "2"}               | r.example:5000/op:2
          {repository: r.example/op, tag: "2", digest: "sha256:%s"} | r.example/op@sha256:%s
          """)
  void theImageIsByDigestElseByTag(String image, String expected) throws Exception {
    String digest = "0123456789abcdef".repeat(4);
    JsonNode pod =
        render("{image: " + image.replace("%s", digest) + ", imagePullSecrets: [{name: registry}]}")
            .get(DEPLOYMENT)
            .at("/spec/template/spec");
    assertThat(pod.at("/containers/0/image").asText()).isEqualTo(expected.replace("%s", digest));
    assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("registry");
  }

  @Test
  void monitoringIsThatOfTheManifests() throws Exception {
    Map<String, JsonNode> rendered =
        render(
            """
            monitoring:
              serviceMonitor: {enabled: true, labels: {release: prometheus}}
              prometheusRule: {enabled: true, labels: {release: prometheus}}
              dashboard: {enabled: true}
            """);
    JsonNode monitor = rendered.get("ServiceMonitor/studyhub-system/studyhub-operator");
    assertThat(monitor.get("spec"))
        .isEqualTo(Manifests.read("monitoring/servicemonitor.yaml").get("spec"));
    JsonNode rule = rendered.get("PrometheusRule/studyhub-system/studyhub");
    assertThat(rule.get("spec"))
        .isEqualTo(Manifests.read("monitoring/prometheusrule.yaml").get("spec"));
    assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    JsonNode dashboard = rendered.get("ConfigMap/studyhub-system/studyhub-dashboard");
    assertThat(dashboard.at("/data/studyhub.json").asText())
        .isEqualTo(Files.readString(Path.of("../../manifests/monitoring/dashboard.json")));
    assertThat(dashboard.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
  }

  @Test
  void theStatusPageIsThatOfTheManifests() throws Exception {
    JsonNode ingress =
        render(
                """
                statusPage:
                  ingress: {enabled: true, host: status.example.org, tlsSecretName: status-tls}
                """)
            .get("Ingress/studyhub-system/studyhub-status");
    assertThat(ingress.get("spec"))
        .isEqualTo(Manifests.read("monitoring/status-ingress.yaml").get("spec"));
  }

  @Test
  void theHeartbeatIsInASecretAlone() throws Exception {
    String url = "https://beat.example/7f3c";
    Map<String, JsonNode> rendered = render("{heartbeat: {url: '" + url + "'}}");
    JsonNode secret = rendered.remove("Secret/studyhub-system/operator-heartbeat");
    assertThat(secret.at("/stringData/url").asText()).isEqualTo(url);
    assertThat(rendered.toString()).doesNotContain(url);
    assertThat(rendered.get(DEPLOYMENT).at("/spec/template/metadata/annotations")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {watchNamespace: [hubs]}                | 'watchNamespace'
          {image: {digest: 0123}}                 | /image/digest
          {watchNamespaces: [Hubs]}               | /watchNamespaces/0
          {resources: {limit: {memory: 1Gi}}}     | 'limit'
          {podLabels: {app.kubernetes.io/name: x}} | /podLabels
          {heartbeat: {url: beat.example}}        | /heartbeat/url
          {heartbeat: {ca: -----BEGIN CERTIFICATE-----}} | heartbeat.url
          {statusPage: {ingress: {enabled: true}}} | statusPage.ingress.host
          """)
  void valuesThatCannotWorkAreNamed(String values, String named) throws Exception {
    var result = Helm.template("studyhub-operator", "studyhub", values);
    assertThat(result.code()).isNotZero();
    assertThat(result.err()).contains(named);
  }
}
