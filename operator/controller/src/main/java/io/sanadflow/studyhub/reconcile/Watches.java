package io.sanadflow.studyhub.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubRestore;
import io.sanadflow.studyhub.component.ObjectKey;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.model.References;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is watched: the operator's own objects by label, pods among them, and all Secrets, since a
 * hub waits for those that it names.
 */
final class Watches {

  private static final List<Class<? extends HasMetadata>> OWN =
      List.of(
          Deployment.class,
          StatefulSet.class,
          Job.class,
          CronJob.class,
          Pod.class,
          Service.class,
          ConfigMap.class,
          PersistentVolumeClaim.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          ServiceAccount.class,
          RoleBinding.class,
          Ingress.class);

  // A list of a large cluster comes in pieces, so that it never is in memory whole.
  private static final long LIST_LIMIT = 200;

  private final List<InformerEventSource<? extends HasMetadata, StudyHub>> own = new ArrayList<>();
  private final List<InformerEventSource<Secret, StudyHub>> secrets = new ArrayList<>();
  private final List<InformerEventSource<StudyHubBackup, StudyHub>> backups = new ArrayList<>();
  private final List<InformerEventSource<StudyHubRestore, StudyHub>> restores = new ArrayList<>();

  Watches(EventSourceContext<StudyHub> context, OwnedFields fields) {
    // One a namespace: each lists for itself, and takes out of its store what it did not list.
    for (String namespace : context.getControllerConfiguration().getEffectiveNamespaces()) {
      for (Class<? extends HasMetadata> type : OWN) {
        own.add(labelled(context, type, namespace, fields));
      }
      backups.add(
          new InformerEventSource<>(
              of(StudyHubBackup.class, namespace)
                  .withItemStore(new ReducedItemStore<>(fields))
                  .withSecondaryToPrimaryMapper(Watches::hubOf)
                  .build(),
              context));
      restores.add(
          new InformerEventSource<>(
              of(StudyHubRestore.class, namespace)
                  .withItemStore(new ReducedItemStore<>(fields))
                  .withSecondaryToPrimaryMapper(it -> hubOf(it))
                  .build(),
              context));
      secrets.add(
          new InformerEventSource<>(
              of(Secret.class, namespace)
                  .withItemStore(new ReducedItemStore<>(fields))
                  // Helm keeps its releases in Secrets, which are large and no business of ours.
                  .withFieldSelector(
                      new FieldSelector(
                          new FieldSelector.Field("type", "helm.sh/release.v1", true)))
                  .withSecondaryToPrimaryMapper(secret -> hubsOf(secret, context))
                  .build(),
              context));
    }
  }

  private static <T extends HasMetadata> InformerEventSourceConfiguration.Builder<T> of(
      Class<T> type, String namespace) {
    return InformerEventSourceConfiguration.from(type, StudyHub.class)
        .withName(type.getSimpleName() + " of " + namespace)
        .withNamespaces(Set.of(namespace))
        .withInformerListLimit(LIST_LIMIT);
  }

  private static <T extends HasMetadata> InformerEventSource<T, StudyHub> labelled(
      EventSourceContext<StudyHub> context, Class<T> type, String namespace, OwnedFields fields) {
    return new InformerEventSource<>(
        of(type, namespace)
            .withLabelSelector(
                type == Pod.class ? Labels.HUB : Labels.MANAGED_BY + "=" + Labels.OPERATOR)
            .withItemStore(new ReducedItemStore<>(fields))
            .withSecondaryToPrimaryMapper(Watches::hubOf)
            .build(),
        context);
  }

  List<InformerEventSource<? extends HasMetadata, StudyHub>> sources() {
    List<InformerEventSource<? extends HasMetadata, StudyHub>> all = new ArrayList<>(own);
    all.addAll(secrets);
    all.addAll(backups);
    all.addAll(restores);
    return all;
  }

  private static Set<ResourceID> hubOf(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    String hub = labels == null ? null : labels.get(Labels.HUB);
    return hub == null
        ? Set.of()
        : Set.of(new ResourceID(hub, object.getMetadata().getNamespace()));
  }

