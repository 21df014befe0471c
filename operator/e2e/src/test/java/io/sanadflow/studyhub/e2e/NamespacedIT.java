package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The operator with rights in one namespace only serves the hubs there, and no others. */
@Tag("fast")
@ExtendWith(Installed.class)
class NamespacedIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final String WATCHED = "hubs";

  @BeforeAll
  static void installForOneNamespace() {
    // What is left of the other variant would lend it rights.
    cluster.kubectl("delete", "clusterrolebinding", "studyhub-operator").orFail();
    Installed.install("namespaced");
  }

  @AfterAll
  static void installForAll() {
    cluster
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(WATCHED).endMetadata().build())
        .delete();
    Installed.install("");
  }

  @Test
  void servesTheWatchedNamespaceAlone() {
    Hub elsewhere = new Hub(cluster, "elsewhere");
    elsewhere.apply(Hub.minimal(Hub.IMAGE_1)).orFail();
    Shell.run(
            """
            apiVersion: sanadflow.io/v1alpha1
            kind: StudyHub
            metadata: {name: pilot, namespace: %s}
            spec: %s
            """
                .formatted(WATCHED, Hub.minimal(Hub.IMAGE_1)),
            List.of("kubectl", "apply", "-f", "-"))
        .orFail();

    Shell.run(
            "",
            List.of(
                "kubectl",
                "-n",
                WATCHED,
                "wait",
                "--for=condition=Ready",
                "studyhub/pilot",
                "--timeout=" + Duration.ofMinutes(3).toSeconds() + "s"))
        .orFail();

    assertThat(elsewhere.get().path("status").path("observedGeneration").asLong()).isEqualTo(-1);
    assertThat(cluster.kubectl("get", "deployments,secrets", "-o", "name").orFail()).isEmpty();
  }
}
