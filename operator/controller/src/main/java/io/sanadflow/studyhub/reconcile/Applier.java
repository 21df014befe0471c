package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-side apply with one field manager, and only where something would change. An object of
 * somebody else is never taken over.
 */
final class Applier {

  private static final Logger log = LoggerFactory.getLogger(Applier.class);

  /** As the one field manager, over what others set of the same fields. */
  static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Labels.OPERATOR)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final OwnedFields fields;

  /**
   * Where the server stores what we send in other words, its fingerprint differs though nothing
   * would change: by uid, the desired fingerprint and what came back for it.
   */
  private final Map<String, Stored> accepted = new ConcurrentHashMap<>();

  private record Stored(String desired, String stored) {}

  Applier(KubernetesClient client, OwnedFields fields) {
    this.client = client;
    this.fields = fields;
  }

  /**
   * Makes an object what it should be.
   *
   * @param cached the object as the cache holds it, if it does
   * @return whether a request was made
   * @throws ApplyException if the object is somebody else's or the server refuses it
   */
  boolean apply(Hub hub, HasMetadata desired, Optional<HasMetadata> cached) throws ApplyException {
    String wanted = fields.ofDesired(desired);
    try {
      Optional<HasMetadata> stored = cached.or(() -> get(desired));
      if (stored.isPresent()) {
        refuseForeign(hub, stored.get());
        if (same(stored.get(), wanted)) {
          return false;
        }
      }
      HasMetadata applied = handle(desired).patch(APPLY);
      log.info("{} {}", stored.isPresent() ? "changed" : "created", ObjectKey.of(desired));
      fields
          .ofStored(applied)
          .filter(it -> !it.equals(wanted))
          .ifPresent(it -> accepted.put(applied.getMetadata().getUid(), new Stored(wanted, it)));
      return true;
    } catch (KubernetesClientException refused) {
      throw refused(desired, refused);
    }
  }

  private static ApplyException refused(HasMetadata desired, KubernetesClientException refused) {
    String told =
        refused.getStatus() != null && refused.getStatus().getMessage() != null
            ? refused.getStatus().getMessage()
            : String.valueOf(refused.getMessage());
    if (passing(refused.getCode())) {
      throw refused;
    }
    if (refused.getCode() == 404 && OptionalApi.of(desired).isPresent()) {
      return OptionalApi.of(desired).get().missing(ObjectKey.of(desired));
    }
    return new ApplyException(
        "ApplyRefused", "the API server refuses " + ObjectKey.of(desired) + ": " + told);
  }

  /**
   * Not about the object, but the server's trouble or the way to it: let it be tried again.
   *
   * @param code of HTTP; 0 or less where no answer came
   */
  static boolean passing(int code) {
    return code <= 0 || code == 408 || code == 429 || code >= 500;
  }

  /** Without asking which kinds there are: of a kind that is not, the answer is a plain 404. */
  private Resource<? extends HasMetadata> handle(HasMetadata object) {
    Optional<OptionalApi> api = OptionalApi.of(object);
    if (api.isPresent() && object instanceof GenericKubernetesResource resource) {
      return client
          .genericKubernetesResources(api.get().context())
          .inNamespace(object.getMetadata().getNamespace())
          .resource(resource);
    }
    return client.resource(object);
  }

  private Optional<HasMetadata> get(HasMetadata desired) {
    return Optional.ofNullable(handle(desired).get());
  }

  private boolean same(HasMetadata stored, String wanted) {
    Map<String, String> annotations = stored.getMetadata().getAnnotations();
    Optional<String> fingerprint =
        Optional.ofNullable(annotations)
            .map(it -> it.get(ReducedItemStore.FINGERPRINT))
            .or(() -> fields.ofStored(stored));
    if (fingerprint.isEmpty()) {
      return false;
    }
    return fingerprint.get().equals(wanted)
        || new Stored(wanted, fingerprint.get())
            .equals(accepted.get(stored.getMetadata().getUid()));
  }

  private static void refuseForeign(Hub hub, HasMetadata stored) throws ApplyException {
    Map<String, String> labels =
        Optional.ofNullable(stored.getMetadata().getLabels()).orElse(Map.of());
    boolean labelled = Labels.ours(stored) && hub.names().hub().equals(labels.get(Labels.HUB));
    Optional<OwnerReference> controller =
        Optional.ofNullable(stored.getMetadata().getOwnerReferences()).orElse(List.of()).stream()
            .filter(it -> Boolean.TRUE.equals(it.getController()))
            .findFirst();
    boolean another = controller.filter(it -> !it.getUid().equals(hub.uid())).isPresent();
    if (labelled && !another) {
      return;
    }
    String owner =
        controller
            .map(it -> it.getKind() + " " + it.getName())
            .orElseGet(() -> labels.getOrDefault(Labels.MANAGED_BY, "somebody else"));
    throw new ApplyException(
        "NameTaken",
        ObjectKey.of(stored)
            + " exists already and belongs to "
            + owner
            + "; the operator does not take it over. Rename the StudyHub, or remove that object");
  }

  /** Deletes exactly this object, not one that has taken its name since. */
  void delete(HasMetadata object) throws ApplyException {
    try {
      handle(object).delete();
      accepted.remove(object.getMetadata().getUid());
      log.info("deleted {}", ObjectKey.of(object));
    } catch (KubernetesClientException refused) {
      throw refused(object, refused);
    }
  }
}
