package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hub that a tool applies again and again, from a repository that has no Secrets. */
@ExtendWith(Installed.class)
class GitOpsIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Path EXAMPLES = Path.of("..", "..", "examples");
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** As Flux and newer Argo CDs apply, and as kubectl and older ones do. */
  @ParameterizedTest
  @CsvSource({
    "complete,--server-side",
    "complete,--server-side=false",
    "external-database,--server-side",
    "external-database,--server-side=false"
  })
  void whatIsAppliedAgainDoesNotDiffer(String example, String how) throws IOException {
    String name = example + (how.endsWith("false") ? "-c" : "-s");
    // The hub alone: its Secrets are not in the repository, so no pod starts here.
    String file =
        Arrays.stream(Files.readString(EXAMPLES.resolve(example + ".yaml")).split("(?m)^---$"))
            .filter(it -> it.contains("kind: StudyHub\n"))
            .findFirst()
            .orElseThrow()
            .replaceFirst("(?m)^  name: .*$", "  name: " + name);
    Hub hub = new Hub(cluster, name);
    cluster.kubectlWith(file, "apply", how, "-f", "-").orFail();
    try {
      await().atMost(LIMIT).until(() -> generation(hub) == observed(hub));
      long before = generation(hub);

      cluster.kubectlWith(file, "diff", how, "-f", "-").orFail();
      cluster.kubectlWith(file, "apply", how, "-f", "-").orFail();

      assertThat(generation(hub)).isEqualTo(before);
    } finally {
      cluster.kubectl("delete", "studyhub", name).orFail();
    }
  }

  @Test
  void aSecretMayComeAfterTheHubThatNamesIt() {
    Hub hub = new Hub(cluster, "early");
    hub.apply(
            "{app: {image: \""
                + Hub.IMAGE_1
                + "\", env: [{name: KEY, valueFrom: {secretKeyRef: {name: sealed, key: key}}}]}}")
        .orFail();
    hub.awaitCondition("Stalled", "True", LIMIT);
    assertThat(hub.conditions().get("Stalled").reason()).isEqualTo("SecretMissing");

    cluster.kubectl("create", "secret", "generic", "sealed", "--from-literal=key=1").orFail();

    hub.awaitReady(LIMIT);
  }

  private static long generation(Hub hub) {
    return hub.get().path("metadata").path("generation").asLong();
  }

  private static long observed(Hub hub) {
    JsonNode status = hub.get().path("status");
    return status.path("observedGeneration").asLong(-1);
  }
}
