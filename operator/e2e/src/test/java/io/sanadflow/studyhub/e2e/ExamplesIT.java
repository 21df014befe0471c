package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every example becomes a hub that serves, but for AFFiNE, whose image is not everywhere. */
@ExtendWith(Installed.class)
class ExamplesIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Path EXAMPLES = Path.of("..", "..", "examples");
  private static final Duration LIMIT = Duration.ofMinutes(4);

  @Test
  void noExampleIsForgotten() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      // Directories hold what needs more than a cluster.
      Set<String> names =
          files
              .filter(Files::isRegularFile)
              .map(it -> it.getFileName().toString())
              .collect(Collectors.toSet());
      assertThat(names)
          .containsExactlyInAnyOrder(
              "minimal.yaml",
              "complete.yaml",
              "transaction-pooling.yaml",
              "external-database.yaml",
              "affine.yaml");
    }
  }

  @Test
  void minimal() throws IOException {
    serves("pilot", read("minimal.yaml"));
  }

  @Test
  void transactionPooling() throws IOException {
    serves("busy", read("transaction-pooling.yaml"));
  }

  /**
   * Nobody has changed its "change-me", so nothing can be backed up; it says so while it serves.
   */
  @Test
  void complete() throws IOException {
    Hub hub = serves("complete", read("complete.yaml"));
    assertThat(hub.conditions().get("Degraded").reason()).startsWith("Store");
  }

  /** With a server that exists in the place of the one that does not. */
  @Test
  void externalDatabase() throws IOException {
    Lender lender = Lender.start(cluster, "campus");
    String example = read("external-database.yaml");
    int from = example.indexOf("    -----BEGIN CERTIFICATE-----");
    int to = example.indexOf("    -----END CERTIFICATE-----\n", from);
    assertThat(from).isPositive();
    String mended =
        (example.substring(0, from)
                + lender.authority().strip().indent(4)
                + example.substring(to + "    -----END CERTIFICATE-----\n".length()))
            .replace("host: postgres.example.org", "host: " + lender.host())
            .replace("username: hub", "username: " + lender.username())
            .replace("password: change-me", "password: " + lender.password())
            .replace("database: hub", "database: " + lender.database());
    serves("campus", mended);
  }

  @Test
  void affineIsAccepted() throws IOException {
    cluster.kubectlWith(read("affine.yaml"), "apply", "--dry-run=server", "-f", "-").orFail();
  }

  private static String read(String example) throws IOException {
    return Files.readString(EXAMPLES.resolve(example))
        .replace("ghcr.io/sanadflow/hub:1", Hub.IMAGE_1);
  }

  private static Hub serves(String name, String manifest) {
    Hub hub = new Hub(cluster, name);
    cluster.kubectlWith(manifest, "apply", "-f", "-").orFail();
    hub.awaitReady(LIMIT);
    int notes = hub.count();
    hub.write("from an example");
    assertThat(hub.count()).isEqualTo(notes + 1);
    return hub;
  }
}
