package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.sanadflow.studyhub.model.Hub;
import java.util.Map;

/**
 * Volume claims. They are objects of their own, not of a StatefulSet's template, so that their size
 * can change and that they stay when the hub goes.
 */
final class Volumes {

  private Volumes() {}

  static PersistentVolumeClaim claim(Hub hub, String name, String component, Hub.Storage storage) {
    return claim(hub, name, component, storage, Map.of());
  }

  static PersistentVolumeClaim claim(
      Hub hub,
      String name,
      String component,
      Hub.Storage storage,
      Map<String, String> annotations) {
    var claim =
        new PersistentVolumeClaimBuilder()
            .withMetadata(
                new ObjectMetaBuilder(Metadata.data(hub, name, component))
                    .withAnnotations(annotations)
                    .build())
            .withNewSpec()
            .withAccessModes("ReadWriteOnce")
            .withNewResources()
            .withRequests(Map.of("storage", storage.size()))
            .endResources();
    storage.className().ifPresent(claim::withStorageClassName);
    return claim.endSpec().build();
  }
}