  private static Set<ResourceID> hubsOf(Secret secret, EventSourceContext<StudyHub> context) {
    Set<ResourceID> own = hubOf(secret);
    if (!own.isEmpty()) {
      return own;
    }
    String name = secret.getMetadata().getName();
    return context
        .getPrimaryCache()
        .list(
            secret.getMetadata().getNamespace(),
            hub ->
                hub.getSpec() != null
                    && References.of(hub.getSpec()).stream()
                        .anyMatch(it -> it.secret().equals(name)))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static Set<ResourceID> hubOf(StudyHubBackup backup) {
    return backup.getSpec() == null || backup.getSpec().hubRef() == null
        ? Set.of()
        : Set.of(
            new ResourceID(backup.getSpec().hubRef().name(), backup.getMetadata().getNamespace()));
  }

  private static Set<ResourceID> hubOf(StudyHubRestore restore) {
    return restore.getSpec() == null
        ? Set.of()
        : Set.of(
            new ResourceID(
                restore.getSpec().hubRef().name(), restore.getMetadata().getNamespace()));
  }

  /** The StudyHubRestores of a hub, the oldest first. */
  List<StudyHubRestore> restores(StudyHub hub) {
    return restores.stream()
        .flatMap(it -> it.getSecondaryResources(hub).stream())
        .sorted(
            Comparator.comparing((StudyHubRestore it) -> it.getMetadata().getCreationTimestamp())
                .thenComparing(it -> it.getMetadata().getName()))
        .toList();
  }

  /** All StudyHubRestores, of whatever hub. */
  Stream<StudyHubRestore> restores() {
    return restores.stream().flatMap(it -> it.list(one -> !hubOf(one).isEmpty()));
  }

  /** The StudyHubBackups of a hub, by name. */
  List<StudyHubBackup> backups(StudyHub hub) {
    return backups.stream()
        .flatMap(it -> it.getSecondaryResources(hub).stream())
        .sorted(Comparator.comparing(it -> it.getMetadata().getName()))
        .toList();
  }

  /** Those that the operator has not made, of whatever hub. */
  Stream<StudyHubBackup> backupsOfPeople() {
    return backups.stream()
        .flatMap(it -> it.list(one -> !Labels.ours(one) && !hubOf(one).isEmpty()));
  }

  /** The hub's own objects that are cached, pods excepted. */
  Map<ObjectKey, HasMetadata> objects(StudyHub hub) {
    Map<ObjectKey, HasMetadata> objects = new HashMap<>();
    Stream.concat(own.stream().filter(it -> it.resourceType() != Pod.class), secrets.stream())
        .flatMap(it -> it.getSecondaryResources(hub).stream())
        .filter(it -> isOf(hub, it))
        .forEach(it -> objects.put(ObjectKey.of(it), it));
    return objects;
  }

  /** The hub's pods. */
  List<Pod> pods(StudyHub hub) {
    String name = hub.getMetadata().getName();
    Set<String> jobs =
        own.stream()
            .filter(it -> it.resourceType() == Job.class)
            .flatMap(it -> it.getSecondaryResources(hub).stream())
            .filter(it -> isOf(hub, it) && controlledBy(it, name, Set.of("CronJob")))
            .map(it -> it.getMetadata().getName())
            .collect(Collectors.toSet());
    return own.stream()
        .filter(it -> it.resourceType() == Pod.class)
        .flatMap(it -> it.getSecondaryResources(hub).stream())
        .map(Pod.class::cast)
        .filter(it -> isOf(hub, it) && madeByOurs(name, it, jobs))
        .sorted(Comparator.comparing(it -> it.getMetadata().getName()))
        .toList();
  }

  /**
   * A pod that merely carries the labels is a neighbour, whose troubles are not the hub's.
   *
   * @param jobs of the hub's CronJobs, which a person names as he likes: kubectl create job --from
   */
  private static boolean madeByOurs(String hub, Pod pod, Set<String> jobs) {
    return controlledBy(pod, hub, Set.of("ReplicaSet", "StatefulSet", "Job"))
        || controller(pod)
            .filter(it -> it.getKind().equals("Job") && jobs.contains(it.getName()))
            .isPresent();
  }

  private static boolean controlledBy(HasMetadata object, String hub, Set<String> kinds) {
    return controller(object)
        .filter(it -> kinds.contains(it.getKind()) && it.getName().startsWith(hub + "-"))
        .isPresent();
  }

  private static Optional<OwnerReference> controller(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(it -> Boolean.TRUE.equals(it.getController()))
        .findFirst();
  }

  private static boolean isOf(StudyHub hub, HasMetadata object) {
    return hubOf(object).contains(ResourceID.fromResource(hub));
  }

  /** A Secret of a namespace; the values of a user's Secret are hashes. */
  Optional<Secret> secret(String namespace, String name) {
    return secrets.stream()
        .flatMap(it -> it.get(new ResourceID(name, namespace)).stream())
        .findFirst();
  }

  /** The content of a Secret of ours, if it is there. */
  Optional<Map<String, String>> ownSecret(String namespace, String name) {
    return secret(namespace, name).filter(Labels::ours).map(Watches::decoded);
  }

  /** A volume claim of ours. */
  Optional<PersistentVolumeClaim> claim(String namespace, String name) {
    return own.stream()
        .filter(it -> it.resourceType() == PersistentVolumeClaim.class)
        .flatMap(it -> it.get(new ResourceID(name, namespace)).stream())
        .map(PersistentVolumeClaim.class::cast)
        .findFirst();
  }

  /** The content of a Secret of ours. */
  static Map<String, String> decoded(Secret secret) {
    Map<String, String> content = new HashMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (key, value) ->
                  content.put(
                      key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return content;
  }
}
