package io.sanadflow.studyhub.e2e;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Installs the operator once a run, by {@code kubectl apply -k} of the shipped manifests, and has
 * the node pull the images of a hub, so that what is timed later is not the download.
 *
 * <p>{@code -De2e.image=registry/name:tag} puts that image in place of the released one; {@code
 * -De2e.install=false} takes the operator that is there.
 */
final class Installed implements BeforeAllCallback {

  private static final String RELEASED = "ghcr.io/sanadflow/studyhub-operator";
  private static final Path MANIFESTS = Path.of("..", "..", "manifests");

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Installed.class))
        .computeIfAbsent(
            "once",
            key -> {
              if (Boolean.parseBoolean(System.getProperty("e2e.install", "true"))) {
                install("");
              }
              pull();
              return key;
            });
  }

  /**
   * Applies a variant of the manifests and waits for the operator to be ready.
   *
   * @param variant a directory of the manifests; empty for the whole of them
   */
  static void install(String variant) {
    kubectl("apply", "-k", overlay(variant).toString()).orFail();
    kubectl("wait", "--for=condition=Established", "crd/studyhubs.sanadflow.io", "--timeout=60s")
        .orFail();
    kubectl(
            "-n",
            Operator.NAMESPACE,
            "rollout",
            "status",
            "deployment/" + Operator.NAME,
            "--timeout=180s")
        .orFail();
  }

  /** The manifests as they are, or a directory that adds only the image that is tested. */
  private static Path overlay(String variant) {
    Path manifests = MANIFESTS.resolve(variant).normalize();
    String image = System.getProperty("e2e.image", "");
    if (image.isEmpty()) {
      return manifests;
    }
    int colon = image.lastIndexOf(':');
    try {
      Path overlay = Files.createDirectories(Path.of("target", "e2e-manifests", "x" + variant));
      Files.writeString(
          overlay.resolve("kustomization.yaml"),
          """
          resources:
            - %s
          images:
            - name: %s
              newName: %s
              newTag: "%s"
          """
              .formatted(
                  overlay.toAbsolutePath().relativize(manifests.toAbsolutePath().normalize()),
                  RELEASED,
                  image.substring(0, colon),
                  image.substring(colon + 1)));
      return overlay;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Shell.Result kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    return Shell.run("", command);
  }

  private static void pull() {
    String name = "e2e-images-" + UUID.randomUUID().toString().substring(0, 5);
    List<Container> containers = new ArrayList<>();
    for (String image :
        List.of(
            Hub.IMAGE_1,
            Hub.IMAGE_2,
            "postgres:16",
            "redis:8",
            "edoburu/pgbouncer:v1.24.1-p1",
            InCluster.IMAGE)) {
      containers.add(
          new ContainerBuilder()
              .withName("image-" + containers.size())
              .withImage(image)
              .withCommand("true")
              .build());
    }
    try (KubernetesClient client = Clients.connect()) {
      var namespace = new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build();
      client.resource(namespace).create();
      try {
        var pod =
            client
                .resource(
                    new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(name)
                        .withName("images")
                        .endMetadata()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .withAutomountServiceAccountToken(false)
                        .withContainers(containers)
                        .endSpec()
                        .build())
                .create();
        client
            .resource(pod)
            .waitUntilCondition(
                it -> it != null && "Succeeded".equals(it.getStatus().getPhase()),
                5,
                TimeUnit.MINUTES);
      } finally {
        client.resource(namespace).delete();
      }
    }
  }
}
