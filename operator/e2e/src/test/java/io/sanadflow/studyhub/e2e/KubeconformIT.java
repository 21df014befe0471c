package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the charts render is of kinds and fields that the cluster has. */
@ExtendWith(Installed.class)
class KubeconformIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Path CHARTS = Path.of("..", "..", "charts");

  @Test
  void kubeconformFindsNoFault(@TempDir Path scratch) throws IOException {
    assumeTrue(
        Shell.has("helm") && Shell.has("kubeconform"),
        "there is no helm or no kubeconform on the PATH");
    String schemas = ClusterSchemas.write(cluster, scratch);
    String operator = CHARTS.resolve("studyhub-operator").toString();
    String own = CHARTS.resolve("studyhub").toString();
    for (String[] arguments :
        List.of(
            new String[] {operator},
            new String[] {operator, "--set=watchNamespaces={a,b}"},
            new String[] {
              operator,
              "--set=heartbeat.url=https://beat.example/x",
              "--set=monitoring.dashboard.enabled=true",
              "--set=statusPage.ingress.enabled=true",
              "--set=statusPage.ingress.host=status.example.org",
              "--set=statusPage.ingress.tlsSecretName=status-tls",
              "--set=imagePullSecrets[0].name=registry",
            },
            new String[] {own, "--set=app.image=a:1,database.storage=5Gi"})) {
      Shell.Result result = conform(schemas, render(arguments).orFail());
      assertThat(result.orFail()).contains("Invalid: 0, Errors: 0, Skipped: 0");
    }
    // It would see.
    assertThat(
            conform(
                    schemas,
                    render(own, "--set=app.image=a:1").orFail().replace("image:", "imago:"))
                .ok())
        .isFalse();
  }

  private static Shell.Result conform(String schemas, String rendered) {
    return Shell.run(
        rendered, List.of("kubeconform", "-strict", "-summary", "-schema-location", schemas, "-"));
  }

  private static Shell.Result render(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("helm", "template", "x", "--kube-version=1.30.0"));
    command.addAll(List.of(arguments));
    return Shell.run("", command);
  }
}
