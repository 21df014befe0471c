package io.sanadflow.studyhub.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what a namespace holds when a test failed: objects, events, the logs of pods and of
 * the operator. Secrets are named, not shown.
 */
final class Dump {

  private static final Logger log = LoggerFactory.getLogger(Dump.class);

  private final Path directory;
  private final String namespace;

  private Dump(Path directory, String namespace) {
    this.directory = directory;
    this.namespace = namespace;
  }

  static void of(Path directory, String namespace) {
    try {
      Files.createDirectories(directory);
      new Dump(directory, namespace).write();
      log.info("what was in {} is in {}", namespace, directory.toAbsolutePath());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void write() throws IOException {
    List<String> kinds = new ArrayList<>(Inventory.kinds());
    kinds.remove("secrets");
    save("objects.yaml", namespace, "get", String.join(",", kinds), "-o", "yaml");
    save("overview.txt", namespace, "get", String.join(",", Inventory.kinds()), "-o", "wide");
    save("events.txt", namespace, "get", "events", "--sort-by=.metadata.creationTimestamp");
    String pods = kubectl(namespace, "get", "pods", "-o", "name").out();
    for (String pod : pods.lines().toList()) {
      String name = pod.substring(pod.indexOf('/') + 1);
      save(name + ".log", namespace, "logs", name, "--all-containers", "--prefix");
      Shell.Result before =
          kubectl(namespace, "logs", name, "--all-containers", "--prefix", "--previous");
      if (before.ok()) {
        Files.writeString(directory.resolve(name + ".previous.log"), before.out());
      }
    }
    save("operator.log", Operator.NAMESPACE, "logs", "deployment/" + Operator.NAME, "--tail=5000");
    save("operator.yaml", Operator.NAMESPACE, "get", "deployments,pods", "-o", "yaml");
  }

  private void save(String file, String in, String... arguments) throws IOException {
    Files.writeString(directory.resolve(file), kubectl(in, arguments).text());
  }

  private static Shell.Result kubectl(String in, String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "--namespace", in));
    command.addAll(List.of(arguments));
    return Shell.run("", command);
  }
}
