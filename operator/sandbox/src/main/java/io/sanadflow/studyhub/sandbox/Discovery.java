package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupBuilder;
import io.fabric8.kubernetes.api.model.APIGroupListBuilder;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which kinds the API serves, as it tells its clients when they ask. */
final class Discovery {

  private Discovery() {}

  /** The answer to a question for kinds; empty where the address is another's. */
  static Optional<String> answer(String path) {
    String[] parts = path.replaceAll("^/|/$", "").split("/");
    return switch (parts[0]) {
      case "version" ->
          Optional.of(Map.of("major", "1", "minor", "34", "gitVersion", "v1.34.0-sandbox"))
              .map(Serialization::asJson);
      case "api" ->
          parts.length == 1
              ? Optional.of(
                  Serialization.asJson(Map.of("kind", "APIVersions", "versions", List.of("v1"))))
              : parts.length == 2 ? resources("v1") : Optional.empty();
      case "apis" ->
          parts.length == 1
              ? Optional.of(Serialization.asJson(groups()))
              : parts.length == 2
                  ? group(parts[1]).map(Serialization::asJson)
                  : parts.length == 3 ? resources(parts[1] + "/" + parts[2]) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Whether an address asks for kinds rather than for objects. */
  static boolean asks(String path) {
    return path.matches("/version|/api(/v1)?/?|/apis(/[^/]+){0,2}/?");
  }

  private static Object groups() {
    return new APIGroupListBuilder()
        .withGroups(
            ResourceType.SERVED.stream()
                .map(ResourceType::group)
                .filter(it -> !it.isEmpty())
                .distinct()
                .flatMap(it -> group(it).stream())
                .toList())
        .build();
  }

  private static Optional<APIGroup> group(String name) {
    return ResourceType.SERVED.stream()
        .filter(it -> it.group().equals(name))
        .findFirst()
        .map(
            it ->
                new APIGroupBuilder()
                    .withName(name)
                    .addNewVersion(it.apiVersion(), it.version())
                    .withNewPreferredVersion(it.apiVersion(), it.version())
                    .build());
  }

  private static Optional<String> resources(String apiVersion) {
    List<APIResource> resources =
        ResourceType.SERVED.stream()
            .filter(it -> it.apiVersion().equals(apiVersion))
            .map(Discovery::resource)
            .toList();
    return resources.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Serialization.asJson(
                new APIResourceListBuilder()
                    .withGroupVersion(apiVersion)
                    .withResources(resources)
                    .build()));
  }

  private static APIResource resource(ResourceType type) {
    return new APIResourceBuilder()
        .withName(type.plural())
        .withSingularName(type.kind().toLowerCase(Locale.ROOT))
        .withKind(type.kind())
        .withNamespaced(type.namespaced())
        .withVerbs("create", "delete", "get", "list", "patch", "update", "watch")
        .build();
  }
}
