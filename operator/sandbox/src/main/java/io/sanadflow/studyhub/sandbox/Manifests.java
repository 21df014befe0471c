package io.sanadflow.studyhub.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** YAML files, read and applied as {@code kubectl apply --server-side} does. */
final class Manifests {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("kubectl")
          .withForce(true)
          .build();

  private Manifests() {}

  /** Whether a file is taken for one. */
  static boolean is(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /**
   * The files of a directory by name, or the one file.
   *
   * @throws IOException if it cannot be read
   */
  static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(Manifests::is).sorted().toList();
    }
  }

  /**
   * Reads the objects of a file, those first that a hub may name.
   *
   * @throws IOException if it cannot be read, or has an object of a kind that is not served
   */
  static List<GenericKubernetesResource> read(Path file) throws IOException {
    List<GenericKubernetesResource> objects = new ArrayList<>();
    try (InputStream stream = Files.newInputStream(file);
        MappingIterator<GenericKubernetesResource> documents =
            Bodies.YAML.readerFor(GenericKubernetesResource.class).readValues(stream)) {
      while (documents.hasNextValue()) {
        GenericKubernetesResource object = documents.nextValue();
        if (object != null && object.getKind() != null && object.getMetadata() != null) {
          requireServed(object);
          objects.add(object);
        }
      }
    } catch (JsonProcessingException unreadable) {
      throw new IOException(unreadable.getOriginalMessage().strip(), unreadable);
    }
    objects.sort(Comparator.comparing(it -> it.getKind().equals("StudyHub")));
    return objects;
  }

  private static void requireServed(GenericKubernetesResource object) throws IOException {
    if (ResourceType.SERVED.stream()
        .noneMatch(
            it ->
                it.kind().equals(object.getKind())
                    && it.apiVersion().equals(object.getApiVersion()))) {
      throw new IOException(
          "the sandbox has no kind %s of %s; it has %s"
              .formatted(
                  object.getKind(),
                  object.getApiVersion(),
                  ResourceType.SERVED.stream()
                      .map(it -> it.kind() + " of " + it.apiVersion())
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
  }

  /** Applies an object; one without a namespace goes to the client's own. */
  static GenericKubernetesResource apply(
      KubernetesClient client, GenericKubernetesResource object) {
    return client.resource(object).patch(APPLY);
  }
}
