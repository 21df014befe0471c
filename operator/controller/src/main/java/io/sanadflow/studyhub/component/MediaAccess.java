package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Material;
import io.sanadflow.studyhub.model.Offload;
import io.sanadflow.studyhub.model.OffloadSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/** How an app that keeps its media in the bucket is told of it. */
final class MediaAccess {

  /** The key, in the Secret with the app's URLs, of all authorities that the app is to trust. */
  static final String AUTHORITIES = "authorities.crt";

  private static final String DIRECTORY = "/etc/studyhub/authorities";

  private MediaAccess() {}

  /** The variables, those of the bucket and, for a private authority of its own, of trust. */
  static List<EnvVar> environment(Offload offload) {
    List<EnvVar> variables = new ArrayList<>();
    offload.env().forEach((name, value) -> variables.add(variable(offload, name, value)));
    if (offload.store().authoritySecret().isPresent()) {
      variables.add(AppPod.value("NODE_EXTRA_CA_CERTS", DIRECTORY + "/" + AUTHORITIES));
    }
    return variables;
  }

  private static EnvVar variable(Offload offload, String name, String value) {
    Hub.ObjectStore store = offload.store();
    if (value.equals("{accessKeyId}") || value.equals("{secretAccessKey}")) {
      return AppPod.secret(name, store.credentialsSecret(), value.substring(1, value.length() - 1));
    }
    Map<String, String> places =
        Map.of(
            "endpoint", store.endpoint(),
            "region", store.region(),
            "bucket", store.bucket(),
            "prefix", offload.filesPrefix());
    return AppPod.value(
        name,
        OffloadSettings.PLACEHOLDER
            .matcher(value)
            .replaceAll(
                it -> Matcher.quoteReplacement(places.getOrDefault(it.group(1), it.group()))));
  }

  /** The hub's authority and the store's in one file, since Node takes one. */
  static Optional<String> authorities(Hub hub, Material material) {
    return hub.offload()
        .flatMap(it -> material.storeAuthority())
        .map(it -> material.authority().stripTrailing() + "\n" + it.stripTrailing() + "\n");
  }

  /** Where {@link #authorities} is mounted from. */
  static Volume volume(Hub hub) {
    return Pods.secret("authorities", hub.names().access(), List.of(AUTHORITIES));
  }

  static VolumeMount mount() {
    return Pods.mount("authorities", DIRECTORY);
  }
}
