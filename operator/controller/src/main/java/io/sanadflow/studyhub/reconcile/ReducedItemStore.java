package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cache of what is read, no more: metadata, status, and a fingerprint of the fields that the
 * operator owns in place of spec and managedFields, which are most of an object's memory. A user's
 * Secret is kept as hashes of its values.
 */
final class ReducedItemStore<T extends HasMetadata> implements ItemStore<T> {

  /** Exists in the cache only. */
  static final String FINGERPRINT = StudyHub.GROUP + "/fingerprint";

  private final Map<String, T> items = new ConcurrentHashMap<>();
  private final OwnedFields fields;

  ReducedItemStore(OwnedFields fields) {
    this.fields = fields;
  }

  @Override
  public String getKey(T object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public T put(String key, T object) {
    return items.put(key, reduce(object));
  }

  @Override
  public T remove(String key) {
    return items.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return items.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return items.values().stream();
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public T get(String key) {
    return items.get(key);
  }

  /** Reduces in place: the informer has read the object for nobody else. */
  private T reduce(T object) {
    ObjectMeta whole = object.getMetadata();
    Map<String, String> annotations = new HashMap<>();
    if (whole.getAnnotations() != null) {
      whole.getAnnotations().entrySet().stream()
          .filter(it -> it.getKey().startsWith(StudyHub.GROUP + "/"))
          .forEach(it -> annotations.put(it.getKey(), it.getValue()));
    }
    if (!(object instanceof Pod)
        && !(object instanceof StudyHub)
        && !(object instanceof StudyHubBackup)
        && !(object instanceof StudyHubRestore)) {
      fields.ofStored(object).ifPresent(it -> annotations.put(FINGERPRINT, it));
    }
    boolean ours = Labels.ours(object);
    object.setMetadata(
        new ObjectMetaBuilder()
            .withName(whole.getName())
            .withNamespace(whole.getNamespace())
            .withUid(whole.getUid())
            .withResourceVersion(whole.getResourceVersion())
            .withGeneration(whole.getGeneration())
            .withCreationTimestamp(whole.getCreationTimestamp())
            .withDeletionTimestamp(whole.getDeletionTimestamp())
            .withLabels(shared(whole.getLabels()))
            .withAnnotations(annotations)
            .withOwnerReferences(whole.getOwnerReferences())
            .build());
    if (object instanceof Secret secret && !ours) {
      secret.setData(hashed(secret.getData()));
      secret.setStringData(null);
    } else if (object instanceof ConfigMap map) {
      map.setData(null);
      map.setBinaryData(null);
    } else if (object instanceof Deployment deployment) {
      deployment.setSpec(null);
    } else if (object instanceof StatefulSet set) {
      set.setSpec(null);
    } else if (object instanceof Job job) {
      job.setSpec(null);
    } else if (object instanceof CronJob job) {
      job.setSpec(null);
      job.setStatus(null);
    } else if (object instanceof Pod pod) {
      pod.setSpec(null);
    } else if (object instanceof NetworkPolicy policy) {
      policy.setSpec(null);
    } else if (object instanceof RoleBinding binding) {
      binding.setSubjects(null);
      binding.setRoleRef(null);
    } else if (object instanceof PodDisruptionBudget budget) {
      budget.setSpec(null);
      budget.setStatus(null);
    } else if (object instanceof Ingress ingress) {
      ingress.setSpec(null);
      ingress.setStatus(null);
    } else if (object instanceof Service service && service.getSpec() != null) {
      service.getSpec().setPorts(null);
      service.getSpec().setSelector(null);
    } else if (object instanceof PersistentVolumeClaim claim && claim.getSpec() != null) {
      claim.getSpec().setSelector(null);
      claim.getSpec().setAccessModes(null);
    }
    return object;
  }

  /** Hundreds of objects have the same labels: one text of each will do. */
  private static @Nullable Map<String, String> shared(@Nullable Map<String, String> labels) {
    if (labels == null) {
      return null;
    }
    Map<String, String> shared = new TreeMap<>();
    labels.forEach((key, value) -> shared.put(key.intern(), value == null ? "" : value.intern()));
    return shared;
  }

  private static Map<String, String> hashed(Map<String, String> data) {
    Map<String, String> hashes = new HashMap<>();
    if (data != null) {
      data.forEach((key, value) -> hashes.put(key, hash(value)));
    }
    return hashes;
  }

  private static String hash(String value) {
    return Base64.getEncoder()
        .encodeToString(Sha256.hex(value, 8).getBytes(StandardCharsets.UTF_8));
  }
}
