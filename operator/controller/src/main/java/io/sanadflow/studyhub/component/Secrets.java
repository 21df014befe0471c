package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds Secrets. */
final class Secrets {

  private Secrets() {}

  static Secret of(ObjectMeta metadata, Map<String, String> content) {
    Map<String, String> data = new LinkedHashMap<>();
    content.forEach(
        (key, value) ->
            data.put(
                key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    return new SecretBuilder().withMetadata(metadata).withType("Opaque").withData(data).build();
  }
}
