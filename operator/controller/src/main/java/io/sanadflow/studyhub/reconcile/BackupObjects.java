package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.component.Catalogue;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.model.Hub;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes StudyHubBackups and their statuses, where something would change. */
final class BackupObjects {

  private static final Logger log = LoggerFactory.getLogger(BackupObjects.class);

  private final KubernetesClient client;

  BackupObjects(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Makes the StudyHubBackups of a hub what they should be. Nothing in a store is touched.
   *
   * @param trouble what keeps the operator from acting on the hub at all
   */
  void write(Hub hub, Observed observed, Optional<String> trouble) {
    Map<String, StudyHubBackup> there = new HashMap<>();
    observed.backups().forEach(it -> there.put(it.getMetadata().getName(), it));
    Catalogue.Wish wish = Catalogue.of(hub, observed, trouble);
    for (StudyHubBackup wanted : wish.present()) {
      StudyHubBackup is = there.get(wanted.getMetadata().getName());
      if (is == null || !Objects.equals(is.getStatus(), wanted.getStatus())) {
        attempt(wanted, () -> apply(wanted, is == null));
      }
    }
    for (StudyHubBackup gone : wish.gone()) {
      if (gone.getMetadata().getDeletionTimestamp() == null) {
        attempt(gone, () -> client.resource(gone).delete());
      }
    }
  }

  private void apply(StudyHubBackup wanted, boolean absent) {
    if (absent) {
      StudyHubBackup bare = new StudyHubBackup();
      bare.setMetadata(wanted.getMetadata());
      bare.setSpec(wanted.getSpec());
      client.resource(bare).patch(Applier.APPLY);
    }
    status(wanted);
  }

  /** Writes a status alone. */
  void status(StudyHubBackup wanted) {
    StudyHubBackup patch = new StudyHubBackup();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(wanted.getMetadata().getName())
            .withNamespace(wanted.getMetadata().getNamespace())
            .build());
    patch.setStatus(wanted.getStatus());
    client.resource(patch).subresource("status").patch(Applier.APPLY);
  }

  /** One that is refused, such as one whose name another has, does not keep the others back. */
  private static void attempt(StudyHubBackup backup, Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException refused) {
      if (Applier.passing(refused.getCode())) {
        throw refused;
      }
      // 404: it went in the meantime.
      if (refused.getCode() != 404) {
        log.warn("StudyHubBackup {}: {}", backup.getMetadata().getName(), refused.getMessage());
      }
    }
  }
}
